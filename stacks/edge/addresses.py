"""The two APIs without anything that answers: addresses that stay while what answers is replaced.

Routes, authorizers and stages are added by the stack of the functions, in its own scope.
"""

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_secretsmanager as secrets
from constructs import Construct

SOCKET_STAGE = "live"
LETTERS = 43
"""Of 62 kinds: as much chance as 256 random bits."""


class Addresses(Construct):
    """`http_host` is the HTTP API's own name, for the CDN alone; the others are the WebSocket API's addresses."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str) -> None:
        super().__init__(scope, construct_id)
        self.http_api = apigateway.HttpApi(
            self, "HttpApi", api_name=name, description=f"{name}: requests by HTTP", create_default_stage=False
        )
        self.websocket_api = apigateway.WebSocketApi(
            self, "WebSocketApi", api_name=f"{name}-sockets", description=f"{name}: pushes"
        )
        self.http_host = self._host(self.http_api.api_id)
        self.websocket_origin = f"wss://{self._host(self.websocket_api.api_id)}"
        self.websocket_url = f"{self.websocket_origin}/{SOCKET_STAGE}"
        self.sockets_url = f"https://{self._host(self.websocket_api.api_id)}/{SOCKET_STAGE}"

    def _host(self, api_id: str) -> str:
        stack = Stack.of(self)
        return f"{api_id}.execute-api.{stack.region}.{stack.url_suffix}"


class OriginSecret(Construct):
    """What the CDN adds to each request, so that the API answers nobody who goes around the CDN and its firewall."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str) -> None:
        super().__init__(scope, construct_id)
        self.secret = secrets.Secret(
            self,
            "Secret",
            description=f"{name}: what the CDN adds to each request for the API",
            generate_secret_string=secrets.SecretStringGenerator(exclude_punctuation=True, password_length=LETTERS),
        )
        known = "The distribution would not learn of a new value. Whoever knows it gains the way around the firewall."
        Validations.of(self.secret).acknowledge(Acknowledgment(id="AwsSolutions-SMG4", reason=known))
