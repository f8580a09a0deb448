"""Waiting for what comes by itself, for a few seconds."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 6.0
LOOK_SECONDS = 0.2


def comes_about(look: Callable[[], bool], within: float = PATIENCE_SECONDS) -> bool:
    """Whether `look` turns true in time."""
    deadline = time.monotonic() + within
    while not look():
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_SECONDS)
    return True
