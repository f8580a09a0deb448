"""What a folder's tests share ends with the last of them."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

SHARING = sorted(each.parent for each in (ROOT / "tests").rglob("conftest.py") if 'scope="package"' in each.read_text())
A_ROOM_FOR_ALL = re.compile(r'scope="session"\)\ndef \w+\([^)]*\) -> Iterator\[Room\]')


@pytest.mark.parametrize("folder", SHARING, ids=lambda folder: folder.name)
def test_a_folder_that_shares_something_is_a_package_or_pytest_would_keep_it_until_all_tests_have_run(
    folder: Path,
) -> None:
    assert (folder / "__init__.py").exists()


def test_no_room_stays_open_for_all_tests() -> None:
    """Its ticker would take the processor's time from everybody."""
    files = [each for each in (ROOT / "tests").rglob("*.py") if A_ROOM_FOR_ALL.search(each.read_text())]
    assert files == []
