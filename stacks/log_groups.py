"""Log groups, kept as long as the settings say."""

from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.settings import Settings


def kept_logs(scope: Construct, construct_id: str, *, settings: Settings) -> logs.LogGroup:
    """A log group without a name of its own, so that one that outlives its stack is in nobody's way."""
    removal = RemovalPolicy.RETAIN if settings.retain else RemovalPolicy.DESTROY
    group = logs.LogGroup(scope, construct_id, removal_policy=removal)
    cast("logs.CfnLogGroup", group.node.default_child).retention_in_days = settings.log_retention_days
    return group
