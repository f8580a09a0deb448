"""A few visitors of one onsale who do what visitors do, again and again, and what must be true of them all the time."""

from dataclasses import dataclass, field
from typing import Any

from fairline.adapters.scripts import keys
from fairline.domain.identity import guest
from fairline.domain.place import Place
from fairline.domain.session import Start, fold
from tests.handlers.cloud import Answer, policy
from tests.handlers.events import gate_event
from tests.promises.crashes.deployment import Deployment

CAP = 2
ROUNDS = 9
"""Rounds of six seconds: fewer than a session is long, so that a slot that leaked is missed."""

PAUSE_MS = 6_000
SESSION_MS = 240_000


@dataclass
class Fan:
    """Somebody with a browser: the key it made before its first request, and all it was told since."""

    key: str
    token: str = ""
    position: int = 0
    access_token: str = ""
    ended: str = ""
    meant: str = ""
    """How they asked for it to end, answered or not."""

    @property
    def waits(self) -> bool:
        return not self.ended


@dataclass
class Crowd:
    """An onsale with a small cap, its operator, its booking backend and its visitors."""

    deployment: Deployment
    onsale: str
    completion_key: str = ""
    fans: dict[str, Fan] = field(default_factory=dict)

    def policy(self) -> dict[str, Any]:
        return policy(self.onsale, max_active=CAP, session_seconds=SESSION_MS // 1000)

    def creates(self) -> None:
        self.completion_key = self.deployment.admin("POST", "", self.policy()).body["completion_key"]

    def opens(self) -> None:
        self.creates()
        self.ticks()
        self.ticks()

    def path(self, rest: str) -> str:
        return f"/v1/onsales/{self.onsale}/{rest}"

    def comes(self, *names: str) -> None:
        """Each registers, or asks again with the same key."""
        for name in names:
            fan = self.fans.setdefault(name, Fan(f"{self.onsale}-{name}".ljust(22, "-")))
            path = self.path("registrations")
            answer = self.deployment.http("POST", path, headers={"idempotency-key": fan.key})
            if answer.status == 503:
                return
            assert answer.status in (200, 201), answer.body
            self._hears(fan, answer)

    def _hears(self, fan: Fan, answer: Answer) -> None:
        """A place, told by any answer: never another than before, never one that somebody else has."""
        position = answer.body["position"]
        assert fan.position in (0, position), f"moved from {fan.position} to {position}"
        others = [other.position for other in self.fans.values() if other is not fan]
        assert position not in others, f"{position} is somebody else's"
        fan.token, fan.position = answer.body["visitor_token"], position
        fan.access_token = answer.body.get("access_token", fan.access_token)

    def asks(self, fan: Fan) -> str:
        """The state of a place as its holder is told, or nothing if the answer is to come back later."""
        answer = self.deployment.place(fan.token, self.onsale)
        if answer.status == 503:
            return ""
        assert answer.status == 200, answer.body
        self._hears(fan, answer)
        return str(answer.body["state"])

    def place(self, name: str) -> Place:
        """Worked out, not asked for."""
        fan = self.fans[name]
        return Place(self.onsale, fan.position, guest(fan.key))

    def lets_in(self, name: str) -> None:
        """Tick until somebody is let in."""
        for _ in range(3):
            self.ticks()
            if self.asks(self.fans[name]) == "admitted":
                return
        raise AssertionError(f"{name} was not let in")

    def leaves(self, name: str) -> None:
        self.fans[name].meant = "left"
        answer = self.deployment.http("DELETE", self.path("place"), token=self.fans[name].token)
        assert answer.status == 204, answer.body
        self.fans[name].ended = "left"

    def buys(self, name: str) -> None:
        self.fans[name].meant = "completed"
        path = self.path(f"sessions/{self.place(name).id}/completion")
        answer = self.deployment.http("POST", path, token=self.completion_key)
        assert answer.status == 204, answer.body
        self.fans[name].ended = "completed"

    def extends(self, name: str) -> None:
        answer = self.deployment.http("POST", self.path("place/extension"), token=self.fans[name].token)
        assert answer.status in (200, 409), answer.body

    def has_more_time(self, name: str) -> None:
        """Once: the rows say so, and the slot lasts as long."""
        place = self.place(name)
        session = fold(self.deployment.told(place.id, self.onsale))
        assert session is not None
        assert session.started_at_ms is not None
        assert session.extended
        assert session.ends_at_ms == session.started_at_ms + 2 * SESSION_MS
        slot = self.deployment.redis.zscore(keys(self.onsale, "active")[0], place.id)
        assert slot is not None
        assert int(slot) >= session.ends_at_ms, "the slot is given away before the session ends"

    def expires(self, name: str) -> None:
        self.deployment.run_out(self.place(name).id, self.onsale)
        self.fans[name].ended = "expired"

    def ticks(self) -> None:
        self.deployment.tick(self.onsale)

    def is_wiped(self) -> None:
        self.deployment.redis.delete(*keys(self.onsale))

    def holds(self) -> None:
        """What is true at every moment."""
        store, (line, active) = self.deployment.redis, keys(self.onsale, "line", "active")
        assert store.zcard(active) <= CAP, "more sessions than the cap"
        waiting = [int(position) for _, position in store.zscan_iter(line)]
        let_in = [row.place.position for row in self.deployment.ledger(self.onsale) if isinstance(row, Start)]
        assert len({*waiting, *let_in}) == len(waiting) + len(let_in), "a position twice"
        assert not waiting or max(let_in, default=0) < min(waiting), "somebody was passed over"

    def settles(self) -> None:
        """Everybody keeps asking, and buys when let in, until all have: nobody is lost."""
        for _ in range(ROUNDS):
            self.deployment.passes(self.onsale, PAUSE_MS)
            self.ticks()
            self.holds()
            for name, fan in self.fans.items():
                if fan.waits:
                    self._goes_on(name, fan)
            if not any(fan.waits for fan in self.fans.values()):
                return
        waiting = [name for name, fan in self.fans.items() if fan.waits]
        raise AssertionError(f"never let in: {waiting}")

    def _goes_on(self, name: str, fan: Fan) -> None:
        state = self.asks(fan)
        if state == "admitted":
            self.buys(name)
        elif state and state == fan.meant:
            fan.ended = state

    def is_over(self) -> None:
        """Everything has ended: no slot is taken, nothing is owed, what has ended stays ended, nobody had two."""
        self.deployment.passes(self.onsale, PAUSE_MS)
        for _ in range(2):
            self.ticks()
        line, active, outbox = keys(self.onsale, "line", "active", "outbox")
        store = self.deployment.redis
        assert (store.zcard(line), store.zcard(active), store.hlen(outbox)) == (0, 0, 0), "waiting, active, outbox"
        for fan in self.fans.values():
            assert self.asks(fan) == fan.ended
            self.is_refused_at_the_gate(fan)
        self._had_one_session_each()

    def is_refused_at_the_gate(self, fan: Fan) -> None:
        if fan.access_token:
            event = gate_event("GET", self.path("booking/seats"), token=fan.access_token)
            assert not self.deployment.call("authorize", event)["isAuthorized"], "the gate lets in who is through"

    def _had_one_session_each(self) -> None:
        rows = self.deployment.ledger(self.onsale)
        starts = [row for row in rows if isinstance(row, Start)]
        visitors = [start.place.visitor for start in starts]
        assert len(set(visitors)) == len(visitors), "somebody was let in twice"

    def in_order(self) -> None:
        """Whoever came first has the lower number."""
        positions = [fan.position for fan in self.fans.values()]
        assert positions == sorted(positions), positions
