"""Where this machine stands in for AWS: ports of 127.0.0.1, chosen before anything is synthesised."""

import secrets
from dataclasses import dataclass, field

from local.engines import free_port


@dataclass(frozen=True)
class Host:
    """`emulator` serves AWS; `front` and `status` are the public names of the two distributions.

    `account` and `key` are made up for one run, so that no other emulator on this machine can be taken for ours.
    """

    emulator: int = field(default_factory=free_port)
    front: int = field(default_factory=free_port)
    status: int = field(default_factory=free_port)
    account: str = field(default_factory=lambda: str(100_000_000_000 + secrets.randbelow(900_000_000_000)))
    key: str = field(default_factory=lambda: f"AKIA{secrets.token_hex(8).upper()}")
    secret: str = field(default_factory=lambda: secrets.token_hex(20))

    @property
    def endpoint(self) -> str:
        """Where AWS's APIs are."""
        return f"http://127.0.0.1:{self.emulator}"

    @property
    def public_url(self) -> str:
        """The public address."""
        return f"http://127.0.0.1:{self.front}"

    @property
    def status_url(self) -> str:
        """Where status documents are."""
        return f"http://127.0.0.1:{self.status}"

    def credentials(self, region: str) -> dict[str, str]:
        """Those of whoever deploys, as environment variables."""
        return {
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_ENDPOINT_URL": self.endpoint,
        }
