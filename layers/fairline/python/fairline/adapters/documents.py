"""Public objects in the status bucket: JSON documents, and pictures."""

import json
from typing import TYPE_CHECKING, Any

from fairline.domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

YEAR_SECONDS = 31_536_000


class S3Documents:
    """`usecases.ports.Documents` over one bucket."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def write(self, key: str, document: dict[str, object], *, max_age_seconds: int) -> None:
        body = json.dumps(document, separators=(",", ":")).encode()
        self._put(key, body, "application/json", f"public, max-age={max_age_seconds}")

    def keep(self, key: str, content: bytes, content_type: str) -> None:
        """As `usecases.pictures.Keep`: whoever has it need never ask again."""
        self._put(key, content, content_type, f"public, max-age={YEAR_SECONDS}, immutable")

    def _put(self, key: str, body: bytes, content_type: str, cached: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType=content_type, CacheControl=cached
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable(f"{key} could not be published.") from error

    def read(self, key: str) -> dict[str, Any] | None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise Unavailable(f"{key} cannot be read.") from error
        document: dict[str, Any] = json.loads(body)
        return document
