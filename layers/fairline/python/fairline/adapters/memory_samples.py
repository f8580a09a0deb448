"""Samples of lines, in memory."""

import threading
from collections import defaultdict
from collections.abc import Sequence

from fairline.domain.figures import PERIOD_MS, Sample


class MemorySamples:
    """`usecases.ports.Samples` in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._samples: dict[str, dict[int, Sample]] = defaultdict(dict)

    def put(self, onsale: str, sample: Sample, delete_after: int) -> None:
        del delete_after
        with self._lock:
            self._samples[onsale][sample.at_ms // PERIOD_MS] = sample

    def at(self, onsale: str, periods: Sequence[int]) -> list[Sample]:
        with self._lock:
            there = self._samples.get(onsale, {})
            return [there[number] for number in sorted(at_ms // PERIOD_MS for at_ms in periods) if number in there]
