"""The lower rows of the dashboard: what it all runs on."""

from collections.abc import Iterator

from aws_cdk import aws_cloudwatch as cloudwatch

from stacks.monitoring.access_log import SERVER_ERRORS, THROTTLED
from stacks.monitoring.graphs import Graph, found, of_each_function
from stacks.monitoring.watched import Watched, metric


def apis(watched: Watched) -> Iterator[Graph]:
    """What is asked of the APIs, and how it is answered."""
    yield Graph("API requests", (watched.api("Count").with_(label="requests"),))
    latency = [watched.api("Latency", each).with_(label=each) for each in ("p50", "p99")]
    yield Graph("API latency (ms)", tuple(latency))
    yield Graph(
        "API 4xx, 429, 5xx",
        (watched.api("4xx").with_(label="4xx"), watched.logged(THROTTLED).with_(label="429")),
        (watched.api("5xx").with_(label="5xx"), watched.logged(SERVER_ERRORS).with_(label="5xx of ours, not 503")),
    )
    yield Graph("Answered 500, by function", (of_each_function(watched.namespace, "Failures", "Sum"),))
    yield Graph(
        "WebSockets",
        (
            watched.sockets("ConnectCount").with_(label="opened"),
            watched.sockets("MessageCount").with_(label="messages"),
        ),
        (watched.sockets("IntegrationError").with_(label="errors"),),
    )
    yield _notifier(watched)


def _notifier(watched: Watched) -> Graph:
    return Graph(
        "Notifier",
        (watched.function("notify", "IteratorAge", "Maximum").with_(label="behind (ms)"),),
        (
            watched.told("PushesToRepeat", "notify").with_(label="to repeat"),
            *(
                metric("AWS/SQS", _VISIBLE, "Maximum", {"QueueName": queue.queue_name}).with_(label=f"{name} gave up")
                for name, queue in watched.stateless.failures.items()
            ),
        ),
    )


_VISIBLE = "ApproximateNumberOfMessagesVisible"


def platform(watched: Watched) -> Iterator[Graph]:
    """Lambda."""
    account = metric("AWS/Lambda", "ClaimedAccountConcurrency", "Maximum").with_(label="the account")
    yield Graph("Concurrency", (account, *_each(watched, "ConcurrentExecutions", "Maximum", "register", "place")))
    yield Graph("Concurrency behind the gate", tuple(_each(watched, "ConcurrentExecutions", "Maximum", "authorize")))
    yield Graph("Lambda errors", tuple(_each(watched, "Errors", "Sum")))
    yield Graph("Lambda throttles", tuple(_each(watched, "Throttles", "Sum")))
    crowd = ("register", "place", "authorize", "message")
    yield Graph("Duration p99 (ms)", tuple(_each(watched, "Duration", "p99", *crowd)))
    yield Graph(
        "Starts of the ticker, keys made",
        (watched.told("TickerStarts", "admit").with_(label="starts a minute"),),
        (watched.told("KeysMade", "rotate").with_(label="keys made"),),
    )


def _each(watched: Watched, measure: str, statistic: str, *only: str) -> Iterator[cloudwatch.Metric]:
    for name in only or watched.functions:
        yield watched.function(name, measure, statistic).with_(label=name)


def stores(watched: Watched) -> Iterator[Graph]:
    """The cache, node by node, and the tables."""
    for title, name, statistic in (
        ("Cache: engine CPU (%)", "EngineCPUUtilization", "Maximum"),
        ("Cache: memory (%)", "DatabaseMemoryUsagePercentage", "Maximum"),
        ("Cache: connections", "CurrConnections", "Maximum"),
        ("Cache: behind the primary (s)", "ReplicationLag", "Maximum"),
        ("Cache: evictions", "Evictions", "Sum"),
    ):
        nodes = (watched.cache(node, name, statistic).with_(label=node) for node in watched.nodes)
        yield Graph(title, tuple(nodes))
    refused = [
        watched.refused(kind, table).with_(label=f"{table} {kind.lower()}s")
        for table in watched.stateful.tables
        for kind in ("Read", "Write")
    ]
    yield Graph("DynamoDB throttles", tuple(refused))


def edge(watched: Watched) -> Iterator[Graph]:
    """CloudFront and its firewall, in the one Region where they tell."""
    both = {"Page and API": watched.edge.distribution, "Status": watched.stateful.status_distribution}
    for title, distribution in both.items():
        of = {"DistributionId": distribution.distribution_id, "Region": "Global"}
        yield Graph(f"{title}: CDN requests", (_world("Requests", "Sum", of),))
        yield Graph(f"{title}: CDN errors (%)", tuple(_world(f"{kind}ErrorRate", "Average", of) for kind in _ERRORS))
    acl = watched.settings.name
    for title, name in (("Firewall: blocked", "BlockedRequests"), ("Firewall: let through", "AllowedRequests")):
        terms = f'{{AWS/WAFV2,Rule,WebACL}} MetricName="{name}" WebACL="{acl}"'
        search = found(terms, "Sum", label="${PROP('Dim.Rule')}")
        yield Graph(title, (search,))


_ERRORS = ("4xx", "5xx")


def _world(name: str, statistic: str, of: dict[str, str]) -> cloudwatch.Metric:
    return metric("AWS/CloudFront", name, statistic, of).with_(label=name, region="us-east-1")
