"""The languages that people are spoken to in: a file of words for each, and which of them a browser asks for.

A file says its own `name`, its `direction` (`ltr` or `rtl`), and its words in sections: `page` for the fans' page,
`plain` for the pages that need no JavaScript. Words may name values in braces: `{minutes}`. Where a number decides the
form there is an object of forms by plural category (`one`, `other`, … of the CLDR).
"""

import functools
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "es", "ar")
"""The first is spoken to whoever asks for none of them."""


@functools.cache
def words(language: str) -> Mapping[str, Any]:
    """Everything that the file of one of LANGUAGES says."""
    said: Mapping[str, Any] = json.loads(files(__name__).joinpath(f"{language}.json").read_text("utf-8"))
    return said


def chosen(accept_language: str, asked: str = "") -> str:
    """The language that was `asked` for by name, or the one that `Accept-Language` likes best, or the first."""
    if asked in LANGUAGES:
        return asked
    liked = [_liking(part) for part in accept_language.split(",")]
    ours = [(quality, language) for language, quality in liked if language in LANGUAGES and quality > 0]
    return max(ours, key=lambda one: one[0], default=(1.0, LANGUAGES[0]))[1]


def _liking(part: str) -> tuple[str, float]:
    """`es-MX;q=0.8` as `("es", 0.8)`; what makes no sense is not liked."""
    tag, _, quality = part.strip().lower().partition(";")
    try:
        return tag.partition("-")[0], float(quality.partition("=")[2] or 1)
    except ValueError:
        return tag, 0.0
