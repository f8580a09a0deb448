"""What processes of this machine hold: memory, and open files."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from local.background import Room


def pids(room: Room) -> dict[int, str]:
    """Every process of a room that lives now, and what it is."""
    report = room.report()
    named = {room.pid: "room", report["fork_server"]: "fork server"}
    named |= {pid: name for name, pid in report["engines"].items()}
    for name, function in report["functions"].items():
        named |= dict.fromkeys(function["pids"], name)
    return named


def resident(wanted: Iterable[int]) -> dict[int, int]:
    """Memory of processes in kB, without those that are gone."""
    command = ["ps", "-o", "pid=,rss=", "-p", ",".join(map(str, wanted))]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    return {int(pid): int(size) for pid, size in (line.split() for line in lines)}


def open_files(pid: int) -> int:
    """How many files and sockets a process has open. Linux alone tells."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
