"""The room on this machine, as its `room.json` describes it."""

import json
import os
from pathlib import Path
from typing import Any

from fairline.domain.errors import Unavailable

ROOT = Path(__file__).resolve().parents[2]


def enter() -> None:
    """Take over the room's environment, and none of the caller's AWS settings. Raises Unavailable without a room."""
    environment = described()["environment"]
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(environment)


def described() -> dict[str, Any]:
    """What `room.json` says of the room that runs. Raises Unavailable without one."""
    folder = Path(os.environ.get("FAIRLINE_ROOM") or ROOT / ".room")
    try:
        found: dict[str, Any] = json.loads((folder / "room.json").read_text())
        os.kill(found["pid"], 0)
        return {**found, "environment": dict(found["environment"])}
    except PermissionError as error:
        raise Unavailable(f"The room in {folder} belongs to another user.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unavailable(
            f"No room is running in {folder}. Open one with `make dev`, or name its folder in FAIRLINE_ROOM."
        ) from error
