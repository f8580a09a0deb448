"""A refusal as people read it: what happened, and what they can do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.entrypoints.page import button, card, page, tag
from fairline.entrypoints.plain import Voice, place_path

if TYPE_CHECKING:
    from fairline.domain.errors import FairlineError
    from fairline.entrypoints.http import Request, Response

NO_USE = frozenset({"unknown-onsale", "not-found", "closed"})
"""Trying again does not help."""

AT_THE_HOUSE = frozenset({"seat-taken", "nothing-held", "already-bought"})
"""What the sample backend refuses: its own page says what can be done."""


def page_of(error: FairlineError, request: Request, answer: Response) -> Response:
    """The page, with the status and the headers that a program would get."""
    voice = Voice.of(request)
    title, text = voice.refusal(error.slug)
    shown = card(title, tag("p", text, class_="lead"), _way_on(error.slug, request, voice))
    told = {name: value for name, value in answer.headers.items() if name not in ("content-type", "www-authenticate")}
    return page(voice, voice.say("waiting-room"), title, shown, status=answer.status, **told)


def _way_on(slug: str, request: Request, voice: Voice) -> object:
    if slug in NO_USE:
        return None
    onsale = request.path_parameter("onsale")
    if slug == "superseded":
        join = f"/v1/onsales/{onsale}/registrations"
        return button(voice.say("newest"), voice.link(join), kind="main")
    where = place_path(onsale)
    if slug in AT_THE_HOUSE or (slug == "invalid-request" and "/booking/" in request.path):
        where = f"/v1/onsales/{onsale}/booking/seats"
    return voice.way("again", where)
