"""Alarms on the cache and on DynamoDB."""

from collections.abc import Iterator

from stacks.monitoring.alarm import Alarm
from stacks.monitoring.watched import FIVE_MINUTES, Watched
from stacks.tables import TABLES

BURSTABLE = "cache.t"
CREDITS_LEFT = 10
"""Of a burstable node, after which it is left with a tenth of its speed; a new one earns 12 an hour."""


def stores(watched: Watched) -> Iterator[Alarm]:
    """Node by node, table by table."""
    for node in watched.nodes:
        yield from _node(watched, node)
        yield from _seldom(watched, node)
    yield from _tables(watched)


def _node(watched: Watched, node: str) -> Iterator[Alarm]:
    yield Alarm(
        f"cache-{node}-cpu",
        watched.cache(node, "EngineCPUUtilization"),
        "The cache's one thread is busy: joining and ticks slow down. Lower the registration throttle of the API stage "
        "if people still arrive; choose a larger node before the next sale.",
        above=90,
        periods=2,
    )
    yield Alarm(
        f"cache-{node}-memory",
        watched.cache(node, "DatabaseMemoryUsagePercentage"),
        "The cache is three quarters full; it evicts nobody, so when it is full joining fails. Close onsales that are "
        "over and choose a larger node: its lines move with it.",
        above=75,
    )
    if watched.settings.cache_node_type.startswith(BURSTABLE):
        yield Alarm(
            f"cache-{node}-credits",
            watched.cache(node, "CPUCreditBalance", "Minimum", seconds=FIVE_MINUTES),
            "This burstable node has used up its CPU credits and becomes ten times slower (or is less than an hour "
            "old). Lower the rate; change to a node type that does not burst before the next sale.",
            below=CREDITS_LEFT,
        )


def _seldom(watched: Watched, node: str) -> Iterator[Alarm]:
    yield Alarm(
        f"cache-{node}-evictions",
        watched.cache(node, "Evictions", "Sum"),
        "The cache evicts, which its parameter group forbids: somebody in line may be lost. Look who changed "
        "maxmemory-policy; whoever is lost gets the place back by showing the visitor token.",
        above=0,
        essential=False,
    )
    if len(watched.nodes) > 1:
        yield Alarm(
            f"cache-{node}-replication",
            watched.cache(node, "ReplicationLag"),
            "A replica is more than a second behind: if it were promoted now, lines would begin a new epoch and pages "
            "return by themselves. Look at the CPU of the primary; avoid a failover by hand.",
            above=1,
            periods=3,
            essential=False,
        )


def _tables(watched: Watched) -> Iterator[Alarm]:
    deployed = [table for table in TABLES if table.name in watched.stateful.tables]
    for table in deployed:
        for kind in ("Read", "Write"):
            yield _refused(watched, kind, table.name)
        for index, _ in table.indexes:
            yield _refused(watched, "Write", table.name, index)


def _refused(watched: Watched, kind: str, table: str, index: str = "") -> Alarm:
    return Alarm(
        "-".join(filter(None, (table, index, f"{kind.lower()}s-throttled"))),
        watched.refused(kind, table, index),
        f"DynamoDB refuses {kind.lower()}s of the table {table}: it grows with its load, within minutes. Lower the "
        "rate until this is silent, and give the table warm throughput before the next sale.",
        above=0,
        periods=2,
        essential=False,
    )
