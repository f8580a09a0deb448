"""Calls that are counted, and that break off before or after they were made: a process died, an answer was lost."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

When = Literal["before", "after"]


class Crash(Exception):
    """What nobody catches: the process is gone."""


class Fragile:
    """Passes calls on to what it wraps; `calls` counts them by method."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.calls: Counter[str] = Counter()
        self._breaks: dict[str, tuple[When, Exception]] = {}

    def breaks(self, method: str, when: When = "before", error: Exception | None = None) -> None:
        """The next call of `method` does."""
        self._breaks[method] = (when, error or Crash(method))

    def mends(self) -> None:
        """What has not broken yet, does not."""
        self._breaks.clear()

    def __getattr__(self, method: str) -> Any:
        there = getattr(self.inner, method)
        return self._call(method, there) if callable(there) else there

    def _call(self, method: str, there: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls[method] += 1
            when, error = self._breaks.pop(method, (None, None))
            if when == "before" and error:
                raise error
            result = there(*args, **kwargs)
            if error:
                raise error
            return result

        return call
