"""What is watched, and its metrics by the names under which AWS and our own functions write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stacks.edge.stack import Edge
    from stacks.settings import Settings
    from stacks.stateful.stack import Stateful
    from stacks.stateless.stack import Stateless

INSTANT, MINUTE, FIVE_MINUTES, DAY = 10, 60, 300, 86_400
"""Seconds that one point of a metric stands for."""


def metric(
    namespace: str, name: str, statistic: str, of: Mapping[str, str] | None = None, *, seconds: int = MINUTE
) -> cloudwatch.Metric:
    """A metric of this Region. `of` are its dimensions."""
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        statistic=statistic,
        period=Duration.seconds(seconds),
        dimensions_map=of,
    )


def calculated(
    expression: str, *, seconds: int = MINUTE, label: str | None = None, **using: cloudwatch.IMetric
) -> cloudwatch.MathExpression:
    """Metric math over metrics by the names that the expression gives them."""
    period = Duration.seconds(seconds)
    return cloudwatch.MathExpression(expression=expression, using_metrics=using, period=period, label=label)


@dataclass(frozen=True)
class Watched:
    """The stacks of a deployment."""

    settings: Settings
    stateful: Stateful
    edge: Edge
    stateless: Stateless

    @property
    def namespace(self) -> str:
        """Where our functions write their metrics: two deployments in one account are told apart by it."""
        return self.settings.name

    def told(self, name: str, by: str, statistic: str = "Sum", *, seconds: int = MINUTE) -> cloudwatch.Metric:
        """What a function tells of itself, over all onsales."""
        return metric(self.namespace, name, statistic, {"service": by}, seconds=seconds)

    def logged(self, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
        """What the HTTP API's access log tells."""
        return metric(self.namespace, name, statistic)

    @property
    def functions(self) -> Mapping[str, str]:
        """Names that Lambda knows the functions by, over all their versions, by ours."""
        return {name: _plain(function).function_name for name, function in self.stateless.functions.items()}

    def function(self, name: str, measure: str, statistic: str = "Sum") -> cloudwatch.Metric:
        """What Lambda tells of a function."""
        return metric("AWS/Lambda", measure, statistic, {"FunctionName": self.functions[name]})

    def api(self, measure: str, statistic: str = "Sum") -> cloudwatch.Metric:
        """What API Gateway tells of the HTTP API."""
        return metric("AWS/ApiGateway", measure, statistic, {"ApiId": self.edge.http_api.api_id})

    def sockets(self, measure: str, statistic: str = "Sum") -> cloudwatch.Metric:
        """What API Gateway tells of the WebSocket API."""
        of = {"ApiId": self.edge.websocket_api.api_id, "Stage": self.stateless.websocket_stage.stage_name}
        return metric("AWS/ApiGateway", measure, statistic, of)

    @property
    def nodes(self) -> Mapping[str, str]:
        """Names of the cache's nodes, by their numbers: after a failover another one is the primary."""
        numbers = [f"{number:03}" for number in range(1, self.settings.cache_nodes + 1)]
        return {number: f"{self.stateful.cache.name}-{number}" for number in numbers}

    def cache(self, node: str, measure: str, statistic: str = "Maximum", *, seconds: int = MINUTE) -> cloudwatch.Metric:
        """What ElastiCache tells of a node, by its number."""
        return metric("AWS/ElastiCache", measure, statistic, {"CacheClusterId": self.nodes[node]}, seconds=seconds)

    def refused(self, kind: str, table: str, index: str = "") -> cloudwatch.Metric:
        """`Read` or `Write` requests that DynamoDB refused for a table, or for an index of it."""
        of = {"TableName": self.stateful.tables[table].table_name}
        of |= {"GlobalSecondaryIndexName": index} if index else {}
        return metric("AWS/DynamoDB", f"{kind}ThrottleEvents", "Sum", of)


def _plain(function: lambda_.IFunction) -> lambda_.IFunction:
    """The function itself: an alias's metrics are those of one version."""
    return function.lambda_ if isinstance(function, lambda_.Alias) else function
