"""The sample booking backend for those who come without JavaScript: a list of free seats, a hold, a purchase."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from fairline import wiring
from fairline.clients import now_ms
from fairline.domain.cookies import kept, order_cookie
from fairline.domain.seats import AlreadyBought
from fairline.entrypoints.http import Response
from fairline.entrypoints.page import Markup, button, card, facts, joined, page, tag
from fairline.entrypoints.plain import Voice, place_path
from fairline.entrypoints.plain_door import SEE_OTHER, quiet
from fairline.entrypoints.readers import fields, require_meant

if TYPE_CHECKING:
    from fairline.domain.seats import House, Seat
    from fairline.entrypoints.http import Request
    from fairline.usecases.book import SeatMap


def seats(request: Request, onsale: str, session: str) -> Response:
    """`GET seats`: what is free as a list, or what is held or bought already."""
    voice = Voice.of(request)
    found = wiring.box_office().seats(onsale, session)
    if found.yours and found.yours.order:
        title, parts = voice.say("completed"), [_bought(voice, found.yours.order, found.yours.label)]
    elif found.yours:
        title, parts = voice.say("held"), [_held(voice, onsale, found.yours), _choice(voice, onsale, found, "change")]
    else:
        title, parts = voice.say("seats"), [_price(voice, found.house), _choice(voice, onsale, found, "hold")]
    return page(voice, voice.say("waiting-room"), title, card(title, *parts, _back(voice, onsale)))


def hold(request: Request, onsale: str, session: str) -> Response:
    """`POST holds` by a form: the seat is held, and shown."""
    require_meant(request)
    with suppress(AlreadyBought):  # the page says which seat it is
        wiring.box_office().hold(onsale, session, fields(request).get("seat"))
    return Response(SEE_OTHER, headers={"location": Voice.of(request).link(_at(onsale, "seats"))})


def purchase(request: Request, onsale: str, session: str) -> Response:
    """`POST purchases` by a form: the session ends with it, so that the page of the place says thank you.

    What was bought goes along as a cookie: behind the gate nothing can be read any more.
    """
    require_meant(request)
    made = wiring.box_office().purchase(onsale, session)
    days = kept(order_cookie(onsale), f"{made.order}.{made.seat}", 24 * 60 * 60)
    where = Voice.of(request).link(place_path(onsale))
    return Response(SEE_OTHER, headers={"location": where}, cookies=(days,))


PAGES = {"seats": seats, "holds": hold, "purchases": purchase}


def _bought(voice: Voice, order: str, seat: str) -> Markup:
    """What was bought."""
    return facts({voice.say("order"): order, voice.say("seat"): seat})


def _at(onsale: str, what: str) -> str:
    return f"/v1/onsales/{onsale}/booking/{what}"


def _price(voice: Voice, house: House) -> Markup:
    return facts({voice.say("price"): voice.money(house.price_amount, house.currency)})


def _held(voice: Voice, onsale: str, seat: Seat) -> Markup:
    known = {
        voice.say("seat"): seat.label,
        voice.say("held-until"): voice.clock(seat.held_until_ms),
        voice.say("as-of"): voice.clock(now_ms()),
    }
    return joined(facts(known), button(voice.say("buy"), voice.link(_at(onsale, "purchases")), kind="main"))


def _choice(voice: Voice, onsale: str, found: SeatMap, label: str) -> Markup:
    """Every free seat, by row: a list that a keyboard and a screen reader know."""
    gone = {*found.taken, found.yours.label if found.yours else ""}
    rows = (_row(voice, row, found.house, gone) for row in found.house.row_names)
    groups = [row for row in rows if row]
    if not groups:
        return tag("p", voice.say("sold-out"), class_="lead")
    listed = tag("select", *groups, name="seat", id="seat", required=True)
    kind = "main" if label == "hold" else None
    return tag(
        "form",
        tag("p", tag("label", voice.say("free"), for_="seat"), " ", listed),
        tag("p", tag("button", voice.say(label), type="submit", class_=kind)),
        method="post",
        action=voice.link(_at(onsale, "holds")),
    )


def _row(voice: Voice, row: str, house: House, gone: set[str]) -> Markup | None:
    numbers = (number for number in range(1, house.seats_per_row + 1) if f"{row}-{number}" not in gone)
    options = [tag("option", voice.say("one", row=row, number=each), value=f"{row}-{each}") for each in numbers]
    return tag("optgroup", *options, label=voice.say("row", row=row)) if options else None


def _back(voice: Voice, onsale: str) -> Markup:
    link = tag("a", voice.say("to-place"), href=voice.link(place_path(onsale)))
    return joined(tag("p", link, class_="end"), quiet(voice, "still"))
