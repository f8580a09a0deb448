"""The secret that the CDN adds to its requests, where it is kept."""

from typing import Any

from fairline.domain.errors import Unavailable


class SecretsManagerSecret:
    """One secret, by its id or ARN. All of its text is the secret."""

    def __init__(self, client: Any, secret: str) -> None:
        self._client = client
        self._secret = secret

    def current(self) -> str:
        """The version in use. Raises Unavailable."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            reply = self._client.get_secret_value(SecretId=self._secret, VersionStage="AWSCURRENT")
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The origin secret cannot be read.") from error
        return str(reply["SecretString"])
