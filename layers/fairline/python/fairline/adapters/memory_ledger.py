"""What DynamoDB and S3 keep, in memory: the same behaviour, for tests and to read in Python.

Every method holds its object's lock, so each is one atomic step, as one request is. What a table forgets by
`delete_after` is kept here for as long as the process lives: readers never rely on its being gone.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from fairline.domain.keys import Key, PublicKey, Purpose
from fairline.domain.onsale import Onsale
from fairline.domain.origin import OriginSecret
from fairline.domain.place import Place
from fairline.domain.session import End, Extension, Row, Session, Start, fold
from fairline.domain.tick import Record
from fairline.usecases.ports import Socket, Version

Name = TypeVar("Name")
Thing = TypeVar("Thing")


class MemorySessions:
    """`usecases.ports.Sessions` in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[Place, dict[type[Row], Row]] = defaultdict(dict)

    def start(self, starts: Sequence[Start], delete_after: int) -> list[Start]:
        del delete_after
        with self._lock:
            for start in starts:
                self._rows[start.place][Start] = start
            return []

    def started(self, places: Sequence[Place]) -> set[Place]:
        with self._lock:
            return {place for place in places if Start in self._rows.get(place, {})}

    def rows(self, place: Place) -> list[Row]:
        with self._lock:
            return list(self._rows.get(place, {}).values())

    def add(self, row: End | Extension, delete_after: int) -> bool:
        del delete_after
        with self._lock:
            return _add(self._rows[row.place], type(row), row)

    def since(self, onsale: str, at_ms: int) -> list[Session]:
        with self._lock:
            rows = [list(rows.values()) for place, rows in self._rows.items() if place.onsale == onsale]
        recent = ([row for row in of_place if _at(row) > at_ms] for of_place in rows)
        return [session for of_place in recent if (session := fold(of_place))]


def _add(there: dict[Name, Thing], name: Name, thing: Thing) -> bool:
    """Put a thing under a name that is free; False if it is not."""
    if name in there:
        return False
    there[name] = thing
    return True


def _at(row: Row) -> int:
    return row.ended_at_ms if isinstance(row, End) else row.ends_at_ms


class MemoryRecords:
    """`usecases.ports.Records` in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: dict[str, Record] = {}

    def read(self, onsale: str) -> Record:
        with self._lock:
            return self._records.get(onsale, Record())

    def begin(self, onsale: str, previous_epoch: int, record: Record, delete_after: int) -> bool:
        del delete_after
        with self._lock:
            known = self._records.get(onsale)
            if known is not None and (known.epoch != previous_epoch or known.issue_limit > record.issue_limit):
                return False
            self._records[onsale] = record
            return True

    def advance(self, onsale: str, record: Record, delete_after: int) -> bool:
        del delete_after
        with self._lock:
            known = self._records.get(onsale)
            if known is None or known.epoch != record.epoch:
                return False
            if known.tick < record.tick and known.issue_limit <= record.issue_limit:
                self._records[onsale] = record
            return self._records[onsale].issue_limit >= record.issue_limit


class MemoryOnsales:
    """`usecases.ports.Onsales` in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._versions: dict[str, dict[int, Version]] = defaultdict(dict)
        self._live: dict[str, tuple[int, int]] = {}

    def latest(self, onsale: str) -> Onsale | None:
        found = self.versions(onsale)
        return found[0].onsale if found else None

    def versions(self, onsale: str) -> list[Version]:
        with self._lock:
            found = self._versions.get(onsale, {})
            return [found[number] for number in sorted(found, reverse=True)]

    def put(self, version: Version) -> bool:
        onsale = version.onsale
        with self._lock:
            live_from, live_until = self._live.get(onsale.onsale, (onsale.live_from_ms, onsale.live_until_ms))
            self._live[onsale.onsale] = min(live_from, onsale.live_from_ms), max(live_until, onsale.live_until_ms)
            return self._versions[onsale.onsale].setdefault(onsale.version, version) == version

    def names(self) -> list[str]:
        with self._lock:
            return sorted(self._live)

    def live(self, now_ms: int) -> list[str]:
        with self._lock:
            return sorted(name for name, (low, high) in self._live.items() if low <= now_ms < high)


class MemoryKeys:
    """`usecases.ports.Keys` in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[tuple[Purpose, str], Key] = {}

    def all(self, purpose: Purpose) -> list[Key]:
        with self._lock:
            return [key for key in self._keys.values() if key.purpose == purpose]

    def public(self, purpose: Purpose) -> list[PublicKey]:
        return [key.public for key in self.all(purpose)]

    def add(self, key: Key) -> bool:
        with self._lock:
            return _add(self._keys, (key.purpose, key.kid), key)


class MemoryOriginSecrets:
    """`usecases.ports.OriginSecrets` in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: dict[str, OriginSecret] = {}

    def all(self) -> list[OriginSecret]:
        with self._lock:
            return list(self._secrets.values())

    def keep(self, secret: OriginSecret, delete_after: int) -> None:
        del delete_after
        with self._lock:
            self._secrets[secret.sha256] = secret


class MemoryConnections:
    """`usecases.ports.Connections` in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: dict[Place, set[Socket]] = {}

    def add(self, place: Place, socket: Socket, delete_after: int) -> list[Socket]:
        del delete_after
        with self._lock:
            self._sockets.setdefault(place, set()).add(socket)
            return self._sorted(place)

    def remove(self, place: Place, sockets: Iterable[Socket]) -> None:
        with self._lock:
            if place in self._sockets:
                self._sockets[place].difference_update(sockets)

    def of(self, places: Sequence[Place]) -> dict[Place, list[Socket]]:
        with self._lock:
            return {place: self._sorted(place) for place in places if place in self._sockets}

    def _sorted(self, place: Place) -> list[Socket]:
        return sorted(self._sockets[place], key=lambda socket: (socket.connected_at_ms, socket.connection))


class MemorySockets:
    """`usecases.ports.Sockets` in memory: `sent` is what was posted, by connection; those in `gone` have left."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.sent: dict[str, list[dict[str, object]]] = defaultdict(list)
        self.gone: set[str] = set()

    def post(self, connection: str, message: dict[str, object]) -> bool:
        with self._lock:
            if connection in self.gone:
                return False
            self.sent[connection].append(message)
            return True

    def close(self, connection: str) -> None:
        with self._lock:
            self.gone.add(connection)


class MemoryDocuments:
    """`usecases.ports.Documents` in memory. Kept as text, since what is read is never what was handed in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._texts: dict[str, str] = {}

    def write(self, key: str, document: dict[str, object], *, max_age_seconds: int) -> None:
        del max_age_seconds
        with self._lock:
            self._texts[key] = json.dumps(document)

    def read(self, key: str) -> dict[str, Any] | None:
        with self._lock:
            text = self._texts.get(key)
        return None if text is None else json.loads(text)
