"""Key rotation, daily and at every deployment: makes what is due, publishes what verifies, follows the CDN's secret."""

from typing import Any

from fairline import upkeep
from fairline.entrypoints.deployment import custom_resource, of_a_deployment
from fairline.entrypoints.telemetry import count


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Rotate; as a custom resource of CloudFormation, tell it how that went."""
    return custom_resource(event, _rotate) if of_a_deployment(event) else _rotate()


def _rotate() -> dict[str, Any]:
    made = upkeep.rotation().rotate()
    upkeep.origin_renewal().renew()
    count({"KeysMade": len(made)})
    return {"made": made}
