"""Metrics from the HTTP API's access log: what API Gateway itself does not tell.

It counts neither its own 429s nor the answers of one route, unless the metrics of each route are paid for. These are
written only while something matches, and paid for only in those hours.
"""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from fairline.routes import HTTP_ROUTES
from stacks.monitoring.watched import Watched
from stacks.stateless.http_api import BOOKING
from stacks.stateless.stages import WRITTEN

THROTTLED, SERVER_ERRORS = "Throttled", "ServerErrors"
BOOKING_REQUESTS, BOOKING_FAILURES, BOOKING_LATENCY = "BookingRequests", "BookingFailures", "BookingLatency"


def _field(variable: str) -> str:
    """Where the access log has a variable of API Gateway. Raises StopIteration if it has it nowhere."""
    return next(f"$.{name}" for name, of in WRITTEN.items() if of == variable)


STATUS, ROUTE, ONSALE, LATENCY = map(
    _field, ("$context.status", "$context.routeKey", "$context.authorizer.onsale", "$context.responseLatency")
)
BACKEND = next(route.key for route in HTTP_ROUTES if route.function == BOOKING)
FAILED, TO_BACKEND, ELSEWHERE = f'{STATUS} = "5*"', f'{ROUTE} = "{BACKEND}"', f'{ROUTE} != "{BACKEND}"'
NOT_LATER = f'{STATUS} != "503"'
"""503 is how we say "not yet" and "in a moment": the functions that say it count it."""


@dataclass(frozen=True)
class Line:
    """Lines of the log that a metric counts, or takes the `value` of; with `by_onsale` under each onsale's name.

    What is taken from a line must be named in its pattern, if only as `= *`.
    """

    metric: str
    pattern: str
    value: str = "1"
    by_onsale: bool = False


LINES = (
    Line(THROTTLED, f'{{ {STATUS} = "429" }}'),
    Line(SERVER_ERRORS, f"{{ ({FAILED}) && ({NOT_LATER}) && ({ELSEWHERE}) }}"),
    Line(BOOKING_REQUESTS, f"{{ {TO_BACKEND} }}"),
    Line(BOOKING_FAILURES, f"{{ ({FAILED}) && ({TO_BACKEND}) }}"),
    Line(BOOKING_FAILURES, f"{{ ({FAILED}) && ({TO_BACKEND}) && ({ONSALE} = *) }}", by_onsale=True),
    Line(BOOKING_LATENCY, f"{{ ({TO_BACKEND}) && ({LATENCY} = *) }}", value=LATENCY),
)


class AccessLogMetrics(Construct):
    """A filter for each of `LINES`."""

    def __init__(self, scope: Construct, construct_id: str, *, watched: Watched) -> None:
        super().__init__(scope, construct_id)
        for line in LINES:
            logs.MetricFilter(
                self,
                f"{line.metric}{'ByOnsale' if line.by_onsale else ''}",
                log_group=watched.stateless.access_log,
                filter_pattern=logs.FilterPattern.literal(line.pattern),
                metric_namespace=watched.namespace,
                metric_name=line.metric,
                metric_value=line.value,
                dimensions={"onsale": ONSALE} if line.by_onsale else None,
                unit=cloudwatch.Unit.MILLISECONDS if line.value == LATENCY else cloudwatch.Unit.COUNT,
            )
