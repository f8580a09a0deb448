from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.branding import INKS, branding_faults, contrast, shown

KEY = f"pictures/demo/{'0a' * 32}.png"
WHOLE = {
    "organiser": "The hall",
    "accent": "#4338ca",
    "picture": KEY,
    "picture_alt": "The band on stage",
    "text": "Doors open at seven.",
    "link": "https://hall.example/tour?x=1#y",
    "link_text": "About the tour",
}
NO_TEXT: tuple[object, ...] = (5, None, ["x"], {})


def faults(**values: Any) -> list[str]:
    return [name.removeprefix("branding.") for name, why in branding_faults("demo", values) if why]


def test_a_branding_may_have_everything_or_nothing() -> None:
    assert faults(**WHOLE) == []
    assert faults() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("organiser", value) for value in ("", "  ", "x" * 81)),
        *((field, value) for field in WHOLE for value in NO_TEXT),
        *(("text", value) for value in ("x" * 401, "")),
        *(("accent", value) for value in ("red", "#fff", "#12345g", "#1234567", "#4338CA;", "#7c7c7c")),
        *(("picture", value) for value in ("https://elsewhere.example/a.png", f"/{KEY}", f"{KEY}\n", "x")),
        *(("picture", f"pictures/demo/{'0a' * 32}.{kind}") for kind in ("svg", "html", "gif")),
        ("picture", f"pictures/other/{'0a' * 32}.png"),
        *(("picture_alt", value) for value in ("", "x" * 201)),
        *(("link", value) for value in ("http://hall.example", "javascript:alert(1)", "//hall.example", "https://")),
        *(("link", value) for value in ("https://a b.example", "https://a.example/\n", "https://u:p@hall.example")),
        *(("link", value) for value in ("https://[x", "https://h:99999", "https://h.example/" + "x" * 500)),
        *(("link_text", value) for value in ("", "x" * 81)),
        ("colour", "green"),
    ],
)
def test_what_does_not_fit_is_named(field: str, value: object) -> None:
    assert faults(**{**WHOLE, field: value}) == [field]


@pytest.mark.parametrize(
    ("missing", "other"), [("picture_alt", "picture"), ("link_text", "link"), ("picture", "picture_alt")]
)
def test_what_belongs_together_comes_together(missing: str, other: str) -> None:
    assert faults(**{other: WHOLE[other]}) == [missing]


@pytest.mark.parametrize("branding", [None, "x", ["x"], 5])
def test_a_branding_is_an_object(branding: object) -> None:
    assert [name for name, _ in branding_faults("demo", branding)] == ["branding"]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#0000ff", "#ffffff") == contrast("#ffffff", "#0000ff") == pytest.approx(8.59, abs=0.01)


@given(st.integers(0, 0xFFFFFF))
def test_an_accent_is_taken_only_if_one_of_the_inks_can_be_read_on_it(colour: int) -> None:
    accent = f"#{colour:06x}"
    readable = any(contrast(accent, ink) >= 4.5 for ink in INKS)
    assert (faults(accent=accent) == []) is readable


def test_fans_are_told_the_picture_s_whole_address() -> None:
    assert shown("demo", WHOLE, "https://status.example") == {**WHOLE, "picture": f"https://status.example/{KEY}"}


def test_what_was_written_before_there_were_rules_is_left_out_where_it_does_not_keep_to_them() -> None:
    old = {"colour": "green", "organiser": "The hall", "link": "javascript:alert(1)", "link_text": "Win"}
    assert shown("demo", old, "https://status.example") == {"organiser": "The hall", "link_text": "Win"}
