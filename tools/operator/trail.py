"""The audit trail: all of it for reading, and the part that explains a stale version."""

from typing import TYPE_CHECKING, Any

from fairline.domain.errors import StaleVersion
from fairline.domain.status import from_iso
from tools.operator.moments import stamp

if TYPE_CHECKING:
    from rich.table import Table

    from fairline.usecases.operate import Operations

CREATION = 1
CHANGE = "change "


def trail(operations: "Operations", onsale: str) -> dict[str, Any]:
    """Every version, newest first, in the form of the admin route."""
    from fairline.clients import now_ms
    from fairline.entrypoints.bodies import audit_body

    return audit_body(operations.audit(onsale), now_ms())


def explained(stale: StaleVersion, operations: "Operations", onsale: str, expected: int) -> StaleVersion:
    """The same refusal, with `meanwhile`: the entries of the trail since the expected version, newest first."""
    meanwhile = [entry for entry in trail(operations, onsale)["versions"] if entry["version"] > expected]
    return StaleVersion(stale.detail, current_version=stale.extras["current_version"], meanwhile=meanwhile)


def told(entry: dict[str, Any]) -> str:
    """What an entry did, on one line: `rate_per_minute 120 -> 600`, or `pause (paused no -> yes)`."""
    action: str = entry["action"]
    if entry["version"] == CREATION or not entry["changes"]:
        return action
    each = (f"{name} {_shown(before)} -> {_shown(after)}" for name, (before, after) in entry["changes"].items())
    changes = ", ".join(each)
    return changes if action.startswith(CHANGE) else f"{action} ({changes})"


def table(body: dict[str, Any]) -> "Table":
    """The trail as a table."""
    from rich.box import SIMPLE
    from rich.table import Table

    made = Table("version", box=SIMPLE)
    made.add_column("at", no_wrap=True)
    made.add_column("by", overflow="fold")
    made.add_column("what")
    for entry in body["versions"]:
        made.add_row(str(entry["version"]), seconds(entry["at"]), entry["by"], told(entry))
    return made


def seconds(at: str) -> str:
    """A time of the trail, without its milliseconds."""
    return stamp(from_iso(at))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{value}”" if isinstance(value, str) else str(value)
