"""Runs a command that must not outlive the room: `tether.py PARENT_PID COMMAND…`.

Linux kills the command when its parent dies, even by SIGKILL. The order survives `exec`, so the command keeps the pid
and nothing stands between it and the room. Elsewhere the command is only started, and notices its closed input.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie(parent: int) -> None:
    """Ask for death with the parent, make sure that it still lives."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the parent ended before its child began")


def main() -> None:
    """Become the command, tied to the room."""
    tie(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - becoming the command, without a shell, is the whole point


if __name__ == "__main__":
    main()
