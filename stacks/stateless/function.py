"""One function, with the defaults of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.grants import in_a_vpc
from stacks.log_groups import kept_logs
from stacks.memory import memory_mb
from stacks.stateless.environment import Values, environment
from stacks.stateless.layers import ARCHITECTURE, RUNTIME, Layers, code

if TYPE_CHECKING:
    from stacks.build import Build
    from stacks.functions import Function
    from stacks.settings import Settings
    from stacks.stateful.stack import Stateful
    from stacks.stateless.permissions import Permissions

RESERVED = {"admit": 3}
"""Kept free for the ticker, whatever the crowd takes: two that overlap, and one that was started twice.

It is no lock, and none is needed: ticks that overlap are safe, and a single one would leave gaps.
"""

STALE_SECONDS = 60
"""A tick that could not be started for this long has been replaced by the next."""

SNAPPED = frozenset({"onsale", "register", "place", "authorize", "authorize_socket", "connect", "message"})
"""Functions whose cold starts a crowd would wait for, and which therefore start from a snapshot."""

LAYERS_COUNT = "@aws-cdk/aws-lambda:recognizeLayerVersion"
"""Without it the CDK publishes a new version for other code or another setting alone.

A change of the library or of the dependencies would then be deployed, and the alias would go on with the old ones.
"""

NOT_THE_NEWEST = "The dependency layer is built for this Python and tested with it; both move together."


@dataclass(frozen=True)
class Surroundings:
    """What all functions of a deployment have in common."""

    settings: Settings
    stateful: Stateful
    build: Build
    layers: Layers
    permissions: Permissions
    known: Values


class ServiceFunction(Construct):
    """A function with a role and a log group of its own. `target` is what is invoked: with SnapStart, the alias.

    It does not trace: a trace of one or two calls shows little that the metrics do not. Of one invocation in twenty, at
    five dollars a million, traces would cost as much as the invocations, and they need a permission on `*`.
    """

    def __init__(self, scope: Construct, construct_id: str, *, function: Function, among: Surroundings) -> None:
        super().__init__(scope, construct_id)
        self.node.set_context(LAYERS_COUNT, value=True)
        self.function = self._function(function, among)
        # The CDK has it wait for its role, which it names anyway.
        cast("lambda_.CfnFunction", self.function.node.default_child).add_deletion_override("DependsOn")
        Validations.of(self.function).acknowledge(Acknowledgment(id="AwsSolutions-L1", reason=NOT_THE_NEWEST))
        self.target: lambda_.IFunction = self._live() if _snapped(function, among.settings) else self.function

    def _function(self, function: Function, among: Surroundings) -> lambda_.Function:
        settings = among.settings
        log_group = kept_logs(self, "Logs", settings=settings)
        return lambda_.Function(
            self,
            "Function",
            code=code(str(among.build.function(function.name))),
            handler="handler.handler",
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            description=f"{settings.name}: {function.name}",
            layers=among.layers.both,
            memory_size=memory_mb(function.name),
            timeout=Duration.seconds(function.timeout_seconds),
            environment=environment(function, among.known),
            role=among.permissions.role(self, "Role", function=function, log_group=log_group),
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            # Lambda's own lines for a call that went well would be most of the log; those for one that failed are kept.
            system_log_level_v2=lambda_.SystemLogLevel.WARN,
            reserved_concurrent_executions=RESERVED.get(function.name),
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if _snapped(function, settings) else None,
            **(_ticking() if function.name == "admit" else {}),
            **(_network(among.stateful) if in_a_vpc(function) else {}),
        )

    def _live(self) -> lambda_.Alias:
        """A snapshot is of a version, never of what is being changed."""
        published = Acknowledgment(id="Annotation::@aws-cdk/aws-lambda:snapStartRequirePublish", reason="It is.")
        Validations.of(self.function).acknowledge(published)
        return lambda_.Alias(self, "Live", alias_name="live", version=self.function.current_version)


def _snapped(function: Function, settings: Settings) -> bool:
    return settings.snapstart and function.name in SNAPPED


def _ticking() -> dict[str, Any]:
    """Lambda, too, would try an asynchronous invocation again, for hours."""
    return {"retry_attempts": 0, "max_event_age": Duration.seconds(STALE_SECONDS)}


def _network(stateful: Stateful) -> dict[str, Any]:
    return {
        "vpc": stateful.vpc,
        "vpc_subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        "security_groups": [stateful.functions_security_group],
    }
