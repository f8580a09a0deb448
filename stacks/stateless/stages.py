"""Where the APIs are served, how much they take, and what is written down about it."""

import json
from typing import cast

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct

from stacks.edge.addresses import SOCKET_STAGE
from stacks.settings import Settings
from stacks.throttles import slowed

WRITTEN = {
    "route": "$context.routeKey",
    "status": "$context.status",
    "latency": "$context.responseLatency",
    "onsale": "$context.authorizer.onsale",
    "request": "$context.requestId",
    "error": "$context.integrationErrorMessage",
}
"""The access log: no path (sessions are named in it), no query, no address, nobody. The onsale is the gate's word.

Numbers are in quotation marks as well: for what it does not know API Gateway writes `-`, which alone is no JSON, and a
line that cannot be read would be counted nowhere.
"""


def http_stage(  # noqa: PLR0913 - what it is made of, by name
    scope: Construct,
    construct_id: str,
    *,
    api: gateway.IHttpApi,
    routes: IConstruct,
    settings: Settings,
    access_log: logs.ILogGroup,
) -> gateway.HttpStage:
    """The stage at the root of the HTTP API. It names routes to throttle, so they must exist before it."""
    stage = gateway.HttpStage(
        scope,
        construct_id,
        http_api=api,
        auto_deploy=True,
        throttle=_throttle(settings),
    )
    stage.node.add_dependency(routes)
    below = cast("gateway.CfnStage", stage.node.default_child)
    rate, burst = settings.registration_throttle
    below.route_settings = {key: {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst} for key in slowed()}
    below.access_log_settings = gateway.CfnStage.AccessLogSettingsProperty(
        destination_arn=_arn(access_log), format=json.dumps(WRITTEN)
    )
    return stage


def _throttle(settings: Settings) -> gateway.ThrottleSettings:
    rate, burst = settings.api_throttle
    return gateway.ThrottleSettings(rate_limit=rate, burst_limit=burst)


def _arn(group: logs.ILogGroup) -> str:
    """Without the `:*` that its own attribute ends with."""
    stack = Stack.of(group)
    return f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group:{group.log_group_name}"


def websocket_stage(
    scope: Construct, construct_id: str, *, api: gateway.IWebSocketApi, routes: IConstruct, settings: Settings
) -> gateway.WebSocketStage:
    """The stage of the WebSocket API. Its metrics tell what there is to know."""
    stage = gateway.WebSocketStage(
        scope,
        construct_id,
        web_socket_api=api,
        stage_name=SOCKET_STAGE,
        auto_deploy=True,
        throttle=_throttle(settings),
    )
    stage.node.add_dependency(routes)
    reason = "An access log of a WebSocket API needs a role for all APIs of the account, which is not ours to set."
    Validations.of(stage).acknowledge(Acknowledgment(id="AwsSolutions-APIG1", reason=reason))
    return stage
