"""Waiting for what happens in another process, without saying how long it may take."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
GIVE_UP_SECONDS = 30.0


def eventually(look: Callable[[], T | None]) -> T:
    """What `look` finds, once it finds something."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")
