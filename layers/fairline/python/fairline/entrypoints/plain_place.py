"""A place for those who come without JavaScript: what they see of it, and what a form can ask for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fairline import wiring
from fairline.clients import now_ms
from fairline.domain.cookies import ORDER, access_cookie, kept, order_cookie, place_cookie
from fairline.domain.errors import InvalidToken, UnknownOnsale
from fairline.entrypoints.http import Response
from fairline.entrypoints.page import Markup, button, card, facts, page, tag
from fairline.entrypoints.place import shown
from fairline.entrypoints.plain import Voice, place_path, span
from fairline.entrypoints.plain_door import SEE_OTHER, about, check, door, join, notice, quiet
from fairline.entrypoints.readers import fields

if TYPE_CHECKING:
    from fairline.domain.onsale import Onsale
    from fairline.domain.visitor_token import VisitorClaims
    from fairline.entrypoints.http import Request
    from fairline.usecases.desk import Admission, PlaceView

MINUTE = 60


def answer(request: Request) -> Response:
    """The place, or the door for whoever has none here; what a form asks of it."""
    if request.method == "POST":
        claims, _ = shown(request)
        return _more_time(request, claims) if request.path.endswith("/extension") else _depart(request, claims)
    onsale = wiring.latest_onsales().get(request.onsale)
    if onsale is None:
        raise UnknownOnsale("Check the address: there is no onsale of this name.")
    try:
        claims, token = shown(request)
    except InvalidToken:
        return door(request, onsale)
    view = wiring.places().read(claims)
    made = Place(request, onsale, view).page()
    return replace(made, cookies=(*made.cookies, *_lasting(token, claims, view)))


def _lasting(token: str, claims: VisitorClaims, view: PlaceView) -> tuple[str, ...]:
    """The cookie of the place once more, where the sale was put off beyond the end of the one there is."""
    lasting, until = wiring.visitor_tokens().lasting(token, claims, view)
    return () if lasting == token else (kept(place_cookie(claims.place.onsale), lasting, until - now_ms() // 1000),)


def _more_time(request: Request, claims: VisitorClaims) -> Response:
    wiring.places().extend(claims)
    return _back(request)


def _depart(request: Request, claims: VisitorClaims) -> Response:
    """Give the place up, once somebody has said that they mean it."""
    if fields(request).get("sure") == "yes":
        wiring.places().leave(claims)
        return _back(request)
    voice = Voice.of(request)
    title = voice.say("leave-title")
    sure = button(voice.say("leave-sure"), voice.link(f"{voice.home}/departure"), sure="yes")
    asked = card(title, tag("p", voice.say("leave-lead"), class_="lead"), voice.way("stay", voice.home), sure)
    return page(voice, voice.say("waiting-room"), title, asked)


def _back(request: Request) -> Response:
    where = Voice.of(request).link(place_path(request.onsale))
    return Response(SEE_OTHER, headers={"location": where})


class Place:
    """One place as its visitor sees it now."""

    def __init__(self, request: Request, onsale: Onsale, view: PlaceView) -> None:
        self._request = request
        self._onsale = onsale
        self._view = view
        self._voice = Voice.of(request)
        self._now_ms = now_ms()

    def page(self) -> Response:
        """The page; with the access token as a cookie while the session lasts."""
        if self._view.admission:
            return self._turn(self._view.admission)
        return self._waiting() if self._view.state == "waiting" else self._ended()

    def _answer(self, title: str, *parts: object, cookies: tuple[str, ...] = ()) -> Response:
        made = page(self._voice, self._onsale.name, title, card(title, *parts), about(self._onsale))
        return Response(made.status, made.body, made.headers, cookies)

    def _waiting(self) -> Response:
        say, view = self._voice.say, self._view
        ahead = view.ahead or 0
        parts = (
            self._phase(),
            tag("p", say("ahead"), class_="under"),
            tag("p", self._voice.number(ahead), class_="count"),
            notice(self._onsale),
            facts(self._figures(), "times"),
            check(self._voice),
            quiet(self._voice, "safe"),
            self._elsewhere(),
            self._leave("leave"),
        )
        return self._answer(say("in-line") if ahead else say("next"), *parts)

    def _phase(self) -> Markup | None:
        """Why nobody is let in, where nobody is."""
        phase = self._onsale.phase(self._now_ms)
        return tag("p", self._voice.say(phase), class_="lead") if phase in ("lobby", "paused") else None

    def _figures(self) -> dict[str, object]:
        voice, view = self._voice, self._view
        figures: dict[str, object] = {voice.say("number"): voice.number(view.place.position)}
        if view.wait and self._onsale.phase(self._now_ms) != "paused":
            low, high = (span(-(-seconds // MINUTE)) for seconds in (view.wait.low, view.wait.high))
            figures[voice.say("wait")] = low if low == high else f"{low} - {high}"
        if self._onsale.phase(self._now_ms) == "lobby":
            figures[voice.say("starts")] = voice.moment(self._onsale.sale_starts_at_ms)
        return {**figures, voice.say("as-of"): voice.clock(self._now_ms)}

    def _elsewhere(self) -> Markup:
        link = tag("a", self._voice.say("elsewhere"), href=f"{self._voice.home}/code")
        return tag("p", link, class_="quiet")

    def _leave(self, label: str) -> Markup:
        action = self._voice.link(f"{self._voice.home}/departure")
        return tag("div", button(self._voice.say(label), action, kind="plain"), class_="end")

    def _turn(self, admission: Admission) -> Response:
        voice, say = self._voice, self._voice.say
        seconds = (admission.ends_at_ms - self._now_ms) // 1000
        more = button(say("more-time"), voice.link(f"{voice.home}/extension")) if admission.extendable else None
        left = {
            say("time-left"): span(seconds),
            say("until"): voice.clock(admission.ends_at_ms),
            say("as-of"): voice.clock(self._now_ms),
        }
        parts = (
            tag("p", say("turn-lead"), class_="lead"),
            facts(left),
            voice.way("enter", f"/v1/onsales/{self._onsale.onsale}/booking/seats"),
            more,
            self._leave("not-buying"),
        )
        cookie = kept(access_cookie(self._onsale.onsale), admission.access_token, seconds)
        return self._answer(say("turn"), *parts, cookies=(cookie,))

    def _ended(self) -> Response:
        """Why it ended, and what can be done now."""
        state, voice = self._view.state, self._voice
        bought = ORDER.fullmatch(self._request.cookie(order_cookie(self._onsale.onsale)) or "")
        order = {voice.say("order"): bought["order"], voice.say("seat"): bought["seat"]} if bought else {}
        done = state == "completed"
        parts = (
            tag("p", voice.say(f"{state}-lead"), class_="lead"),
            facts(order) if done and order else None,
            None if done else self._again(),
        )
        forgotten = kept(access_cookie(self._onsale.onsale), "", 0)
        return self._answer(voice.say(state), *parts, cookies=(forgotten,))

    def _again(self) -> Markup:
        if self._onsale.phase(self._now_ms) == "closed":
            return quiet(self._voice, "closed-lead")
        return join(self._voice, self._onsale, "rejoin") if self._onsale.rejoin else quiet(self._voice, "no-rejoin")
