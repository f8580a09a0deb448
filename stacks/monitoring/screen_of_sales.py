"""The upper rows of the dashboard: how each sale goes, and whether its line is kept."""

from collections.abc import Iterator

from stacks.monitoring.access_log import BOOKING_FAILURES, BOOKING_LATENCY, BOOKING_REQUESTS
from stacks.monitoring.graphs import Graph, logged_of_each_onsale, of_each_function, of_each_onsale
from stacks.monitoring.watched import INSTANT, Watched


def sales(watched: Watched) -> Iterator[Graph]:
    """By onsale; what happens behind the gate, for all."""
    ours = watched.namespace
    for title, name, statistic in (
        ("Arrivals a minute", "Arrivals", "Sum"),
        ("Waiting", "Waiting", "Average"),
        ("Admissions a minute", "Admissions", "Sum"),
        ("Active sessions", "ActiveSessions", "Average"),
    ):
        yield Graph(title, (of_each_onsale(ours, name, statistic),))
    yield Graph(
        "Booking backend: requests, 5xx",
        (watched.logged(BOOKING_REQUESTS).with_(label="requests"),),
        (logged_of_each_onsale(ours, BOOKING_FAILURES, "Sum"),),
    )
    latency = [watched.logged(BOOKING_LATENCY, each).with_(label=each) for each in ("p50", "p99")]
    yield Graph("Booking latency (ms)", tuple(latency))


def ticker(watched: Watched) -> Iterator[Graph]:
    """The heartbeat, and those who would notice that it stopped."""
    ours = watched.namespace
    yield Graph("Ticks a minute (80 is well)", (of_each_onsale(ours, "Ticks", "Sum"),))
    yield Graph("Tick time (ms)", (of_each_onsale(ours, "TickTime", "p90", says="p90"),))
    yield Graph("Age of the status (s)", (of_each_onsale(ours, "StatusAge", "Maximum", seconds=INSTANT),))
    yield Graph(
        "Ticks that failed, sessions unwritten",
        (of_each_onsale(ours, "TickFailures", "Sum", says="failed"),),
        (of_each_onsale(ours, "UnwrittenAdmissions", "Maximum", says="unwritten"),),
    )
    yield Graph(
        "503: no line; 429: address full",
        (of_each_function(ours, "Unavailable", "Sum"),),
        (watched.told("AddressRefusals", "register").with_(label="address full"),),
    )
    yield Graph(
        "Gate",
        (watched.told("GateRefusals", "authorize").with_(label="refused"),),
        (watched.told("GateFailures", "authorize").with_(label="could not check"),),
    )
