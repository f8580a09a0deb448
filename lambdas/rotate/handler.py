"""Key rotation, daily and at every deployment: makes what is due, publishes what verifies."""

from typing import Any

from fairline import wiring
from fairline.entrypoints.telemetry import count


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Rotate."""
    made = wiring.rotation().rotate()
    count({"KeysMade": len(made)})
    return {"made": made}
