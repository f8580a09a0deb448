"""Alarms on the API and what stands at its doors."""

from collections.abc import Iterator

from stacks.monitoring.access_log import SERVER_ERRORS, THROTTLED
from stacks.monitoring.alarm import Alarm
from stacks.monitoring.watched import Watched, calculated


def apis(watched: Watched) -> Iterator[Alarm]:
    """The HTTP API, the gate, the WebSocket API."""
    share = calculated(
        "IF(asked >= 100, 100 * refused / asked, 0)",
        label="% of requests answered 429",
        refused=watched.logged(THROTTLED),
        asked=watched.api("Count"),
    )
    yield Alarm(
        "requests-throttled",
        share,
        "More than 1 % of requests are answered 429: more come than the stage's throttle, or the account's quota, lets "
        "through. Pages try again by themselves; raise the throttle if the quota and the backend bear it.",
        above=1,
        periods=2,
    )
    yield Alarm(
        "server-errors",
        watched.logged(SERVER_ERRORS),
        "Our own routes answer 5xx other than 503. The logs of the functions say why ('unhandled'), the dashboard says "
        "which ones; if it began with a deployment, deploy the version before.",
        above=4,
    )
    yield Alarm(
        "gate-failing",
        watched.told("GateFailures", "authorize"),
        "The gate cannot read sessions or keys, and so lets nobody through to the backend. Look at DynamoDB and at the "
        "grants of authorize; sessions run on meanwhile, so pause the sale.",
        above=4,
    )
    yield Alarm(
        "sockets-failing",
        watched.sockets("IntegrationError"),
        "WebSockets are opened or answered with errors. Pages poll instead, somewhat later; look at the logs of "
        "connect, message and disconnect.",
        above=20,
        periods=3,
        essential=False,
    )
