"""The door of an onsale for those who come without JavaScript, and joining by a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline import wiring
from fairline.clients import now_ms, setting
from fairline.domain.branding import shown
from fairline.domain.cookies import kept, key_cookie, order_cookie, place_cookie
from fairline.domain.errors import CookieMissing
from fairline.domain.identity import new_key
from fairline.entrypoints.guests import bound, placed
from fairline.entrypoints.http import Response
from fairline.entrypoints.page import Markup, button, card, facts, joined, page, tag
from fairline.entrypoints.plain import Voice, place_path
from fairline.entrypoints.readers import require_meant

if TYPE_CHECKING:
    from fairline.domain.onsale import Onsale
    from fairline.entrypoints.http import Request
    from fairline.usecases.register import Registration

SEE_OTHER = 303


def door(request: Request, onsale: Onsale) -> Response:
    """What there is to join, and how; with it the key to join with, so that no click gives a second place."""
    voice, at_ms = Voice.of(request), now_ms()
    phase = onsale.phase(at_ms)
    if phase == "closed":
        return _page(voice, onsale, "closed", _lead(voice, "closed-lead"))
    if setting("IDENTITY") == "oidc":
        return _page(voice, onsale, "sign-in", _lead(voice, "sign-in-lead"), _to_the_other_page(voice, onsale))
    if phase == "scheduled":
        return _page(voice, onsale, "soon", _lead(voice, "soon-lead"), _times(voice, onsale, at_ms), check(voice))
    lead = _lead(voice, "lobby-lead" if phase == "lobby" else "join-lead")
    parts = (lead, notice(onsale), _times(voice, onsale, at_ms), join(voice, onsale, "join"))
    return _page(voice, onsale, "open", *parts, cookies=_key(request, onsale, at_ms))


def _page(voice: Voice, onsale: Onsale, title: str, *parts: object, cookies: tuple[str, ...] = ()) -> Response:
    said = voice.say(title)
    made = page(voice, onsale.name, said, card(said, *parts), about(onsale))
    return Response(made.status, made.body, made.headers, cookies)


def _key(request: Request, onsale: Onsale, at_ms: int) -> tuple[str, ...]:
    if bound(request, onsale.onsale):
        return ()
    return (kept(key_cookie(onsale.onsale), new_key(), (onsale.forgotten_at_ms - at_ms) // 1000),)


def _lead(voice: Voice, name: str) -> Markup:
    return tag("p", voice.say(name), class_="lead")


def _times(voice: Voice, onsale: Onsale, at_ms: int) -> Markup:
    known = {"opens": onsale.lobby_opens_at_ms, "starts": onsale.sale_starts_at_ms, "closes": onsale.closes_at_ms}
    ahead = {name: ms for name, ms in known.items() if ms > at_ms}
    return facts({voice.say(name): voice.moment(ms) for name, ms in {**ahead, "now": at_ms}.items()}, "times")


def _to_the_other_page(voice: Voice, onsale: Onsale) -> Markup:
    return voice.way("sign-in-link", "/", onsale=onsale.onsale)


def notice(onsale: Onsale) -> Markup | None:
    """What the operator tells the line."""
    return tag("p", onsale.shown_notice, class_="notice", dir="auto") if onsale.shown_notice else None


def about(onsale: Onsale) -> Markup | None:
    """Who sells, and what they say. No picture: it is on another host, and these pages load from their own alone."""
    known = shown(onsale.onsale, onsale.branding, "")
    said: list[object] = [known[name] for name in ("organiser", "text") if name in known]
    if {"link", "link_text"} <= known.keys():
        said.append(tag("a", known["link_text"], href=known["link"]))
    return tag("section", *(tag("p", each, dir="auto") for each in said), class_="top quiet") if said else None


def check(voice: Voice) -> Markup:
    """Look again: no page here changes by itself, or reloads under somebody's hands."""
    return joined(voice.way("check", voice.home), quiet(voice, "still"))


def quiet(voice: Voice, name: str) -> Markup:
    """A remark."""
    return tag("p", voice.say(name), class_="quiet")


def join(voice: Voice, onsale: Onsale, label: str) -> Markup:
    """The form that joins."""
    return button(voice.say(label), voice.link(f"/v1/onsales/{onsale.onsale}/registrations"), kind="main")


def joins(request: Request) -> Response:
    """`POST …/registrations` by a form: the place of this browser, and on to its page. Raises CookieMissing."""
    require_meant(request)
    onsale = request.onsale
    key = bound(request, onsale)
    made = _registered(request, onsale, key)
    seconds = made.forgotten_at - now_ms() // 1000
    known = {place_cookie(onsale): made.visitor_token, **({key_cookie(onsale): key} if key else {})}
    cookies = [kept(name, value, seconds) for name, value in known.items()]
    if made.is_new:
        cookies.append(kept(order_cookie(onsale), "", 0))
    where = Voice.of(request).link(place_path(onsale))
    return Response(SEE_OTHER, headers={"location": where}, cookies=tuple(cookies))


def _registered(request: Request, onsale: str, key: str | None) -> Registration:
    """By the key that the door gave; a browser that has lost it is known by its place.

    Without either a place would be taken that the browser cannot keep: it would be lost with the answer.
    """
    if key:
        return placed(request, onsale, key)
    token = request.cookie(place_cookie(onsale))
    if not token:
        raise CookieMissing("Open the page of the sale once more, with cookies allowed.")
    return wiring.registrar().return_with(token, onsale)
