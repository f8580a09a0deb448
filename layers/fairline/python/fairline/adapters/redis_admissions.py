"""The line in Redis, as the ticker meets it. Replies are described at the head of each script."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from fairline.adapters.scripts import Scripts, keys
from fairline.domain.admission import DEPTH_MS, VISITOR, Bucket
from fairline.domain.onsale import KEPT_MS, Onsale
from fairline.domain.place import Place
from fairline.domain.session import Session, Start
from fairline.domain.status import Progress
from fairline.domain.tick import LEASE_MS, Counts, LineLost, Record, Taken, View

if TYPE_CHECKING:
    from redis import Redis

ARGUMENTS = 4_000
"""Lua unpacks at most some 8,000 values at once."""

Item = TypeVar("Item")


class RedisAdmissions:
    """`usecases.ports.Admissions` over one Redis client."""

    def __init__(self, client: "Redis") -> None:
        self._scripts = Scripts(client)

    def observe(self, onsale: Onsale, record: Record) -> View | None:
        policy = _policy(onsale)
        head = (record.epoch, record.tick, onsale.forgotten_at_ms, KEPT_MS, onsale.version)
        reply = self._scripts.run("observe", keys(onsale.onsale), *head, *policy)
        if reply[0] == "lost":
            raise LineLost(int(reply[1]))
        if reply[0] == "overtaken":
            return None
        return _view(onsale, record, [int(value) for value in reply[1:16]], reply[16])

    def begin(self, onsale: Onsale, record: Record, *, return_ms: int) -> None:
        base = (record.epoch, record.issue_limit, record.tick, record.serving)
        times = (return_ms, onsale.forgotten_at_ms, KEPT_MS, LEASE_MS)
        self._scripts.run("begin", keys(onsale.onsale), *base, *times, *_policy(onsale))

    def reload(self, sessions: Sequence[Session], onsale: str) -> None:
        names = keys(onsale, "state", "line", "called", "ended", "active")
        for part in _parts(sessions, ARGUMENTS // 4):
            args = [
                value
                for session in part
                for value in (session.place.visitor, session.place.position, session.ends_at_ms, session.ended or "")
            ]
            self._scripts.run("reload", names, *args)

    def take(self, onsale: str, view: View, visitors: int, bucket: Bucket, *, until_ms: int) -> Taken | None:
        seen = (view.progress.epoch, view.tick, view.version, until_ms)
        args = (*seen, visitors, bucket.level, bucket.filled_at_ms, VISITOR, DEPTH_MS)
        reply = self._scripts.run("take", keys(onsale), *args)
        if reply[0] == "overtaken":
            return None
        _, now_ms, ends_at_ms, serving, flat = reply
        pairs = zip(flat[::2], flat[1::2], strict=True)
        places = [Place(onsale, int(position), visitor) for visitor, position in pairs]
        return Taken(tuple(Start(place, int(now_ms), int(ends_at_ms)) for place in places), int(serving))

    def retime(self, starts: Sequence[Start]) -> list[Start]:
        onsale = starts[0].place.onsale
        names = keys(onsale, "state", "called", "ended", "active", "outbox")
        args = [value for start in starts for value in (start.place.visitor, start.place.position)]
        now_ms, ends_at_ms, retimed = self._scripts.run("retime", names, *args)
        return [Start(starts[number - 1].place, int(now_ms), int(ends_at_ms)) for number in retimed]

    def confirm(self, onsale: str, record: Record, written: Sequence[Start]) -> None:
        head = (record.epoch, record.issue_limit, record.issued, LEASE_MS, record.updated_at_ms)
        self._scripts.run("confirm", keys(onsale, "state", "outbox"), *head, *(start.place.id for start in written))


def _policy(onsale: Onsale) -> tuple[str | int, ...]:
    """Field names and values that one registration is decided by."""
    return (
        *("rate", onsale.rate_per_minute, "cap", onsale.max_active, "session_ms", onsale.session_seconds * 1000),
        *("opens_at", onsale.lobby_opens_at_ms, "starts_at", onsale.sale_starts_at_ms),
        *("closes_at", onsale.closes_at_ms, "closed", int(onsale.closed), "rejoin", int(onsale.rejoin)),
    )


def _view(onsale: Onsale, record: Record, values: list[int], outbox: Sequence[str]) -> View:
    now_ms, tick, issued, limit, lease_until_ms, resumes_at_ms, serving, waiting, active, level, filled_at_ms = values[
        :11
    ]
    pairs = zip(outbox[::2], outbox[1::2], strict=True)
    return View(
        now_ms=now_ms,
        tick=tick,
        version=onsale.version,
        progress=Progress(record.epoch, serving, issued, waiting, active, record.skipped),
        bucket=Bucket(level, filled_at_ms),
        limit=limit,
        lease_until_ms=lease_until_ms,
        resumes_at_ms=resumes_at_ms,
        counts=Counts(*values[11:]),
        unconfirmed=tuple(
            Start(Place.of(onsale.onsale, session), *map(int, times.split(":"))) for session, times in pairs
        ),
    )


def _parts(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[i : i + size] for i in range(0, len(items), size))
