"""The other ends of WebSockets, through API Gateway's `@connections`."""

import json
from typing import TYPE_CHECKING

from fairline.domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient


class ApiGatewaySockets:
    """`usecases.ports.Sockets` over one WebSocket API."""

    def __init__(self, client: "ApiGatewayManagementApiClient") -> None:
        self._client = client

    def post(self, connection: str, message: dict[str, object]) -> bool:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client.post_to_connection(ConnectionId=connection, Data=json.dumps(message).encode())
        except (BotoCoreError, ClientError) as error:
            if _is_gone(error):
                return False
            raise Unavailable("The message could not be sent.") from error
        return True

    def close(self, connection: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client.delete_connection(ConnectionId=connection)
        except (BotoCoreError, ClientError) as error:
            if not _is_gone(error):
                raise Unavailable("The connection could not be closed.") from error


def _is_gone(error: Exception) -> bool:
    from botocore.exceptions import ClientError

    return isinstance(error, ClientError) and error.response["Error"]["Code"] == "GoneException"
