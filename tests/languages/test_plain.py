"""The words of the pages without JavaScript: every language says all that the first one says."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairline.languages import LANGUAGES, words

ENTRYPOINTS = Path(__file__).parents[2] / "layers/fairline/python/fairline/entrypoints"
FIRST, *OTHERS = LANGUAGES


def said(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each text under its full name."""
    if isinstance(value, str):
        yield name, value
    else:
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for part, inner in parts:
            yield from said(inner, f"{name}/{part}")


def plain(language: str) -> dict[str, str]:
    return dict(said(words(language)["plain"]))


def values(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_exactly_the_words_of_the_first_and_the_same_values(language: str) -> None:
    ours, first = plain(language), plain(FIRST)
    assert ours.keys() == first.keys()
    assert {name: values(text) for name, text in ours.items()} == {name: values(text) for name, text in first.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_empty(language: str) -> None:
    assert [name for name, text in plain(language).items() if not text.strip()] == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_said_in_words_is_translated(language: str) -> None:
    same = {name for name, text in plain(language).items() if text == plain(FIRST)[name]}
    assert same <= {"/grouping", "/decimal"}


def test_every_word_that_a_page_says_is_there_and_every_one_that_is_there_is_said() -> None:
    sources = "".join(path.read_text() for path in ENTRYPOINTS.glob("plain*.py"))
    quoted = set(re.findall(r"""["']([a-z][a-z-]*)["']""", sources))
    named = {name for name in words(FIRST)["plain"] if name not in ("months", "refusals")}
    by_state = {"completed-lead", "expired", "expired-lead", "left", "left-lead"}
    assert named - quoted == by_state
