"""The folder that says where a room is: `room.json`, logs, and records that could not be delivered."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any


class RoomError(Exception):
    """The room cannot be opened; the message is for the person who tried."""


class RoomDirectory:
    """Belongs to one room at a time, and holds nothing that outlives it."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.logs = self.path / "logs"
        self.failed_records = self.path / "failed-records.jsonl"
        self._description = self.path / "room.json"

    def open(self) -> None:
        """Take the folder over. Raises RoomError when a living room has it."""
        pid = self._owner()
        if pid and _alive(pid):
            raise RoomError(
                f"a room is already open here (process {pid}); end it, or set FAIRLINE_ROOM to another folder"
            )
        self.close()
        self.logs.mkdir(parents=True, exist_ok=True)

    def _owner(self) -> int:
        with contextlib.suppress(OSError, ValueError, KeyError):
            return int(json.loads(self._description.read_text())["pid"])
        return 0

    def describe(self, description: dict[str, Any]) -> None:
        """Tell others of the room, all at once: nobody reads half of it."""
        draft = self._description.with_suffix(".draft")
        draft.touch(0o600)
        draft.write_text(json.dumps(description, indent=2))
        draft.replace(self._description)

    def close(self, *, keep_logs: bool = False) -> None:
        """Remove what the room put there, and the folder if nothing else is in it."""
        self._description.unlink(missing_ok=True)
        self._description.with_suffix(".draft").unlink(missing_ok=True)
        if not keep_logs:
            for left in (self.failed_records, *self.logs.glob("*.log")):
                left.unlink(missing_ok=True)
            for folder in (self.logs, self.path):
                with contextlib.suppress(OSError):
                    folder.rmdir()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
