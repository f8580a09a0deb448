"""Alarms on what visitors notice: the ticker that keeps lines, and the booking backend behind them."""

from collections.abc import Iterator

from stacks.functions import FUNCTIONS
from stacks.monitoring.access_log import BOOKING_FAILURES, BOOKING_REQUESTS
from stacks.monitoring.alarm import Alarm
from stacks.monitoring.watched import INSTANT, Watched, calculated

TIMEOUTS = {function.name: function.timeout_seconds for function in FUNCTIONS}
CLOSE_SECONDS = 5


def sales(watched: Watched) -> Iterator[Alarm]:
    """From the most urgent on."""
    yield from _heartbeat(watched)
    yield from _ticks(watched)
    yield _backend(watched)


def _heartbeat(watched: Watched) -> Iterator[Alarm]:
    """A dead ticker tells nothing: those who need it do, and its schedule does even while nothing is on sale."""
    yield Alarm(
        "ticker-not-started",
        calculated("FILL(starts, 0)", starts=watched.told("TickerStarts", "admit")),
        "The ticker was not started for 3 minutes: without it nobody joins or enters. Look whether its schedule is "
        "enabled and the function admit has concurrency left; until then invoke admit by hand once a minute.",
        below=1,
        periods=3,
        silence_rings=True,
    )
    yield Alarm(
        "line-unavailable",
        watched.told("Unavailable", "register", seconds=INSTANT),
        "Joining is answered 503: an onsale had no tick for 5 seconds, or the cache does not answer. Places are kept; "
        "look at ticks-failing, ticker-not-started and the cache alarms, and mend what rings there.",
        above=2,
    )
    yield Alarm(
        "status-old",
        watched.told("StatusAge", "message", "Maximum", seconds=INSTANT),
        "Pages are shown a status older than 10 seconds: ticks fail, or the status document cannot be written. Look at "
        "the log of admit for 'tick failed', and whether the status bucket refuses it.",
        above=10,
    )


def _ticks(watched: Watched) -> Iterator[Alarm]:
    """A ticker that runs and does not get on tells so itself."""
    yield Alarm(
        "ticks-failing",
        watched.told("TickFailures", "admit"),
        "Ticks fail: the log of admit says of which onsale and why ('tick failed'). The line stands and keeps its "
        "order; look at the cache and DynamoDB alarms, and if one onsale alone fails, pause it.",
        above=4,
    )
    yield Alarm(
        "ticks-slow",
        watched.told("TickTime", "admit", "p90"),
        "Ticks take longer than a second, so fewer enter than the rate allows. Look at the cache's CPU and DynamoDB's "
        "throttles; a larger cache node is for the next sale, not for this one.",
        above=1000,
        periods=3,
        essential=False,
    )
    yield Alarm(
        "admissions-unwritten",
        watched.told("UnwrittenAdmissions", "admit"),
        "Visitors were called whose sessions DynamoDB has not taken for 3 minutes. No place is lost, ticks try again; "
        "look at the throttle alarms of the table sessions, and lower the rate until they are silent.",
        above=0,
        periods=3,
        essential=False,
    )
    yield Alarm(
        "admit-near-timeout",
        watched.function("admit", "Duration", "Maximum"),
        "The ticker ran into its last seconds: a tick hangs in the cache, DynamoDB or S3. Successors overlap, so the "
        "sale goes on; look at the log of admit for the slow call.",
        above=(TIMEOUTS["admit"] - CLOSE_SECONDS) * 1000,
        essential=False,
    )


def _backend(watched: Watched) -> Alarm:
    share = calculated(
        "IF(asked >= 20, 100 * failed / asked, 0)",
        label="% of requests to the booking backend",
        failed=watched.logged(BOOKING_FAILURES),
        asked=watched.logged(BOOKING_REQUESTS),
    )
    return Alarm(
        "booking-failing",
        share,
        "The booking backend fails one request in twenty, and whoever enters may waste the session. Type "
        '`fairline pause ONSALE --reason "..."` for the onsale it sells (the dashboard shows which), and '
        "`fairline resume ONSALE` when it is well.",
        above=5,
        periods=2,
    )
