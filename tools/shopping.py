"""What an admitted fan does at the booking backend: look at the seats, hold one, buy it, or not."""

import asyncio
from typing import Any

from tools.front import Answer, Call, RefusedError
from tools.person import Person, Spot
from tools.record import Admission, JourneyEndedError, Outcome, now_ms
from tools.waiting import milliseconds

HOLD_TRIES = 10
PURCHASE_TRIES = 2
NOT_IN_SESSION = (401, 403)
ENDED: dict[str, Outcome] = {"completed": "bought", "expired": "expired", "left": "left"}
"""What the end of a session, as its place tells it, means for a fan in the middle of shopping."""
TAKEN = "seat-taken"
LAPSED = (TAKEN, "nothing-held")
"""The hold is gone, and worth taking once more."""


class Shopping:
    """One session."""

    def __init__(self, person: Person, spot: Spot, admission: Admission) -> None:
        self._person = person
        self._spot = spot
        self._admission = admission
        self._expires_ms = admission.expires_ms

    async def go(self) -> Outcome:
        """How it ended. Raises JourneyEndedError if the session did not last, RefusedError if the backend fails."""
        await self._think()
        if not await self._hold():
            return await self._leave("sold out")
        await self._dawdle()
        match self._person.behaviour.ending:
            case "leave":
                return await self._leave("left session")
            case "vanish":
                return "vanished"
            case "buy":
                return await self._buy()

    async def _buy(self) -> Outcome:
        for _ in range(PURCHASE_TRIES):
            answer = await self._booking("purchase", "POST", "purchases", {})
            if answer.ok:
                return "bought"
            if answer.problem not in LAPSED or not await self._hold():
                break
        raise RefusedError("purchase", answer)

    async def _hold(self) -> bool:
        """Hold any free seat, or another one if somebody was quicker; False when there is none to be had."""
        for _ in range(HOLD_TRIES):
            free = await self._free_seats()
            if len(free) <= self._person.behaviour.leaves_free:
                return False
            await self._think()
            answer = await self._booking("hold", "POST", "holds", {"seat": self._person.rng.choice(free)})
            if answer.ok:
                return True
            if answer.problem != TAKEN:
                raise RefusedError("hold", answer)
        return False

    async def _free_seats(self) -> list[str]:
        answer = await self._booking("seats", "GET", "seats")
        if not answer.ok:
            raise RefusedError("seats", answer)
        taken = set(answer.body["taken"])
        numbers = range(1, answer.body["seats_per_row"] + 1)
        seats = [f"{row}-{number}" for row in answer.body["rows"] for number in numbers]
        return [seat for seat in seats if seat not in taken]

    async def _booking(self, name: str, method: str, step: str, body: dict[str, Any] | None = None) -> Answer:
        url = f"{self._admission.booking_url}/{step}"
        answer = await self._person.ask(Call(name, method, url, self._admission.access_token, body=body))
        if answer.status in NOT_IN_SESSION:
            await self._end_if_over()
        return answer

    async def _end_if_over(self) -> None:
        """The gate refused: the time ran out, or the answer to a purchase that ended the session was lost."""
        place = await self._person.need(self._spot.call("place", "GET"))
        outcome = ENDED.get(place["state"])
        if outcome:
            raise JourneyEndedError(outcome)

    async def _leave(self, outcome: Outcome) -> Outcome:
        await self._person.need(self._spot.call("leave", "DELETE"))
        return outcome

    async def _think(self) -> None:
        await asyncio.sleep(self._person.rng.uniform(*self._person.behaviour.think_seconds))

    async def _dawdle(self) -> None:
        """Let a share of the remaining session pass, extended first if that is the habit."""
        if self._person.behaviour.extends:
            await self._extend()
        left_seconds = max(0.0, self._expires_ms - now_ms()) / 1000
        await asyncio.sleep(left_seconds * self._person.behaviour.dawdle_share)

    async def _extend(self) -> None:
        session = await self._person.need(self._spot.call("extend", "POST", "/extension"))
        self._expires_ms = milliseconds(session["session_expires_at"])
