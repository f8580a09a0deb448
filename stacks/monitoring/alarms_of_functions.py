"""Alarms on Lambda: every function has one, and so has every queue that takes what they could not do."""

from collections.abc import Iterator

from stacks.monitoring.alarm import Alarm
from stacks.monitoring.watched import DAY, Watched, calculated, metric

UNATTENDED = frozenset({"admit", "notify", "rotate"})
"""Nobody waits for their answer and asks again: of these each error counts."""

CONCURRENCY = 800
"""Of the thousand environments that an account begins with, all its functions together."""


def functions(watched: Watched) -> Iterator[Alarm]:
    """By function, then what they share."""
    for name in watched.functions:
        yield _errors(watched, name)
        yield _throttled(watched, name)
    yield _notifier(watched)
    yield from _queues(watched)
    yield _rotation(watched)
    yield Alarm(
        "concurrency-high",
        metric("AWS/Lambda", "ClaimedAccountConcurrency", "Maximum"),
        f"More than {CONCURRENCY} Lambda environments run in this account: at its limit (1,000 unless raised) calls "
        "are refused. Lower the rate of the largest sale; ask for more concurrency in Service Quotas.",
        above=CONCURRENCY,
        essential=False,
    )


def _errors(watched: Watched, name: str) -> Alarm:
    return Alarm(
        f"{name}-errors",
        watched.function(name, "Errors"),
        f"The function {name} crashes or times out. Its log says why; if that began with a deployment, deploy the "
        "version before. What each function does stands in docs/architecture.md.",
        above=0 if name in UNATTENDED else 4,
    )


def _throttled(watched: Watched, name: str) -> Alarm:
    return Alarm(
        f"{name}-throttled",
        watched.function(name, "Throttles"),
        f"Lambda refuses calls of {name}: the account's concurrency is used up. Lower the rate of the largest sale, "
        "and ask for more concurrency in Service Quotas.",
        above=0,
        essential=False,
    )


def _notifier(watched: Watched) -> Alarm:
    return Alarm(
        "notify-late",
        watched.function("notify", "IteratorAge", "Maximum"),
        "Pushes come more than 5 seconds late. Everybody still gets in by polling, somewhat later; look at the log of "
        "notify, at notify-throttled and at the failure queue.",
        above=5000,
    )


def _queues(watched: Watched) -> Iterator[Alarm]:
    for name, queue in watched.stateless.failures.items():
        visible = metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", {"QueueName": queue.queue_name})
        yield Alarm(
            f"{name}-gave-up",
            visible,
            f"{name} gave up on records of the session stream; those visitors have found out by polling. Each message "
            "names the records and the reason: mend it, then purge the queue so that this can ring again.",
            above=0,
        )


def _rotation(watched: Watched) -> Alarm:
    runs = watched.told("KeysMade", "rotate", "SampleCount", seconds=DAY)
    return Alarm(
        "keys-not-rotated",
        calculated("FILL(runs, 0)", seconds=DAY, runs=runs),
        "Key rotation has not succeeded for 2 days. Keys last a month, so no sale is in danger tonight; look at the "
        "log of rotate and invoke it by hand.",
        below=1,
        periods=2,
        silence_rings=True,
    )
