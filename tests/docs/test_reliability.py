"""Every promise names tests, and they exist; every figure names the command that prints it."""

import re

import pytest

from tests.docs.pages import CODE, ROOT, rows

PAGE = ROOT / "docs" / "reliability.md"
PROMISES = rows(PAGE, "## The promises")
A_TEST = re.compile(r"tests/[\w/]+/test_\w+\.py")


def test_every_promise_is_there() -> None:
    assert [cells[0] for cells in PROMISES] == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize("cells", PROMISES, ids=lambda cells: cells[0])
def test_a_promise_is_shown_by_tests_that_exist(cells: list[str]) -> None:
    named = CODE.findall(cells[3])
    assert named
    assert [name for name in named if not A_TEST.fullmatch(name) or not (ROOT / name).is_file()] == []


def test_every_figure_names_what_prints_it() -> None:
    assert all(cells[3] == "the same" or CODE.search(cells[3]) for cells in rows(PAGE, "## Figures"))
