"""What API Gateway tells CloudWatch of its requests, and the access log's filter of those that were throttled."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from local.aws_shapes import API_ID
from local.provision import client

EVERY_SECONDS = 5.0
THROTTLED = 429
OF_API, OF_LOG = ("Count", "4xx", "5xx"), ("Throttled",)


class Traffic:
    """Counts answers until they are told."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def note(self, status: int) -> None:
        """One more answer."""
        self._counts.update({"Count": 1, f"{status // 100}xx": 1, "Throttled": int(status == THROTTLED)})

    def take(self) -> Counter[str]:
        """What was counted since this was asked last."""
        counts, self._counts = self._counts, Counter()
        return counts


async def tell(traffic: Traffic, environment: Mapping[str, str]) -> None:
    """Tell CloudWatch until cancelled, as often as there is something to tell."""
    cloudwatch, namespace = client("cloudwatch", environment), environment["POWERTOOLS_METRICS_NAMESPACE"]
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        if counts := traffic.take():
            await asyncio.to_thread(_put, cloudwatch, namespace, counts)


def _put(cloudwatch: Any, namespace: str, counts: Counter[str]) -> None:
    dimensions = [{"Name": "ApiId", "Value": API_ID}]
    told = [{"MetricName": name, "Dimensions": dimensions, "Value": counts[name]} for name in OF_API]
    cloudwatch.put_metric_data(Namespace="AWS/ApiGateway", MetricData=told)
    logged = [{"MetricName": name, "Value": counts[name]} for name in OF_LOG]
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=logged)
