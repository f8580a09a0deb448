"""One of the run's fans: registers, polls, has a socket, and remembers what it was told."""

import asyncio
import secrets
from random import Random
from typing import Any

from tools.behaviour import STRAIGHT
from tools.doorbell import Doorbell
from tools.fan import Venue
from tools.front import Answer, Call
from tools.person import Person, Spot
from tools.record import Admission, Record
from tools.shopping import Shopping
from tools.smoke.scene import LOOK_AGAIN_SECONDS, TRIES, UnexpectedError

OVERHEARD_SECONDS = 10.0


class Visitor:
    """A fan with a place. `id_token` is who they are where visitors sign in; else a key makes them somebody."""

    def __init__(self, venue: Venue, id_token: str | None = None) -> None:
        self._venue = venue
        self._id_token = id_token
        self._key = secrets.token_urlsafe(16)
        self._person = Person(venue.front, venue.desk, STRAIGHT, Random(), Record("buys"))  # noqa: S311 - jitter
        self._spot: Spot | None = None
        self.bell = Doorbell(venue.front, self._hear)
        self.heard: list[dict[str, Any]] = []
        self.admission: Admission | None = None

    @property
    def spot(self) -> Spot:
        """The place. Raises KeyError before there is one."""
        if self._spot is None:
            raise KeyError("place")
        return self._spot

    @property
    def position(self) -> int:
        """The position in the line."""
        return int(self.spot.place["position"])

    async def register(self, described: dict[str, Any] | None = None) -> Answer:
        """Ask for a place; with `described`, the onsale, take it in."""
        url = f"{self._venue.onsale_url}/registrations"
        call = Call("register", "POST", url, self._id_token, self._header(), tries=TRIES)
        answer = await self._person.ask(call)
        if described and answer.ok:
            place_url = f"{self._venue.onsale_url}/place"
            addresses = str(described["status_url"]), str(described["websocket_url"])
            self._spot = Spot(self._venue.onsale, place_url, *addresses, answer.body)
        return answer

    def _header(self) -> dict[str, str]:
        return {} if self._id_token else {"Idempotency-Key": self._key}

    async def come_back(self) -> Answer:
        """Register again with the visitor token, as another device of the same person does."""
        url = f"{self._venue.onsale_url}/registrations"
        return await self._person.ask(Call("register", "POST", url, self._id_token or self.spot.visitor_token))

    async def place(self) -> Answer:
        """Poll."""
        return await self._call("place", "GET")

    async def leave(self) -> Answer:
        """Leave the line, or give the session back."""
        return await self._call("leave", "DELETE")

    async def extend(self) -> Answer:
        """Ask for more time."""
        return await self._call("extend", "POST", "/extension")

    async def _call(self, name: str, method: str, step: str = "") -> Answer:
        url = f"{self._venue.onsale_url}/place{step}"
        return await self._person.ask(Call(name, method, url, self.spot.visitor_token, tries=TRIES))

    async def ring(self) -> None:
        """Open the socket and ask for the place."""
        query = {"onsale": self._venue.onsale, "visitor_token": self.spot.visitor_token}
        await self.bell.open(self.spot.websocket_url, query)

    async def hears(self, kind: str) -> dict[str, Any]:
        """The first message of a kind. Raises UnexpectedError if none comes in a while."""
        deadline = asyncio.get_running_loop().time() + OVERHEARD_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            for message in self.heard:
                if message.get("type") == kind:
                    return message
            await asyncio.sleep(LOOK_AGAIN_SECONDS / 3)
        came = ", ".join(str(message.get("type")) for message in self.heard) or "nothing"
        raise UnexpectedError(f"the message {kind!r} on the socket within {OVERHEARD_SECONDS:g} s", came)

    def _hear(self, message: dict[str, Any]) -> None:
        self.heard.append(message)

    def shopping(self) -> Shopping:
        """What an admitted fan does at the sample backend. Raises KeyError before the admission."""
        return Shopping(self._person, self.spot, self.admitted)

    @property
    def admitted(self) -> Admission:
        """The way in. Raises KeyError before the admission."""
        if self.admission is None:
            raise KeyError("access_token")
        return self.admission
