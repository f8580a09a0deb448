"""What a room holds, sampled: memory and open files of its processes, rows, keys, sockets."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from redis import Redis

from local.background import Room
from local.provision import client
from stacks.tables import TABLES
from tests.support.processes import open_files, pids, resident

Held = dict[str, float]


@dataclass(frozen=True)
class Sample:
    """`held` by what: `kB …` of each function's processes, the room's and the stores', `files …` likewise, and more."""

    minute: float
    held: Held


class Gauge:
    """Looks at a room through its report, its stores and `ps`."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._begun = time.monotonic()
        self._dynamodb = client("dynamodb", room.environment)

    def look(self) -> Sample:
        """Now."""
        held: Held = {**self._of_processes(), **self._of_tables(), **self._of_the_line()}
        held["sockets"] = self._room.report()["connections"]
        return Sample((time.monotonic() - self._begun) / 60, held)

    def _of_processes(self) -> Counter[str]:
        named = pids(self._room)
        found = Counter({"processes": len(named)})
        for pid, size in resident(named).items():
            found[f"kB {named[pid]}"] += size
            found[f"files {named[pid]}"] += open_files(pid)
        return found

    def _of_tables(self) -> dict[str, int]:
        names = {table.name: self._room.environment[table.setting] for table in TABLES}
        return {
            f"rows {name}": self._dynamodb.describe_table(TableName=kept)["Table"]["ItemCount"]
            for name, kept in names.items()
        }

    def _of_the_line(self) -> dict[str, int]:
        with Redis.from_url(self._room.environment["REDIS_URL"]) as store:
            return {"keys": store.dbsize(), "kB in the store": store.info("memory")["used_memory"] // 1024}

    def known_sockets(self) -> int:
        """How many the table of connections names."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._room.environment["CONNECTIONS_TABLE"])
        items: Iterator[dict[str, Any]] = (item for page in pages for item in page["Items"])
        return sum(len(item.get("sockets", {"SS": []})["SS"]) for item in items)


def level(samples: Sequence[Sample], what: str) -> float:
    """The mean of what was held."""
    return mean(sample.held.get(what, 0) for sample in samples)


def table(samples: Sequence[Sample]) -> str:
    """For a person to look at: a line for everything that was held, a column for each sample."""
    names = sorted({name for sample in samples for name in sample.held})
    lines = [f"{'minute':>28} " + "".join(f"{sample.minute:9.1f}" for sample in samples)]
    lines += [f"{name:>28} " + "".join(f"{sample.held.get(name, 0):9,.0f}" for sample in samples) for name in names]
    return "\n".join(lines)
