"""What API Gateway and its access log tell CloudWatch of the HTTP API."""

from datetime import UTC, datetime
from typing import Any

from fairline.domain.errors import Unavailable
from fairline.domain.figures import Minute
from fairline.domain.onsale import MINUTE_MS

HOUR = 60
"""Minutes that are asked for at once."""

OF_API = {"requests": "Count", "refused": "4xx", "failed": "5xx"}
OF_LOG = {"throttled": "Throttled"}
"""Metrics by what they are here. API Gateway does not tell its 429s apart; `stacks/monitoring/access_log.py` does."""


class ApiTraffic:
    """Minutes of one HTTP API. The running one is left out: it is not yet counted."""

    def __init__(self, client: Any, api_id: str, namespace: str) -> None:
        self._client = client
        dimensions = [{"Name": "ApiId", "Value": api_id}]
        self._queries = [
            *(_query(name, "AWS/ApiGateway", metric, dimensions) for name, metric in OF_API.items()),
            *(_query(name, namespace, metric, []) for name, metric in OF_LOG.items()),
        ]

    def minutes(self, now_ms: int) -> list[Minute]:
        """The last hour, oldest first, without minutes in which nobody asked. Raises Unavailable."""
        until_ms = now_ms // MINUTE_MS * MINUTE_MS
        counted: dict[int, dict[str, int]] = {}
        for result in self._ask(until_ms - HOUR * MINUTE_MS, until_ms):
            for moment, value in zip(result["Timestamps"], result["Values"], strict=True):
                counted.setdefault(round(moment.timestamp() * 1000), {})[result["Id"]] = round(value)
        return [Minute(at_ms, **values) for at_ms, values in sorted(counted.items())]

    def _ask(self, since_ms: int, until_ms: int) -> list[Any]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            reply = self._client.get_metric_data(
                StartTime=datetime.fromtimestamp(since_ms / 1000, UTC),
                EndTime=datetime.fromtimestamp(until_ms / 1000, UTC),
                MetricDataQueries=self._queries,
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("CloudWatch does not answer; please try again.", retry_after_seconds=10) from error
        found: list[Any] = reply["MetricDataResults"]
        return found


def _query(name: str, namespace: str, metric: str, dimensions: list[dict[str, str]]) -> dict[str, Any]:
    """Four metrics of sixty minutes are 240 values: one page."""
    of = {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions}
    return {"Id": name, "MetricStat": {"Metric": of, "Period": 60, "Stat": "Sum"}}
