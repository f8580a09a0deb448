"""The fans' page in each language, from one template: laid into the bucket, and served by the one-machine room.

A page is right from its first byte: `lang` and `dir` are set, its own words stand in the markup, and those that its
scripts say stand in a `meta` element, so that no language costs a request more than another.
"""

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fairline.domain.onsale import NAME
from fairline.languages import LANGUAGES, chosen, words

TEMPLATE = "index.html"
PLACE = re.compile(r"{{([a-z-]+)}}")
"""Where the template leaves room for a word, by its name in the section `page` of a language's file."""


def pages(frontend: Path) -> dict[str, str]:
    """Every page by its place in the site: `en/index.html` and so on."""
    template = (frontend / TEMPLATE).read_text("utf-8")
    return {place_of(language): _page(template, language) for language in LANGUAGES}


def place_of(language: str) -> str:
    """Where the page of a language is in the site."""
    return f"{language}/{TEMPLATE}"


def front(accepted: str, asked: str) -> str:
    """The place of the page that a browser is shown, by its `Accept-Language` and the language it `asked` for."""
    return place_of(chosen(accepted, asked))


def form_leads_to(onsale: str, asked: str) -> str | None:
    """Where the form of a page without script leads, in the language that was asked for; None for no onsale's name."""
    if not NAME.fullmatch(onsale):
        return None
    return f"/v1/onsales/{onsale}/place{f'?lang={asked}' if asked in LANGUAGES else ''}"


def ahead(onsale: str, *, preview: bool) -> str | None:
    """The `Link` header by which a browser asks for the onsale while the page's script is still on its way.

    A round trip less before a fan can join: half a second where the network is at its worst. None if the page will not
    ask for it: of no onsale, and in a preview, which asks for nothing.
    """
    if preview or not NAME.fullmatch(onsale):
        return None
    return f"</v1/onsales/{onsale}>; rel=preload; as=fetch; crossorigin"


def _page(template: str, language: str) -> str:
    said, written = words(language), set(PLACE.findall(template))
    spoken = {name: word for name, word in said["page"].items() if name not in written}
    of_the_page = {
        "language": language,
        "direction": said["direction"],
        "spoken": json.dumps(spoken, ensure_ascii=False, separators=(",", ":")),
    }
    escaped = {name: html.escape(word) for name, word in {**said["page"], **of_the_page}.items() if name in written}
    filled = {**escaped, "choice": _choice(language)}
    return PLACE.sub(lambda found: filled[found[1]], template)


def _choice(language: str) -> str:
    """Links to the page in the other languages, and the name of this one."""
    return "".join(_link(other, words(other), current=other == language) for other in LANGUAGES)


def _link(language: str, said: Mapping[str, Any], *, current: bool) -> str:
    named = f'lang="{language}" dir="{said["direction"]}"'
    if current:
        return f'<li><span {named} aria-current="true">{said["name"]}</span></li>'
    return f'<li><a href="?lang={language}" hreflang="{language}" {named}>{said["name"]}</a></li>'
