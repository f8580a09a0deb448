"""Telling CloudFormation how a custom resource went, at the address that came with its request."""

import json
import random
import time
from collections.abc import Callable
from http.client import HTTPException
from urllib.request import Request

from fairline.adapters.outbound import outbound
from fairline.domain.errors import Unavailable

ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.4
TIMEOUT_SECONDS = 5


class StackAnswers:
    """Answers by HTTP PUT. The address is presigned: whoever has it may answer, so it stands in no log."""

    def __init__(
        self, *, timeout_seconds: float = TIMEOUT_SECONDS, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._sleep = sleep
        self._http = outbound()

    def send(self, url: str, answer: dict[str, str]) -> None:
        """Send it, three times at most. Raises Unavailable if it was not taken."""
        body = json.dumps(answer).encode()
        for attempt in range(ATTEMPTS):
            if attempt:
                # Chance only keeps clients apart here; nobody gains by guessing it.
                self._sleep(random.uniform(0, FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)))  # noqa: S311 (not a secret)
            if self._put(url, body):
                return
        raise Unavailable("CloudFormation has not taken the answer.")

    def _put(self, url: str, body: bytes) -> bool:
        try:
            # Signed without a content type, so none may be sent.
            request = Request(url, data=body, headers={"Content-Type": ""}, method="PUT")  # noqa: S310 (see outbound)
            with self._http.open(request, timeout=self._timeout_seconds) as answer:
                return 200 <= int(answer.status) < 300  # noqa: PLR2004 (every 2xx)
        except (OSError, HTTPException, ValueError):  # the last: no address at all
            return False
