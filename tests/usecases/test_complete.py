import pytest

from fairline.domain.errors import InvalidToken, NotFound, SessionEnded, UnknownOnsale
from fairline.usecases.complete import new_completion_key
from tests.support.fragile import Crash
from tests.support.sale import Sale


def test_a_purchase_ends_the_session_and_the_slot_goes_to_the_next() -> None:
    sale = Sale(max_active=1)
    ann = sale.admitted("ann")
    (bob,) = sale.joins("bob")
    sale.completes(ann.place)
    assert sale.sees(ann).reason == "completed"
    sale.ticks_for(2)
    assert sale.sees(bob).state == "admitted"


def test_reporting_again_is_fine(sale: Sale) -> None:
    ann = sale.admitted("ann")
    for _ in range(3):
        sale.completes(ann.place)
    sale.ticks_for(400)
    sale.completes(ann.place)
    assert sale.records.read(sale.name).counts.completed == 1


def test_a_purchase_reported_in_time_reads_no_rows(sale: Sale) -> None:
    ann = sale.admitted("ann")
    sale.sessions.calls.clear()
    sale.completes(ann.place)
    assert sale.sessions.calls == {"add": 1}


@pytest.mark.parametrize("swept", [False, True])
def test_a_purchase_reported_too_late_is_refused_and_does_not_count(sale: Sale, *, swept: bool) -> None:
    ann = sale.admitted("ann")
    sale.clock.passes(180_000)
    if swept:
        sale.ticks()
    for _ in range(2):
        with pytest.raises(SessionEnded):
            sale.completes(ann.place)
    assert sale.sees(ann).reason == "expired"
    sale.ticks()
    counts = sale.records.read(sale.name).counts
    assert (counts.completed, counts.expired) == (0, 1)


def test_a_session_that_was_given_back_cannot_be_completed(sale: Sale) -> None:
    ann = sale.admitted("ann")
    sale.places.leave(ann)
    with pytest.raises(SessionEnded):
        sale.completes(ann.place)


def test_the_ledger_hears_of_it_before_the_line(sale: Sale) -> None:
    """The call broke off between the two: the session is over everywhere, and reporting again frees the slot."""
    ann = sale.admitted("ann")
    sale.line.breaks("end")
    with pytest.raises(Crash):
        sale.completes(ann.place)
    assert sale.sees(ann).reason == "completed"
    sale.ticks()
    assert (sale.status() or {})["active"] == 1
    sale.completes(ann.place)
    sale.ticks()
    assert (sale.status() or {})["active"] == 0


def test_while_the_line_is_away_a_purchase_counts(sale: Sale) -> None:
    ann = sale.admitted("ann")
    sale.is_wiped()
    sale.completes(ann.place)
    sale.ticks(3)
    assert sale.sees(ann).reason == "completed"
    assert (sale.status() or {})["active"] == 0


@pytest.mark.parametrize("session", ["", "nonsense", "7.nobody", "01.ann", "-1.ann"])
def test_a_session_that_never_was_is_not_found(sale: Sale, session: str) -> None:
    sale.admitted("ann")
    with pytest.raises(NotFound):
        sale.completion.complete(sale.name, session, sale.completion_key)


def test_a_place_in_the_line_cannot_be_completed(sale: Sale) -> None:
    (ann,) = sale.joins("ann")
    with pytest.raises(NotFound):
        sale.completes(ann.place)
    sale.ticks_for(2)
    assert sale.sees(ann).state == "admitted"


def test_another_onsales_session_is_not_found(sale: Sale) -> None:
    ann = Sale().admitted("ann")
    with pytest.raises(NotFound):
        sale.completes(ann.place)


def test_another_onsales_key_opens_nothing(sale: Sale) -> None:
    ann = sale.admitted("ann")
    for key in ("", "nonsense", "schlüssel", new_completion_key()[0], sale.onsale.completion_key_sha256):
        with pytest.raises(InvalidToken):
            sale.completion.complete(sale.name, ann.place.id, key)
    assert sale.sees(ann).state == "admitted"


def test_an_onsale_that_nobody_made_is_unknown(sale: Sale) -> None:
    with pytest.raises(UnknownOnsale):
        sale.completion.complete("no-such-sale", "1.ann", sale.completion_key)
