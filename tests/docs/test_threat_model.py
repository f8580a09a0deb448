"""What is said to stop an attack names tests, and they exist."""

import re

import pytest

from tests.docs.pages import CODE, ROOT, rows

MODEL = ROOT / "docs" / "threat-model.md"
STOPPED = "## What stops them"
A_TEST = re.compile(r"tests/[\w/]+/test_\w+\.py")


def attacks() -> list[list[str]]:
    """Every attack that is stopped: what, by what, shown by which tests."""
    return rows(MODEL, STOPPED)


def test_there_are_attacks_of_every_kind() -> None:
    assert len(attacks()) >= 25
    assert {len(cells) for cells in attacks()} == {3}


@pytest.mark.parametrize("cells", attacks(), ids=lambda cells: cells[0][:40])
def test_whatever_is_said_to_be_stopped_is_shown_by_tests_that_exist(cells: list[str]) -> None:
    named = CODE.findall(cells[2])
    assert named, "no test"
    assert [name for name in named if not A_TEST.fullmatch(name) or not (ROOT / name).is_file()] == []


def test_every_test_of_the_door_is_named() -> None:
    named = {name for cells in attacks() for name in CODE.findall(cells[2])}
    there = (ROOT / "tests" / "promises" / "door").glob("test_*.py")
    assert [path.name for path in there if str(path.relative_to(ROOT)) not in named] == []


def test_what_is_not_stopped_is_said_as_well() -> None:
    remains = rows(MODEL, "## What does not stop them")
    assert len(remains) >= 10
    assert all(all(cells) for cells in remains)
