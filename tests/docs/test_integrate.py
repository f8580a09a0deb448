"""The guide shows the very files that the other tests here run, and says what the code does."""

import re
from pathlib import Path

import pytest

from fairline.domain.keys import HOUR_MS, PUBLISHED_AHEAD_MS, ROTATION_MS
from fairline.routes import GATE_HEADERS
from fairline.usecases.rotate import MAX_AGE_SECONDS
from tests.docs.pages import CODE, ROOT, blocks, rows

GUIDE = ROOT / "docs" / "integrate.md"
EXAMPLES = sorted(path for path in (ROOT / "docs" / "examples").glob("*.py") if path.name != "__init__.py")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_stands_in_the_guide_as_it_is_tested(example: Path) -> None:
    assert example.read_text() in blocks(GUIDE, "python")


def test_the_guide_shows_no_other_code() -> None:
    assert len(blocks(GUIDE, "python")) == len(EXAMPLES)


def test_every_example_has_tests_of_its_own() -> None:
    tests = "".join(path.read_text() for path in (ROOT / "tests" / "docs").glob("test_integrate_*.py"))
    assert [path.stem for path in EXAMPLES if f"docs.examples.{path.stem}" not in tests] == []


def test_the_guide_names_every_header_that_the_gate_sets() -> None:
    said = {name for cells in rows(GUIDE, "## Through our API") for name in CODE.findall(cells[0])}
    assert set(GATE_HEADERS) <= said


def test_the_guide_tells_the_times_of_rotation() -> None:
    text = " ".join(GUIDE.read_text().split())
    days, hours, minutes = ROTATION_MS // (24 * HOUR_MS), PUBLISHED_AHEAD_MS // HOUR_MS, MAX_AGE_SECONDS // 60
    assert (days, hours, minutes) == (30, 2, 5)
    for sentence in ("every 30 days", "two hours before it signs", "cached for five minutes"):
        assert re.search(sentence, text), sentence
