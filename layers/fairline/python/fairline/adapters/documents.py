"""Public JSON objects in the status bucket."""

import json
from typing import TYPE_CHECKING, Any

from fairline.domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3Documents:
    """`usecases.ports.Documents` over one bucket."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def write(self, key: str, document: dict[str, object], *, max_age_seconds: int) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=json.dumps(document, separators=(",", ":")).encode(),
                ContentType="application/json",
                CacheControl=f"public, max-age={max_age_seconds}",
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
