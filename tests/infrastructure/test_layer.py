"""The dependency layer that is deployed: what the lock names, for Lambda's Python on arm64, and nothing else."""

import re
from importlib.metadata import distributions
from pathlib import Path

from stacks.build import Build
from stacks.stateless.layers import RUNTIME
from tests.support.synthesis import ROOT

PACKAGES = Build(ROOT).dependencies / "python"
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
MACHINE = slice(18, 20)
"""Where an ELF file says what processor it is for."""
ARM_64 = (183).to_bytes(2, "little")


def test_it_has_what_the_lock_names_in_those_versions_and_nothing_else() -> None:
    locked = set(LOCKED.findall((ROOT / "requirements" / "layer.txt").read_text()))
    there = {(each.name.lower().replace("_", "-"), each.version) for each in distributions(path=[str(PACKAGES)])}
    assert there == locked


def test_every_package_in_it_belongs_to_one_of_those() -> None:
    owned = {file.parts[0] for each in distributions(path=[str(PACKAGES)]) for file in each.files or ()}
    assert {each.name for each in PACKAGES.iterdir()} <= owned


def test_what_is_compiled_is_for_lambdas_processor_and_python() -> None:
    compiled = list(PACKAGES.rglob("*.so"))
    assert compiled
    assert {path.read_bytes()[MACHINE] for path in compiled} == {ARM_64}
    assert [path.name for path in compiled if not _runs(path)] == []


def _runs(path: Path) -> bool:
    version = RUNTIME.name.removeprefix("python").replace(".", "")
    return f".cpython-{version}-" in path.name or ".abi3." in path.name
