"""What the steps of a night are drawn from."""

import itertools
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import strategies as st

from tests.support.fragile import Crash
from tests.support.sale import Sale

MINUTES_MS = 5 * 60_000
STALLS_MS = 14_000
"""No ticker stands still for longer: docs/architecture.md, "What the promises lean on"."""

NAMES = ("ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal")
VISITORS = st.sampled_from(NAMES)
HOSTS = st.sampled_from(["right", "right", "right", "ahead", "behind"])
CAPS = st.integers(1, 4)
RATES = st.sampled_from([60, 90, 240, 6_000])
TICK_CALLS = [
    *[("onsales", "latest"), ("records", "read"), ("records", "begin"), ("admissions", "observe")],
    *[("admissions", "begin"), ("admissions", "reload"), ("sessions", "started"), ("admissions", "retime")],
    *[("admissions", "take"), ("sessions", "start"), ("records", "advance"), ("documents", "write")],
    ("admissions", "confirm"),
]
BREAKS = st.none() | st.sampled_from([*itertools.product(TICK_CALLS, ["before", "after"])])
ENDS = st.none() | st.sampled_from([*itertools.product([("sessions", "add"), ("line", "end")], ["before", "after"])])

MEANWHILE: dict[str, dict[str, Any]] = {
    "all_come": {},
    "ticks": {"gap_ms": 6_000},
    "changes": {"rate": 240, "cap": 4},
    "pauses_or_resumes": {"paused": True},
    "buys": {"host": "right", "breaks": None, "many": 3},
}


def tried_again(sale: Sale, breaks: Any, call: Callable[[], None]) -> None:
    """A process dies at a call, and whoever asked asks again."""
    if breaks:
        (name, method), when = breaks
        getattr(sale, name).breaks(method, when)
        with suppress(Crash):
            call()
        getattr(sale, name).mends()
    call()
