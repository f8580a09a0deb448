"""A fan's wait: polls are the truth, the push is the speed."""

import asyncio
import time
from typing import Any

from tools.doorbell import Doorbell
from tools.front import Answer, RefusedError, pause_seconds
from tools.person import Person, Spot
from tools.record import Admission, JourneyEndedError, Learned, now_ms
from tools.tally import LOST
from tools.waiting import Status, is_near, poll_seconds

FAILED_POLLS = 10
"""After as many in a row, this fan gives up."""
CALLED_POLL_SECONDS = 2.0
"""How soon a fan asks again that should have been called."""
LONGEST_RETURN_SECONDS = 120.0


class Line:
    """One wait, from registration to admission."""

    def __init__(self, person: Person, spot: Spot) -> None:
        self._person = person
        self._spot = spot
        self._record = person.record
        self._bell = Doorbell(person.front, self._hear)
        self._rang = asyncio.Event()
        self._admission: Admission | None = None
        self._ended: JourneyEndedError | None = None
        self._epoch = spot.place["epoch"]
        self._told_seconds = self._next_seconds = float(spot.place["poll_after_seconds"])
        self._ahead_then = max(1, int(spot.place["ahead"] or 0))
        self._failed_polls = 0
        self._return_at: float | None = None
        patience = person.behaviour.patience_seconds
        self._leave_at = float("inf") if patience is None else time.monotonic() + patience

    async def wait(self) -> Admission:
        """The admission. Raises JourneyEndedError when there will be none, RefusedError when the room is silent."""
        place = self._spot.place
        self._take_in(place, "place")
        if is_near(int(place["ahead"] or 0), place["estimated_wait_seconds"]["low"]):
            await self._open_bell()
        while not self._admission:
            await self._doze()
            if not self._admission:
                await self._step()
        return self._admission

    async def linger(self, seconds: float) -> None:
        """Give a push that is due, but was overtaken by a poll, so long to arrive and be recorded."""
        deadline = time.monotonic() + seconds
        while self._record.push_due and self._record.pushed_ms is None and self._bell.is_open:
            self._rang.clear()
            if not await self._ring_within(deadline - time.monotonic()):
                return

    async def close(self) -> None:
        """Close the socket, if there is one."""
        await self._bell.close()

    async def _step(self) -> None:
        if time.monotonic() >= self._leave_at:
            await self._leave()
        status = await self._person.desk.read(self._spot.status_url, self._person.rng)
        if isinstance(status, Answer):
            self._miss(status)
        else:
            self._failed_polls = 0
            await self._follow(status)

    async def _doze(self) -> None:
        """Sleep until the bell rings or something is to be done. Raises JourneyEndedError if the bell told so."""
        now = time.monotonic()
        until = min(now + self._next_seconds, self._leave_at, self._return_at or float("inf"))
        await self._ring_within(until - now)
        self._rang.clear()
        if self._ended:
            raise self._ended

    async def _ring_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                return await self._rang.wait()
        except TimeoutError:
            return False

    async def _leave(self) -> None:
        """Patience is at its end: give the place back, or just be gone."""
        vanishes = self._person.behaviour.ending == "vanish"
        if not vanishes:
            await self._person.need(self._spot.call("leave", "DELETE"))
        self._record.gone_ms = now_ms()
        raise JourneyEndedError("vanished" if vanishes else "left line")

    def _miss(self, answer: Answer) -> None:
        self._failed_polls += 1
        if self._failed_polls >= FAILED_POLLS:
            raise RefusedError("status", answer)
        self._next_seconds = max(self._next_seconds, pause_seconds(answer, self._failed_polls, self._person.rng))

    async def _follow(self, status: Status) -> None:
        """Do what the document asks of this place: return to the line, ask for the turn, or come closer."""
        position = int(self._spot.place["position"])
        ahead, wait_seconds = status.ahead(position), status.wait_seconds(position)
        near = is_near(ahead, wait_seconds)
        self._next_seconds = poll_seconds(self._told_seconds, ahead / self._ahead_then, self._person.rng)
        if status.epoch != self._epoch and self._return_at is None:
            spread = 0.0 if near else self._person.rng.uniform(0, min(wait_seconds / 2, LONGEST_RETURN_SECONDS))
            self._return_at = time.monotonic() + spread
        if self._must_return or status.serving >= position:
            await self._ask()
        elif status.phase == "closed":
            raise JourneyEndedError("closed")
        if near and not self._admission:
            await self._open_bell()

    @property
    def _must_return(self) -> bool:
        return self._return_at is not None and time.monotonic() >= self._return_at

    async def _ask(self) -> None:
        """Show the token to `/place`, which tells the turn and, in a new epoch, takes the place back."""
        place = await self._person.need(self._spot.call("place", "GET"))
        if place["epoch"] != self._epoch:
            self._record.present_ms = now_ms()
        self._epoch, self._return_at = place["epoch"], None
        self._next_seconds = self._person.rng.uniform(0.5, 1) * CALLED_POLL_SECONDS
        self._take_in(place, "poll")
        if self._ended:
            raise self._ended

    async def _open_bell(self) -> None:
        if self._bell.may_open:
            query = {"onsale": self._spot.onsale, "visitor_token": self._spot.visitor_token}
            await self._bell.open(self._spot.websocket_url, query)

    def _take_in(self, place: dict[str, Any], how: Learned) -> None:
        """What an answer about the place says of the turn. Raises KeyError or ValueError if it lacks a part."""
        match place["state"]:
            case "waiting":
                self._record.push_due = self._record.push_due or place.get("type") == "place"
            case "admitted" if "access_token" in place:
                self._admit(place, how)
            case "completed" | "expired" | "left" as state:
                self._ended = JourneyEndedError(state)
                self._rang.set()

    def _admit(self, body: dict[str, Any], how: Learned) -> None:
        if self._admission is None:
            self._admission = Admission.of(body)
            self._record.learned = how
            self._record.admitted_ms = now_ms()
            self._record.expires_ms = self._admission.expires_ms
        self._rang.set()

    def _hear(self, message: dict[str, Any]) -> None:
        """One message of the socket."""
        tally = self._person.front.tally
        try:
            match message["type"]:
                case "admitted":
                    self._record.pushed_ms = self._record.pushed_ms or now_ms()
                    self._admit(message, "push")
                case "place":
                    self._take_in(message, "place")
                case "session_ended":
                    self._take_in({"state": message["reason"]}, "push")
                case "error":
                    problem = message["problem"]
                    tally.failed("socket", int(problem["status"]), str(problem["type"]).rpartition(":")[2])
        except (KeyError, TypeError, ValueError):
            tally.failed("socket", LOST, "unreadable")
