"""HTML that needs no script: elements whose text is always escaped, and the page around them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from fairline.entrypoints.http import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairline.entrypoints.plain import Voice

HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "vary": "Accept, Accept-Language, Cookie",
}
EMPTY = frozenset({"input", "link", "meta"})
"""Elements without an end."""


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *parts: object, **attributes: object) -> Markup:
    """An element. Parts that are no markup are escaped, None is left out; `class_` and `for_` lose their underscore.

    An attribute that is True stands alone, one that is None or False does not stand at all.
    """
    said = "".join(_attribute(each.rstrip("_").replace("_", "-"), value) for each, value in attributes.items())
    if name in EMPTY:
        return Markup(f"<{name}{said}>")
    return Markup(f"<{name}{said}>{joined(*parts)}</{name}>")


def joined(*parts: object) -> Markup:
    """Several elements after one another."""
    return Markup("".join(_escaped(part) for part in parts if part is not None))


def _escaped(part: object) -> str:
    return part if isinstance(part, Markup) else escape(str(part))


def _attribute(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def button(label: str, action: str, *, method: str = "post", kind: str = "", **hidden: str) -> Markup:
    """A form of one button, with what it sends unseen."""
    unseen = (tag("input", type="hidden", name=name, value=value) for name, value in hidden.items())
    pressed = tag("button", label, type="submit", class_=kind or None)
    return tag("form", *unseen, tag("p", pressed), method=method, action=action)


def facts(rows: Mapping[str, object], kind: str | None = None) -> Markup:
    """A list of what is said about what; of the kind `times` where it has days."""
    listed = (tag("div", tag("dt", said), tag("dd", value)) for said, value in rows.items())
    return tag("dl", *listed, class_=kind)


def card(title: str, *parts: object) -> Markup:
    """The one thing that matters on a page, under its heading."""
    return tag("section", tag("h1", title), *parts, class_="card")


def page(voice: Voice, name: str, title: str, *parts: object, status: int = 200, **more: str) -> Response:
    """An answer that people read. `name` is whose page it is, `more` are headers.

    The page itself says how much of its address is told to others: the site's header would have browsers hide, from
    ourselves as well, where a form comes from.
    """
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="same-origin"),
        tag("title", f"{title} - {name}"),
        tag("link", rel="icon", href="data:,"),
        tag("link", rel="stylesheet", href="/style.css"),
    )
    top = tag("header", tag("p", name, class_="name", dir="auto"), class_="top")
    body = tag("body", top, tag("main", *parts), voice.others())
    html = f"<!doctype html>\n{tag('html', head, body, lang=voice.language, dir=voice.direction)}\n"
    headers = {**HEADERS, "content-language": voice.language, **{k.replace("_", "-"): v for k, v in more.items()}}
    return Response(status, html, headers)
