"""The ticker. Scheduled each minute, it runs for 75 s, so that successive invocations overlap; overlap is safe."""

from typing import Any

from fairline import wiring
from fairline.entrypoints.telemetry import count

RUN_SECONDS = 75


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Tick every live onsale; return after one look if there is none."""
    count({"TickerStarts": 1})
    return {"onsales": wiring.ticker().run(RUN_SECONDS)}
