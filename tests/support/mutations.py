"""Guards that are taken away one at a time in a copy of the repository, and whether the test named with each fails."""

import hashlib
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).resolve().parents[2]


class Mutation(TypedDict, total=False):
    """`what` is done in `file`: `old` becomes `new`, with so many bytes of `filler` after it. `test` is to fail then.

    `promise` or `bar` is what is given up by it.
    """

    promise: int
    bar: str
    what: str
    file: str
    old: str
    new: str
    filler: int
    test: str


MADE = (".venv", ".venv-emulator", "build")
"""What is not in the repository, and as good for a copy."""
SECONDS = 300
PASSED, FAILED = 0, 1
"""How pytest ends: whatever else goes wrong has another number."""


def listed(beside: str) -> list[Mutation]:
    """The mutations of the list that stands beside a file of tests."""
    mutations: list[Mutation] = tomllib.loads(Path(beside).with_name("mutations.toml").read_text())["mutation"]
    return mutations


def named(mutation: Mutation) -> str:
    """As a test is called."""
    return mutation["what"].replace(" ", "-")


def is_known(mutation: Mutation) -> bool:
    """Whether it is one place in the code, and its test is there."""
    file, _, test = mutation["test"].partition("::")
    function = test.rpartition("::")[2].partition("[")[0]
    known = f"def {function}(" in (ROOT / file).read_text() if test else (ROOT / file).exists()
    return known and (ROOT / mutation["file"]).read_text().count(mutation["old"]) == 1


def copied(into: Path) -> Path:
    """The repository as it stands, to break."""
    folder = into / "fairline"
    left = shutil.ignore_patterns(*MADE, ".git", ".room", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, folder, ignore=left)
    for name in MADE:
        (folder / name).symlink_to(ROOT / name)
    return folder


@cache
def holds(copy: Path, test: str) -> bool:
    """Whether a test passes in the copy while it is whole: of one that does not, nothing can be said."""
    return _ending(copy, test) == PASSED


def is_caught(mutation: Mutation, copy: Path) -> bool:
    """Whether the named test fails in the copy while it is broken."""
    broken = copy / mutation["file"]
    whole = broken.read_text()
    broken.write_text(whole.replace(mutation["old"], mutation["new"] + _filler(mutation.get("filler", 0))))
    try:
        return _ending(copy, mutation["test"]) == FAILED
    finally:
        broken.write_text(whole)


def _filler(size: int) -> str:
    """A comment of scripts and style sheets that does not get smaller by compression than half its size."""
    parts = (hashlib.sha256(str(number).encode()).hexdigest() for number in range(size // 64))
    return f"/* {''.join(parts)} */" if size else ""


def _ending(copy: Path, test: str) -> int:
    """How pytest ends over a test in the copy."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", test]
    return subprocess.run(command, cwd=copy, capture_output=True, timeout=SECONDS, check=False).returncode
