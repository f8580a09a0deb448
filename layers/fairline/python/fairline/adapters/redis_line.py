"""The line in Redis, as visitors meet it. Replies are described at the head of each script."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from fairline.adapters.scripts import ADDRESSES, NAMES, Scripts, keys
from fairline.domain.place import Ended, Pace, Place, Standing, State, refusal

if TYPE_CHECKING:
    from redis import Redis

    from fairline.domain.errors import FairlineError
    from fairline.domain.guests import Caller


class RedisLine:
    """`usecases.ports.Line` over one Redis client."""

    def __init__(self, client: "Redis") -> None:
        self._scripts = Scripts(client)

    def register(self, onsale: str, visitor: str, caller: "Caller | None" = None) -> Standing:
        if caller is None:
            reply = self._scripts.run("register", keys(onsale), visitor)
        else:
            names = keys(onsale, *NAMES, ADDRESSES)
            reply = self._scripts.run("register", names, visitor, caller.mark, caller.places)
        return _standing(onsale, visitor, reply)

    def find(self, place: Place, epoch: int, *, restore: bool = False) -> Standing | None:
        reply = self._scripts.run("find", keys(place.onsale), place.visitor, place.position, epoch, int(restore))
        return None if reply[0] == "unknown" else _standing(place.onsale, place.visitor, reply)

    def end(self, place: Place, reason: Ended) -> bool:
        return bool(self._scripts.run("end", keys(place.onsale), place.visitor, place.position, reason))

    def extend(self, place: Place, ends_at_ms: int) -> bool:
        return bool(self._scripts.run("extend", keys(place.onsale, "active"), place.id, ends_at_ms))

    def visitor_at(self, onsale: str, position: int) -> str | None:
        return cast("str | None", self._scripts.run("visitor_at", keys(onsale, "line", "called"), position))


def _standing(onsale: str, visitor: str, reply: Sequence[str]) -> Standing:
    outcome, now_ms = reply[0], int(reply[1])
    if outcome not in ("new", "known"):
        raise _refusal(outcome, now_ms, *map(int, reply[2:]))
    position, ahead, state, epoch, *policy = reply[2:]
    place, pace = Place(onsale, int(position), visitor), Pace(*map(int, policy))
    return Standing(place, cast("State", state), int(ahead), int(epoch), now_ms, pace, outcome == "new")


def _refusal(outcome: str, now_ms: int, number: int = 0) -> "FairlineError":
    """What the `number` tells depends on the outcome: a time, or a position."""
    if outcome == "early":
        return refusal(outcome, now_ms=now_ms, opens_at_ms=number)
    return refusal(outcome, now_ms=now_ms, instead=number or None)
