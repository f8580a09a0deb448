"""What a simulated fan carries through its whole journey."""

from dataclasses import dataclass
from random import Random
from typing import Any

from tools.behaviour import Behaviour
from tools.front import Answer, Call, Front, RefusedError
from tools.record import JourneyEndedError, Record
from tools.status_desk import StatusDesk

GONE = 410


@dataclass(frozen=True)
class Person:
    """Habits, luck and memory of one fan, and its way to the front address."""

    front: Front
    desk: StatusDesk
    behaviour: Behaviour
    rng: Random
    record: Record

    async def ask(self, call: Call) -> Answer:
        """Whatever answer `call` gets in the tries it has."""
        return await self.front.send(call, self.rng)

    async def need(self, call: Call) -> dict[str, Any]:
        """The body of a good answer. Raises JourneyEndedError if the place is gone, RefusedError for the rest."""
        answer = await self.ask(call)
        if answer.status == GONE:
            raise JourneyEndedError("superseded" if answer.problem == "superseded" else "closed")
        if not answer.ok:
            raise RefusedError(call.name, answer)
        return answer.body


@dataclass(frozen=True)
class Spot:
    """A place in the line, with the addresses that belong to it."""

    onsale: str
    place_url: str
    status_url: str
    websocket_url: str
    place: dict[str, Any]
    """The answer to the registration."""

    @property
    def visitor_token(self) -> str:
        """The proof of this place."""
        return str(self.place["visitor_token"])

    def call(self, name: str, method: str, step: str = "") -> Call:
        """A call that concerns this place."""
        return Call(name, method, self.place_url + step, self.visitor_token)
