"""What the resources of a deployment cost in a month in which nothing is sold.

Every type of resource in the templates is priced or stands among those that cost nothing while idle; a type that is
neither is an error, so that a new resource cannot slip past the bill.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stacks.memory import memory_mb
from tools.bill import prices

Properties = Mapping[str, Any]
Template = Mapping[str, Any]


class Unpriced(LookupError):
    """A resource whose price is not in the table."""


@dataclass(frozen=True)
class Line:
    """One line of a bill: so many of a thing at so many dollars each."""

    what: str
    quantity: float
    each: float

    @property
    def dollars(self) -> float:
        """The sum of the line."""
        return self.quantity * self.each


def idle(templates: Iterable[Template]) -> list[Line]:
    """The lines of a month. Raises Unpriced for what the tables here do not know."""
    resources = [each for template in templates for each in template["Resources"].values()]
    made: defaultdict[tuple[str, float], float] = defaultdict(float)
    for resource in resources:
        for line in _price(resource):
            made[line.what, line.each] += line.quantity
    lines = [Line(what, quantity, each) for (what, each), quantity in made.items()]
    return sorted([*lines, *_ticking(resources)], key=lambda line: -line.dollars)


def _price(resource: Mapping[str, Any]) -> Iterator[Line]:
    kind, properties = resource["Type"], resource.get("Properties", {})
    if kind in PRICED:
        yield from PRICED[kind](properties)
    elif kind not in NOTHING_WHILE_IDLE and not kind.startswith("Custom::"):
        raise Unpriced(f"{kind} has no price: add it to the bill.")


def _cache(properties: Properties) -> Iterator[Line]:
    node = properties["CacheNodeType"]
    if node not in prices.CACHE_NODE_HOUR:
        raise Unpriced(f"{node} has no price: add it to the bill.")
    share = prices.VALKEY_SHARE if properties["Engine"] == "valkey" else 1
    yield Line(f"{properties['Engine']} node, {node}", properties["NumCacheClusters"], _monthly(node) * share)


def _monthly(node: str) -> float:
    return prices.CACHE_NODE_HOUR[node] * prices.HOURS


def _web_acl(properties: Properties) -> Iterator[Line]:
    yield Line("WAF web ACL", 1, prices.WEB_ACL)
    yield Line("WAF rule", len(properties["Rules"]), prices.WEB_ACL_RULE)


def _alarm(properties: Properties) -> Iterator[Line]:
    queried = [each["MetricStat"] for each in properties.get("Metrics", ()) if "MetricStat" in each]
    shortest = min([properties.get("Period", 300), *(each["Period"] for each in queried)])
    often = shortest < 60  # noqa: PLR2004 - a minute
    each = prices.ALARM_METRIC_OFTEN if often else prices.ALARM_METRIC
    yield Line(f"alarm on a metric{' within a minute' if often else ''}", max(1, len(queried)), each)


def _function(properties: Properties) -> Iterator[Line]:
    if properties.get("SnapStart"):
        memory = properties["MemorySize"] / 1024
        yield Line("SnapStart, GB kept", memory, prices.SNAPSHOT_GB_SECOND * prices.SECONDS)


def _endpoint(properties: Properties) -> Iterator[Line]:
    if properties.get("VpcEndpointType") == "Interface":
        zones = len(properties["SubnetIds"])
        yield Line("interface endpoint, a zone", zones, prices.INTERFACE_ENDPOINT_HOUR * prices.HOURS)


def _one(what: str, each: float) -> Callable[[Properties], Iterator[Line]]:
    def price(_properties: Properties) -> Iterator[Line]:
        yield Line(what, 1, each)

    return price


PRICED: Mapping[str, Callable[[Properties], Iterator[Line]]] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::Dashboard": _one("dashboard", prices.DASHBOARD),
    "AWS::EC2::NatGateway": _one("NAT gateway", prices.NAT_HOUR * prices.HOURS),
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::ElastiCache::ReplicationGroup": _cache,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _one("load balancer", prices.LOAD_BALANCER_HOUR * prices.HOURS),
    "AWS::KMS::Key": _one("KMS key", prices.KMS_KEY),
    "AWS::Lambda::Function": _function,
    "AWS::SecretsManager::Secret": _one("secret", prices.SECRET),
    "AWS::WAFv2::WebACL": _web_acl,
}

FREE = {
    "ApiGatewayV2": ("Api", "Authorizer", "Integration", "Route", "RouteResponse", "Stage", "VpcLink"),
    "CloudFront": ("CachePolicy", "Distribution", "Function", "OriginAccessControl", "ResponseHeadersPolicy"),
    "Cognito": ("UserPool", "UserPoolClient", "UserPoolDomain", "UserPoolResourceServer"),
    "DynamoDB": ("Table",),
    "EC2": (
        "FlowLog",
        "RouteTable",
        "SecurityGroup",
        "SecurityGroupEgress",
        "SecurityGroupIngress",
        "Subnet",
        "SubnetRouteTableAssociation",
        "VPC",
    ),
    "ElastiCache": ("ParameterGroup", "SubnetGroup", "User", "UserGroup"),
    "IAM": ("Policy", "Role"),
    "Lambda": ("EventInvokeConfig", "Alias", "EventSourceMapping", "LayerVersion", "Permission", "Version"),
    "Logs": ("LogGroup", "MetricFilter"),
    "S3": ("Bucket", "BucketPolicy"),
    "SNS": ("Subscription", "Topic", "TopicPolicy"),
    "SQS": ("Queue", "QueuePolicy"),
    "Scheduler": ("Schedule",),
}
NOTHING_WHILE_IDLE = frozenset(f"AWS::{service}::{kind}" for service, kinds in FREE.items() for kind in kinds)
"""Paid by use alone, or not at all."""

TICKS = 30.4 * 24 * 60
IDLE_SECONDS, IDLE_LOG_BYTES = 0.1, 900
"""Of a ticker that finds nothing live: one read, the lines that Lambda writes by itself, and one of metrics."""


def _ticking(resources: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    """What is started every minute: the ticker, which finds nothing to do. What runs daily comes to no cent."""
    tickers = sum(
        each["Type"] == "AWS::Scheduler::Schedule" and each["Properties"]["ScheduleExpression"] == "rate(1 minute)"
        for each in resources
    )
    runs = tickers * TICKS
    running = IDLE_SECONDS * memory_mb("admit") / 1024 * prices.LAMBDA_GB_SECOND
    yield Line("start of the ticker", runs, prices.LAMBDA_REQUEST + prices.SCHEDULED_INVOCATION + running)
    yield Line("read of the roster", runs, prices.DYNAMODB_READ)
    yield Line("metric of our own: the ticker's starts", tickers, prices.CUSTOM_METRIC)
    yield Line("GB of idle logs", runs * IDLE_LOG_BYTES / 1e9, prices.LOG_GB)
