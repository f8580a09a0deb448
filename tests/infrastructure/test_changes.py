"""What a change of the sources changes in a deployment, and that it changes nothing else."""

import shutil
from pathlib import Path

import pytest

from stacks.functions import FUNCTIONS
from stacks.settings import LEAN, STANDARD
from stacks.stateless.function import SNAPPED
from tests.support.stateless import Answering
from tests.support.synthesis import ROOT, STACKS, Synthesised, synthesise

VERSION = "AWS::Lambda::Version"
ANOTHER = '"""Another one."""\n'


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """What is uploaded, to be changed."""
    for part in ("lambdas", "layers", "frontend"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def changed(before: Synthesised, after: Synthesised) -> dict[str, str]:
    """The type of each resource that is not the same in both, by `stack.LogicalId`; nothing else may differ."""
    for stack in STACKS:
        one, other = (dict(each.templates[stack], Resources=None) for each in (before, after))
        assert one == other, stack
    one, other = dict(before.resources()), dict(after.resources())
    different = {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
    return {name: (one.get(name) or other[name])["Type"] for name in different}


def functions_of(app: Synthesised, kind: str) -> dict[str, str]:
    """The function behind each version or alias of a deployment, by `stack.LogicalId`."""
    answering = Answering(app)
    return {name: answering.invoked(each["FunctionName"]) for name, each in app.properties(kind).items()}


def test_a_changed_handler_changes_its_function_alone_and_what_running_leaves_behind_changes_nothing(
    lean: Synthesised, sources: Path
) -> None:
    (sources / "lambdas" / "place" / "handler.py").write_text(ANOTHER)
    for folder in (sources / "lambdas" / "admit", sources / "layers" / "fairline" / "python" / "fairline"):
        (folder / "__pycache__").mkdir()
        (folder / "__pycache__" / "handler.cpython-313.pyc").write_bytes(b"left behind")
    after = synthesise(LEAN, sources / "made", root=sources)
    assert changed(lean, after) == {f"Stateless.{Answering(lean).logical_id('place')}": "AWS::Lambda::Function"}


def test_every_handler_changed_changes_functions_with_their_snapshots_and_rotates_keys(
    standard: Synthesised, sources: Path
) -> None:
    for function in FUNCTIONS:
        (sources / "lambdas" / function.name / "handler.py").write_text(ANOTHER)
    after = synthesise(STANDARD, sources / "made", root=sources)
    functions = {f"Stateless.{Answering(standard).logical_id(each.name)}" for each in FUNCTIONS}
    assert changed(standard, after) == {
        **dict.fromkeys(functions, "AWS::Lambda::Function"),
        **dict.fromkeys(functions_of(standard, VERSION), VERSION),
        **dict.fromkeys(functions_of(after, VERSION), VERSION),
        **dict.fromkeys(functions_of(standard, "AWS::Lambda::Alias"), "AWS::Lambda::Alias"),
        "Stateless.Keys": "Custom::Keys",
    }


def test_a_changed_library_is_in_a_new_version_of_every_snapshot(standard: Synthesised, sources: Path) -> None:
    (sources / "layers" / "fairline" / "python" / "fairline" / "another.py").write_text(ANOTHER)
    after = synthesise(STANDARD, sources / "made", root=sources)
    published = functions_of(after, VERSION).items() - functions_of(standard, VERSION).items()
    assert {function for _, function in published} == SNAPPED
    others = {name: kind for name, kind in changed(standard, after).items() if not kind.startswith("AWS::Lambda::")}
    assert others == {}
