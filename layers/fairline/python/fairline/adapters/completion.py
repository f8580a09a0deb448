"""Telling the waiting room over HTTP that a session has bought, so that its slot goes to the next in line."""

import logging
import random
import time
from collections.abc import Callable
from http.client import HTTPException
from typing import Literal
from urllib.parse import quote
from urllib.request import Request

from fairline.adapters.outbound import outbound

Outcome = Literal["reported", "over", "failed"]

ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.4
TRANSIENT = frozenset({408, 425, 429})
CONFLICT, SERVER_ERROR = 409, 500

log = logging.getLogger(__name__)


class HttpCompletions:
    """`Completions` over the public interface.

    `public_url` without a trailing slash. At most three attempts of `timeout_seconds` each, with pauses between them
    drawn at random from a range that doubles; an attempt that has not been answered is worth repeating, since
    reporting twice is the same as once.
    """

    def __init__(
        self,
        public_url: str,
        *,
        timeout_seconds: float = 3,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._public_url = public_url
        self._timeout_seconds = timeout_seconds
        self._sleep = sleep
        self._http = outbound()

    def report(self, onsale: str, session: str, key: str) -> Outcome:
        """As `Completions.report`."""
        url = f"{self._public_url}/v1/onsales/{quote(onsale, safe='')}/sessions/{quote(session, safe='')}/completion"
        status: int | None = None
        for attempt in range(ATTEMPTS):
            if attempt:
                # Chance only keeps clients apart here; nobody gains by guessing it.
                self._sleep(random.uniform(0, FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)))  # noqa: S311 (not a secret)
            status = self._post(url, key)
            if status is not None and status < SERVER_ERROR and status not in TRANSIENT:
                break
        return self._outcome(onsale, status)

    def _post(self, url: str, key: str) -> int | None:
        """The status answered, or None without an answer in time."""
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        request = Request(url, data=b"{}", headers=headers, method="POST")  # noqa: S310 (see outbound)
        try:
            with self._http.open(request, timeout=self._timeout_seconds) as answer:
                return int(answer.status)
        except (OSError, HTTPException):
            return None

    @staticmethod
    def _outcome(onsale: str, status: int | None) -> Outcome:
        if status is not None and 200 <= status < 300:  # noqa: PLR2004 (every 2xx)
            return "reported"
        if status == CONFLICT:
            return "over"
        log.warning("completion not reported: onsale %s answered %s", onsale, status or "nothing")
        return "failed"
