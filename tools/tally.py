"""What calls took and how they failed, kept by the name of the call."""

from collections import Counter, defaultdict, deque
from functools import partial

LOST = 0
"""The status of a call that got no answer."""

EXPECTED = frozenset({(409, "seat-taken"), (503, "not-open-yet"), (503, "unavailable"), (429, "")})
"""Answers that the interface has for a healthy room under load; whoever gets one tries again."""

Failure = tuple[str, int, str]
"""The call, the status, and the problem's slug, or the kind of loss."""


class Tally:
    """Latencies in seconds by call, the latest `keep` of each, and failures by call, status and problem."""

    def __init__(self, keep: int = 200_000) -> None:
        self.seconds: defaultdict[str, deque[float]] = defaultdict(partial(deque, maxlen=keep))
        self.failures: Counter[Failure] = Counter()

    def took(self, call: str, seconds: float) -> None:
        """One call that did what it asked for: quick refusals would flatter the figures."""
        self.seconds[call].append(seconds)

    def failed(self, call: str, status: int, problem: str) -> None:
        """One call that was refused, or lost (`LOST`)."""
        self.failures[call, status, problem] += 1

    @property
    def unexpected(self) -> int:
        """How many failures a healthy room would not have given."""
        return sum(n for (_, status, problem), n in self.failures.items() if (status, problem) not in EXPECTED)
