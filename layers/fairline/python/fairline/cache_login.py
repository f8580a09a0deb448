"""Signing in at the cache as the function's own role: ElastiCache takes a request signed for it as the password.

Imported with the client that needs it. Signing is arithmetic; only an environment that was restored from a
snapshot asks somebody for its credentials first, and that is Lambda, on the same host.
"""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from redis.credentials import CredentialProvider
from redis.exceptions import AuthenticationError

SCHEME = "https://"
GOOD_FOR_SECONDS = 900
"""The longest that ElastiCache accepts. A connection that has been opened outlives its token."""

REUSED_SECONDS = 600


class CacheLogin(CredentialProvider):
    """Credentials of `user` at the cache (replication group) named `cache`, each for as long as it is good.

    `clock` gives seconds since 1970, by which the server judges a token's age too: other clocks may stand still while
    an environment is frozen.
    """

    def __init__(self, user: str, cache: str, clock: Callable[[], float] = time.time) -> None:
        self._user = user
        self._cache = cache.lower()
        self._clock = clock
        self._held: tuple[str, float] | None = None

    def get_credentials(self) -> tuple[str, str]:
        """User and token. Raises AuthenticationError if this host has no credentials to sign with."""
        now = self._clock()
        if self._held is None or now - self._held[1] >= REUSED_SECONDS:
            self._held = (self._token(), now)
        return self._user, self._held[0]

    def _token(self) -> str:
        """A presigned request without its scheme."""
        from botocore.auth import SigV4QueryAuth
        from botocore.awsrequest import AWSRequest
        from botocore.exceptions import BotoCoreError
        from botocore.session import get_session

        session = get_session()
        request = AWSRequest("GET", f"{SCHEME}{self._cache}/?{urlencode({'Action': 'connect', 'User': self._user})}")
        try:
            credentials = session.get_credentials()
            if credentials is None:
                raise AuthenticationError("There are no credentials to sign in at the cache with.")
            region = session.get_config_variable("region")
            SigV4QueryAuth(credentials.get_frozen_credentials(), "elasticache", region, GOOD_FOR_SECONDS).add_auth(
                request
            )
        except BotoCoreError as error:
            raise AuthenticationError("The credentials to sign in at the cache with cannot be had.") from error
        return str(request.url).removeprefix(SCHEME)
