"""What both sides of the line in memory share."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from fairline.domain.admission import Bucket
from fairline.domain.onsale import Onsale
from fairline.domain.place import Ended, Place, State
from fairline.domain.session import Start
from fairline.domain.tick import Counts


@dataclass
class LineState:
    """What the scripts keep of one onsale."""

    policy: Onsale
    epoch: int
    issued: int
    limit: int
    tick: int
    serving: int
    resumes_at_ms: int
    bucket: Bucket
    lease_until_ms: int = 0
    mirrored: int = 0
    counts: Counts = field(default_factory=Counts)
    line: dict[str, int] = field(default_factory=dict)
    called: dict[str, int] = field(default_factory=dict)
    ended: dict[str, Ended] = field(default_factory=dict)
    active: dict[str, int] = field(default_factory=dict)
    outbox: dict[str, Start] = field(default_factory=dict)

    def called_state(self, place: Place, now_ms: int) -> State:
        if place.visitor in self.ended:
            return self.ended[place.visitor]
        running = self.active.get(place.id, 0) > now_ms or place.id in self.outbox
        return "admitted" if running else "expired"

    def owes(self, place: Place) -> bool:
        """Whether the place was called and its session, which nobody has ended, is not known to be written."""
        called = self.called.get(place.visitor) == place.position
        return called and place.id in self.outbox and place.visitor not in self.ended

    def ahead_of(self, position: int) -> int:
        return sum(other < position for other in self.line.values())


class MemoryStore:
    """What both sides of the line share. `clock` gives milliseconds; `addresses` counts by onsale, epoch and mark."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.states: dict[str, LineState] = {}
        self.addresses: Counter[tuple[str, int, str]] = Counter()
