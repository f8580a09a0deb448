"""The routes of the WebSocket API, and who may open a socket."""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Validations
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import WebSocketLambdaIntegration
from constructs import Construct

from fairline.routes import SOCKET_AUTHORIZER, SOCKET_ROUTES
from stacks.stateless.authorizers import invocation_uri, may_authorize

TOKEN = "route.request.querystring.visitor_token"  # noqa: S105 - where it stands, not what it is
CONNECT, ANSWERED = "$connect", "$default"


class WebSocketRoutes(Construct):
    """Connecting asks the authorizer; what a client says is answered on the socket it came by."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        api: gateway.IWebSocketApi,
        functions: Mapping[str, lambda_.IFunction],
    ) -> None:
        super().__init__(scope, construct_id)
        authorizer = self._authorizer(api, functions[SOCKET_AUTHORIZER])
        for key, name in SOCKET_ROUTES.items():
            made = gateway.WebSocketRoute(
                self,
                key,
                web_socket_api=api,
                route_key=key,
                integration=WebSocketLambdaIntegration(name, functions[name]),
                authorizer=authorizer if key == CONNECT else None,
                return_response=key == ANSWERED,
            )
            if key != CONNECT:
                Validations.of(made).acknowledge(
                    Acknowledgment(id="AwsSolutions-APIG4", reason="Only $connect can be authorized.")
                )

    def _authorizer(self, api: gateway.IWebSocketApi, function: lambda_.IFunction) -> gateway.IWebSocketRouteAuthorizer:
        """Not asked without a token: API Gateway refuses that by itself."""
        made = gateway.CfnAuthorizer(
            self,
            "Authorizer",
            api_id=api.api_id,
            authorizer_type="REQUEST",
            name="VisitorToken",
            authorizer_uri=invocation_uri(self, function),
            identity_source=[TOKEN],
        )
        may_authorize(function, made, api.api_id)
        return gateway.WebSocketAuthorizer.from_web_socket_authorizer_attributes(
            self, "Named", authorizer_id=made.ref, authorizer_type="CUSTOM"
        )
