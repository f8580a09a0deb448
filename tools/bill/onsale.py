"""What one onsale costs on top: a model, its assumptions in plain sight."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from fairline.usecases.ticker import PERIOD_SECONDS
from stacks.memory import FANS_MEMORY_MB, memory_mb
from tools.bill import prices
from tools.bill.materials import Line

PAGE_REQUESTS, PAGE_GB = 4, 30e-6
STATUS_GB = 0.6e-6
NEAR_SECONDS, NEAR_POLL_SECONDS = 60, 2
SESSION_MINUTES = 3
PROTECTED_CALLS = 20
FUNCTION_SECONDS, FUNCTION_GB = 0.02, FANS_MEMORY_MB / 1024
"""A warm function, waiting for its stores included."""
LOG_BYTES = 350
"""What Lambda writes by itself about one invocation."""
LOBBY_AND_TAIL_MINUTES = 30
TICKERS = 75 / 60
"""Seconds that tickers run in each second: one is started every minute, and runs for 75 s."""
METRICS = 12 + 6
"""Custom ones, paid by the hours in which they are written: an onsale's own, and those of the access log."""
STEPS = 1000


@dataclass(frozen=True)
class Sale:
    """`fans` who wait between nothing and twice the mean, evenly spread, and are all let in."""

    fans: int
    mean_wait_minutes: float

    def polls(self) -> float:
        """Looks at the status document by one fan, on the mean."""
        waits = ((step + 0.5) / STEPS * 2 * self.mean_wait_minutes * 60 for step in range(STEPS))
        return sum(map(_polls, waits)) / STEPS

    def lines(self) -> list[Line]:
        """The bill."""
        return [*self._page(), *self._api(), *self._sockets(), *self._stores(), *self._functions(), *self._ticks()]

    def _page(self) -> Iterator[Line]:
        requests = self.fans * PAGE_REQUESTS
        looks = self.fans * self.polls()
        yield Line("CDN request, page", requests, prices.CDN_REQUEST + 2 * prices.CDN_FUNCTION)
        yield Line("CDN request, status", looks, prices.CDN_REQUEST)
        yield Line("GB from the CDN", self.fans * PAGE_GB + looks * STATUS_GB, prices.CDN_GB)

    def _api(self) -> Iterator[Line]:
        """The description, registration, place, protected calls and completion pass CDN, firewall and API."""
        calls = self.fans * (4 + PROTECTED_CALLS)
        yield Line("CDN request, API", calls, prices.CDN_REQUEST)
        yield Line("WAF request", calls + self.fans * PAGE_REQUESTS, prices.WAF_REQUEST)
        yield Line("HTTP API request", calls, prices.HTTP_API_REQUEST)

    def _sockets(self) -> Iterator[Line]:
        """Open from a minute before the turn to the end of the session; `place` and its answer, the push, pings."""
        yield Line("WebSocket message", self.fans * 9, prices.SOCKET_MESSAGE)
        yield Line("WebSocket minute", self.fans * (NEAR_SECONDS / 60 + SESSION_MINUTES), prices.SOCKET_MINUTE)

    def _stores(self) -> Iterator[Line]:
        """Session, its end and both index rows, the socket's row three times; the gate reads for two in three calls."""
        yield Line("DynamoDB write", self.fans * 7, prices.DYNAMODB_WRITE)
        yield Line("DynamoDB read", self.fans * (4 + PROTECTED_CALLS * 2 / 3), prices.DYNAMODB_READ)

    def _functions(self) -> Iterator[Line]:
        """One for each API call, the gate's besides, and five around the socket and the push."""
        runs = self.fans * (4 + 2 * PROTECTED_CALLS + 5)
        each = prices.LAMBDA_REQUEST + FUNCTION_SECONDS * FUNCTION_GB * prices.LAMBDA_GB_SECOND
        yield Line("Lambda invocation", runs, each)
        yield Line("GB of logs", runs * LOG_BYTES / 1e9, prices.LOG_GB)

    def _ticks(self) -> Iterator[Line]:
        """For as long as the sale lasts. Where two tickers overlap, each writes its own documents."""
        seconds = (2 * self.mean_wait_minutes + LOBBY_AND_TAIL_MINUTES) * 60
        ticks, running = seconds * TICKERS / PERIOD_SECONDS, memory_mb("admit") / 1024 * prices.LAMBDA_GB_SECOND
        yield Line("tick: a status document, a record, two reads", ticks, _tick())
        yield Line("second of a ticker", seconds * TICKERS, running)
        yield Line("custom metric, hour", METRICS * seconds / 3600, prices.CUSTOM_METRIC / prices.HOURS)


def _tick() -> float:
    return prices.S3_PUT + prices.DYNAMODB_WRITE + 2 * prices.DYNAMODB_READ


def _polls(wait_seconds: float) -> float:
    """Looks during a wait, at `clamp(rest / 20, 5 s, 60 s)`, and every 2 s in the last minute."""
    last = min(wait_seconds, NEAR_SECONDS) / NEAR_POLL_SECONDS
    at_five = max(0.0, min(wait_seconds, 100) - NEAR_SECONDS) / 5
    between = 20 * math.log(max(1.0, min(wait_seconds, 1200) / 100))
    return last + at_five + between + max(0.0, wait_seconds - 1200) / 60
