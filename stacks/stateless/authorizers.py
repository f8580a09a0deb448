"""Who may call a route of the HTTP API: fans and operators by JWT, the admitted by the gate.

They are made here and not by the routes, which would make them in the stack of the API and tie that one to these
functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairline.routes import Authorizer
    from stacks.edge.stack import Edge
    from stacks.settings import Settings
    from stacks.stateful.stack import Stateful

API_GATEWAY = "apigateway.amazonaws.com"

BEARER = "$request.header.Authorization"


class Authorizers(Construct):
    """`by_name` has those that this deployment's identity needs: without `oidc` a fan has nothing to show."""

    def __init__(  # noqa: PLR0913 - what it stands between, by name
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        stateful: Stateful,
        edge: Edge,
        gate: lambda_.IFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        self._api = edge.http_api
        self.by_name: dict[Authorizer, gateway.IHttpRouteAuthorizer] = {
            "operator": self._jwt("Operator", stateful.operators_issuer, edge.operators_audience),
            "gate": self._gate(gate),
        }
        if settings.identity == "oidc":
            self.by_name["fan"] = self._jwt("Fan", settings.oidc_issuer, [settings.oidc_client_id])

    def _jwt(self, construct_id: str, issuer: str, audience: Sequence[str]) -> gateway.IHttpRouteAuthorizer:
        made = gateway.CfnAuthorizer(
            self,
            construct_id,
            api_id=self._api.api_id,
            authorizer_type="JWT",
            name=construct_id,
            identity_source=[BEARER],
            jwt_configuration=gateway.CfnAuthorizer.JWTConfigurationProperty(issuer=issuer, audience=list(audience)),
        )
        return self._named(made, "JWT")

    def _gate(self, gate: lambda_.IFunction) -> gateway.IHttpRouteAuthorizer:
        """Asked at every request, and also without a token: a cached answer would know neither onsale nor path."""
        made = gateway.CfnAuthorizer(
            self,
            "Gate",
            api_id=self._api.api_id,
            authorizer_type="REQUEST",
            name="Gate",
            authorizer_uri=invocation_uri(self, gate),
            authorizer_payload_format_version="2.0",
            enable_simple_responses=True,
            authorizer_result_ttl_in_seconds=0,
        )
        may_authorize(gate, made, self._api.api_id)
        return self._named(made, "CUSTOM")

    def _named(self, made: gateway.CfnAuthorizer, kind: str) -> gateway.IHttpRouteAuthorizer:
        return gateway.HttpAuthorizer.from_http_authorizer_attributes(
            self, f"{made.node.id}Named", authorizer_id=made.ref, authorizer_type=kind
        )


def invocation_uri(scope: Construct, function: lambda_.IFunction) -> str:
    """The address under which API Gateway calls a function."""
    stack = Stack.of(scope)
    path = f"path/2015-03-31/functions/{function.function_arn}/invocations"
    return f"arn:{stack.partition}:apigateway:{stack.region}:lambda:{path}"


def may_authorize(function: lambda_.IFunction, authorizer: gateway.CfnAuthorizer, api_id: str) -> None:
    """Let one authorizer, and nothing else of API Gateway, call a function."""
    stack = Stack.of(authorizer)
    source = f"arn:{stack.partition}:execute-api:{stack.region}:{stack.account}:{api_id}/authorizers/{authorizer.ref}"
    function.add_permission(
        f"{authorizer.node.id}MayAsk", principal=iam.ServicePrincipal(API_GATEWAY), source_arn=source
    )
