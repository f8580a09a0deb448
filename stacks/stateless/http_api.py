"""The routes of the HTTP API, from the table that the one-machine room reads as well."""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Validations
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from fairline.routes import DEFAULT_FUNCTION, HTTP_ROUTES, OPERATOR_SCOPE, Authorizer, HttpRoute

BOOKING = "booking"

OPEN = {
    "register": "A guest has nothing to show yet. Where visitors sign in, an authorizer stands here.",
    "place": "The function checks the visitor token, which API Gateway cannot: it is no RSA token.",
    "complete": "The function checks the onsale's completion key, which only its SHA-256 is known of.",
    "onsale": "What everybody may read, and the answer to what is not there.",
}
"""Why API Gateway itself asks nobody on the routes of a function."""


class HttpRoutes(Construct):
    """Every route with its function and its authorizer; `$default` answers whatever is not there."""

    def __init__(  # noqa: PLR0913 - what it ties together, by name
        self,
        scope: Construct,
        construct_id: str,
        *,
        api: gateway.IHttpApi,
        functions: Mapping[str, lambda_.IFunction],
        authorizers: Mapping[Authorizer, gateway.IHttpRouteAuthorizer],
        booking: gateway.HttpRouteIntegration,
    ) -> None:
        super().__init__(scope, construct_id)
        self._api = api
        self._authorizers = authorizers
        names = {route.function for route in HTTP_ROUTES} - {BOOKING}
        made = {name: HttpLambdaIntegration(name, functions[name]) for name in sorted(names)}
        self._integrations: dict[str, gateway.HttpRouteIntegration] = {**made, BOOKING: booking}
        for route in HTTP_ROUTES:
            self._add(route)
        self._route(gateway.HttpRouteKey.DEFAULT, DEFAULT_FUNCTION, None)

    def _add(self, route: HttpRoute) -> None:
        key = gateway.HttpRouteKey.with_(route.path, gateway.HttpMethod[route.method])
        self._route(key, route.function, route.authorizer)

    def _route(self, key: gateway.HttpRouteKey, function: str, authorizer: Authorizer | None) -> None:
        asked = self._authorizers.get(authorizer) if authorizer else None
        made = gateway.HttpRoute(
            self,
            key.key,
            http_api=self._api,
            route_key=key,
            integration=self._integrations[function],
            authorizer=asked,
            authorization_scopes=[OPERATOR_SCOPE] if authorizer == "operator" else None,
        )
        if asked is None:
            Validations.of(made).acknowledge(Acknowledgment(id="AwsSolutions-APIG4", reason=OPEN[function]))
