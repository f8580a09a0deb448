"""Every guard is needed: with any of those in `mutations.toml` taken away, the test named there fails."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.synthesis import ROOT

Mutation = dict[str, str]

MUTATIONS: list[Mutation] = tomllib.loads(Path(__file__).with_name("mutations.toml").read_text())["mutation"]
PROMISES = range(1, 11)
MADE = (".venv", ".venv-emulator", "build")
"""What is not in the repository, and as good for a copy."""
SECONDS = 300
FAILED = 1
"""How pytest ends when tests failed: whatever else goes wrong has another number."""


def named(mutation: Mutation) -> str:
    return mutation["what"].replace(" ", "-")


def test_every_promise_has_some() -> None:
    assert {int(mutation["promise"]) for mutation in MUTATIONS} >= set(PROMISES)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=named)
def test_each_is_one_place_in_the_code_and_names_a_test(mutation: Mutation) -> None:
    assert (ROOT / mutation["file"]).read_text().count(mutation["old"]) == 1
    file, _, test = mutation["test"].partition("::")
    function = test.rpartition("::")[2].partition("[")[0]
    assert f"def {function}(" in (ROOT / file).read_text() if test else (ROOT / file).exists()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository as it stands, to break."""
    folder = tmp_path_factory.mktemp("copy") / "fairline"
    left = shutil.ignore_patterns(*MADE, ".git", ".room", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, folder, ignore=left)
    for name in MADE:
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.mark.soak
@pytest.mark.timeout(SECONDS + 60)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=named)
def test_without_it_that_test_fails(copy: Path, mutation: Mutation) -> None:
    broken = copy / mutation["file"]
    whole = broken.read_text()
    broken.write_text(whole.replace(mutation["old"], mutation["new"]))
    try:
        assert ending(copy, mutation["test"]) == FAILED
    finally:
        broken.write_text(whole)


def ending(copy: Path, test: str) -> int:
    """How pytest ends over a test in the copy."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", test]
    return subprocess.run(command, cwd=copy, capture_output=True, timeout=SECONDS, check=False).returncode
