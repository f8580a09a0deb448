"""One simulated fan: knows the front address and the public interface, and nothing else of the room."""

import secrets
from dataclasses import dataclass
from random import Random

from tools.behaviour import Behaviour
from tools.front import Call, Front, RefusedError
from tools.line import Line
from tools.person import Person, Spot
from tools.record import JourneyEndedError, Record, now_ms
from tools.shopping import Shopping
from tools.status_desk import StatusDesk
from tools.tally import LOST

LATE_PUSH_SECONDS = 3.0
REGISTRATION_TRIES = 40
"""Patience enough for a lobby that is about to open, and for a line whose first tick is a minute away."""


@dataclass(frozen=True)
class Venue:
    """What all fans of one crowd share: the way in, and the onsale they came for."""

    front: Front
    desk: StatusDesk
    url: str
    """The front address, without a trailing slash."""
    onsale: str

    @property
    def onsale_url(self) -> str:
        """The address of the onsale."""
        return f"{self.url}/v1/onsales/{self.onsale}"


class Fan:
    """Registers, waits, shops and goes, by its `behaviour`; `record` tells what happened so far."""

    def __init__(self, venue: Venue, behaviour: Behaviour, rng: Random) -> None:
        self._venue = venue
        self.record = Record(behaviour.name)
        self._person = Person(venue.front, venue.desk, behaviour, rng, self.record)

    async def live(self) -> Record:
        """The whole journey; cancelled half-way, the record says `unfinished`."""
        try:
            await self._journey()
        except JourneyEndedError as ended:
            self.record.outcome = ended.outcome
        except RefusedError as refused:
            self._fail(str(refused))
        except (KeyError, TypeError, ValueError) as unreadable:
            self._fail(f"an answer lacks or garbles {unreadable}")
            self._venue.front.tally.failed("answer", LOST, "unreadable")
        return self.record

    def _fail(self, error: str) -> None:
        self.record.outcome = "failed"
        self.record.errors.append(error)

    async def _journey(self) -> None:
        spot = await self._register()
        line = Line(self._person, spot)
        try:
            admission = await line.wait()
            self.record.outcome = await Shopping(self._person, spot, admission).go()
            await line.linger(LATE_PUSH_SECONDS)
        finally:
            await line.close()

    async def _register(self) -> Spot:
        """Get a place. A lost answer is asked for again with the same key, which finds the same place."""
        url = self._venue.onsale_url
        onsale = await self._person.need(Call("onsale", "GET", url))
        key = {"Idempotency-Key": secrets.token_urlsafe(16)}
        registration = Call("register", "POST", f"{url}/registrations", headers=key, tries=REGISTRATION_TRIES)
        place = await self._person.need(registration)
        self.record.registered_ms = self.record.present_ms = now_ms()
        self.record.position = int(place["position"])
        return Spot(self._venue.onsale, f"{url}/place", onsale["status_url"], onsale["websocket_url"], place)
