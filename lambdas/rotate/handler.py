"""Key rotation, daily and at every deployment: makes what is due, publishes what verifies, follows the CDN's secret."""

from typing import Any

from fairline import upkeep
from fairline.entrypoints.telemetry import count


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Rotate."""
    made = upkeep.rotation().rotate()
    upkeep.origin_renewal().renew()
    count({"KeysMade": len(made)})
    return {"made": made}
