"""Tell the waiting room that a session has bought, so that its slot goes to the next in line."""

import random
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

ATTEMPTS = 5
CALL_SECONDS = 5.0


class NotReportedError(Exception):
    """Nobody answered, or not in this moment. Keep the report and send it again later: again is fine."""


class StayHere(HTTPRedirectHandler):
    """Follow no redirect: the key must not travel to where it was not sent."""

    def redirect_request(self, *_: object) -> None:
        """Leave the redirect as the answer."""


def report(
    public_url: str, onsale: str, session: str, key: str, *, sleep: Callable[[float], None] = time.sleep
) -> bool:
    """True if the session ended by this purchase, now or earlier; False if it had ended otherwise before.

    `key` is the onsale's completion key, `session` the header `x-fairline-session` or the token's `jti`. Raises
    HTTPError for what no repetition mends: a wrong key (401), an unknown session (404).
    """
    url = f"{public_url}/v1/onsales/{onsale}/sessions/{session}/completion"
    request = Request(url, b"", {"Authorization": f"Bearer {key}"}, method="POST")  # noqa: S310 - our own address
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(random.uniform(0.5, 1) * 2 ** (attempt - 1))  # noqa: S311 - jitter needs no secrecy
        try:
            with build_opener(StayHere).open(request, timeout=CALL_SECONDS):
                return True
        except HTTPError as refused:
            refused.close()
            if refused.code == HTTPStatus.CONFLICT:
                return False
            if refused.code < HTTPStatus.INTERNAL_SERVER_ERROR and refused.code != HTTPStatus.TOO_MANY_REQUESTS:
                raise
        except OSError:
            continue
    raise NotReportedError(session)
