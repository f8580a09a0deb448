"""Places and their ids, and what a store's refusals say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.errors import Closed, FairlineError, NotOpenYet, Superseded, Unavailable
from fairline.domain.place import LineAbsent, Place, not_open_yet, refusal

places = st.builds(
    Place,
    st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True),
    st.integers(0, 10**16 - 1),
    st.from_regex(r"[A-Za-z0-9_-]{1,43}", fullmatch=True),
)


@given(places)
def test_a_place_is_read_from_what_it_is_written_as(place: Place) -> None:
    assert Place.of(place.onsale, place.id) == Place.at(place.key) == place


@given(st.text())
def test_a_text_is_an_id_in_one_way_or_not_at_all(text: str) -> None:
    try:
        place = Place.of("demo", text)
    except ValueError:
        return
    assert place.id == text


@pytest.mark.parametrize(
    "text",
    ["", ".", "1.", ".ann", "01.ann", "-1.ann", "+1.ann", "1 .ann", "1.a.b", "1.ä", "\uff11.ann", "1.ann\n", "9" * 99],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - that it is no id is all there is to say
        Place.of("demo", text)


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [("absent", LineAbsent), ("closed", Closed), ("superseded", Superseded), ("unavailable", Unavailable)],
)
def test_each_outcome_of_a_store_has_its_refusal(outcome: str, kind: type[FairlineError]) -> None:
    assert type(refusal(outcome)) is kind


def test_before_the_lobby_the_seconds_until_it_opens_are_rounded_up() -> None:
    for ms, seconds in ((1, 1), (999, 1), (1_000, 1), (1_001, 2), (90_000, 90), (0, 1), (-500, 1)):
        assert not_open_yet(now_ms=5_000, opens_at_ms=5_000 + ms).retry_after_seconds == seconds
    early = refusal("early", now_ms=0, opens_at_ms=1_500)
    assert isinstance(early, NotOpenYet)
    assert early.retry_after_seconds == 2


def test_a_problem_document_carries_what_programs_need() -> None:
    assert Closed("Come to the next one.", extra=1).problem() == {
        "type": "urn:fairline:problem:closed",
        "title": "This onsale has closed",
        "status": 410,
        "detail": "Come to the next one.",
        "extra": 1,
    }
