"""What stands behind the gate: the sample backend, a public address, or a load balancer of a private network.

Whatever it is, it learns from three headers who is calling. They are overwritten here with what the gate knows, so that
no client can set them. A backend that is not ours must not learn the secret that tells our CDN from others.
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration, HttpUrlIntegration
from constructs import Construct

from fairline.routes import GATE_HEADERS, ORIGIN_HEADER
from stacks.settings import Settings
from stacks.stateless.http_api import BOOKING

REST_OF_THE_PATH = "/${request.path.proxy}"
"""The path that a backend sees: what follows `/booking`."""


def booking(
    scope: Construct, *, settings: Settings, functions: Mapping[str, lambda_.IFunction]
) -> gateway.HttpRouteIntegration:
    """The integration of the booking route."""
    backend = settings.booking_backend
    if settings.sample_backend:
        return HttpLambdaIntegration(BOOKING, functions[BOOKING], parameter_mapping=_who())
    if backend.startswith("https://"):
        return HttpUrlIntegration(BOOKING, f"{backend.rstrip('/')}/{{proxy}}", parameter_mapping=_outside())
    return ThroughLink(BOOKING, listener_arn=backend, link=_link(scope, settings))


def _who() -> gateway.ParameterMapping:
    mapping = gateway.ParameterMapping()
    for header, name in GATE_HEADERS.items():
        mapping.overwrite_header(header, gateway.MappingValue.context_variable(f"authorizer.{name}"))
    return mapping


def _outside() -> gateway.ParameterMapping:
    return _who().remove_header(ORIGIN_HEADER)


def _link(scope: Construct, settings: Settings) -> gateway.CfnVpcLink:
    """Into the subnets of the load balancer, which are not those of the waiting room."""
    return gateway.CfnVpcLink(
        scope,
        "Link",
        name=f"{settings.name}Booking",
        subnet_ids=list(settings.booking_subnets),
        security_group_ids=list(settings.booking_security_groups),
    )


class ThroughLink(gateway.HttpRouteIntegration):
    """A listener known by its ARN alone, behind a link known by its subnets: the CDK's own wants constructs of both."""

    def __init__(self, construct_id: str, *, listener_arn: str, link: gateway.CfnVpcLink) -> None:
        super().__init__(construct_id)
        self._listener_arn = listener_arn
        self._link = link

    # Called with one argument, whatever its declaration says.
    def bind(self, _options: Any) -> gateway.HttpRouteIntegrationConfig:  # type: ignore[override]
        """How API Gateway reaches the listener."""
        return gateway.HttpRouteIntegrationConfig(
            type=gateway.HttpIntegrationType.HTTP_PROXY,
            connection_type=gateway.HttpConnectionType.VPC_LINK,
            connection_id=self._link.ref,
            uri=self._listener_arn,
            method=gateway.HttpMethod.ANY,
            payload_format_version=gateway.PayloadFormatVersion.VERSION_1_0,
            parameter_mapping=_outside().overwrite_path(gateway.MappingValue.custom(REST_OF_THE_PATH)),
        )
