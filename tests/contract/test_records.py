"""The durable record of a line: the same in memory and in DynamoDB."""

from dataclasses import replace

import pytest

from fairline.domain.tick import Counts, Record
from fairline.usecases.ports import Records
from tests.contract.conftest import Ledger
from tests.support.builders import any_name

KEPT = 1_800_000_000
FULL = Record(
    epoch=1,
    tick=7,
    issue_limit=200_000,
    issued=5_000,
    serving=4_000,
    skipped=((17, 100_000), (100_002, 150_000)),
    waiting=1_000,
    active=80,
    counts=Counts(admitted=4_000, completed=3_000, expired=900, left=20),
    updated_at_ms=1_799_999_999_123,
)


@pytest.fixture
def records(ledger: Ledger) -> Records:
    return ledger.records


def begun(records: Records) -> str:
    name = any_name()
    assert records.begin(name, 0, FULL, KEPT)
    return name


def test_a_line_without_a_record_has_a_fresh_one(records: Records) -> None:
    assert records.read(any_name()) == Record()


def test_a_record_comes_back_as_it_was_written(records: Records) -> None:
    assert records.read(begun(records)) == FULL


def test_an_epoch_is_begun_once(records: Records) -> None:
    """Two tickers find the line lost at the same time."""
    name = begun(records)
    mine, theirs = replace(FULL, epoch=2, issued=1), replace(FULL, epoch=2, issued=2)
    assert records.begin(name, 1, mine, KEPT) is True
    assert records.begin(name, 1, theirs, KEPT) is False
    assert records.read(name) == mine


def test_a_tick_is_recorded(records: Records) -> None:
    name = begun(records)
    following = replace(FULL, tick=8, serving=4_010)
    assert records.advance(name, following, KEPT) is True
    assert records.read(name) == following


def test_a_tick_that_comes_late_is_passed_over(records: Records) -> None:
    name = begun(records)
    newest = replace(FULL, tick=9)
    records.advance(name, newest, KEPT)
    assert records.advance(name, replace(FULL, tick=8), KEPT) is True
    assert records.advance(name, replace(FULL, tick=9, serving=1), KEPT) is True
    assert records.read(name) == newest


def test_a_limit_in_use_is_never_lowered(records: Records) -> None:
    """By a later tick that had looked at an older record than the tick before it."""
    name = begun(records)
    lower = replace(FULL, tick=8, issue_limit=FULL.issue_limit - 1)
    assert records.advance(name, lower, KEPT) is True
    assert records.read(name) == FULL
    assert records.advance(name, replace(lower, issue_limit=FULL.issue_limit), KEPT) is True
    assert records.read(name).tick == 8


def test_a_limit_that_was_not_recorded_is_not_confirmed(records: Records) -> None:
    """By an earlier tick that saw more arrivals than the one after it, which was recorded first."""
    name = begun(records)
    records.advance(name, replace(FULL, tick=9), KEPT)
    assert records.advance(name, replace(FULL, tick=8, issue_limit=FULL.issue_limit + 1), KEPT) is False


def test_no_epoch_begins_below_a_limit_in_use(records: Records) -> None:
    """A ticker that found the line lost had read the record before others went on."""
    name = begun(records)
    raised = replace(FULL, tick=8, issue_limit=FULL.issue_limit + 500)
    records.advance(name, raised, KEPT)
    assert records.begin(name, 1, replace(FULL, epoch=2), KEPT) is False
    assert records.read(name) == raised
    assert records.begin(name, 1, replace(raised, epoch=2), KEPT) is True


@pytest.mark.parametrize("epoch", [0, 2])
def test_a_tick_of_another_epoch_is_not_recorded(records: Records, epoch: int) -> None:
    name = begun(records)
    assert records.advance(name, replace(FULL, epoch=epoch, tick=99), KEPT) is False
    assert records.read(name) == FULL


def test_a_tick_without_a_record_is_not_recorded(records: Records) -> None:
    name = any_name()
    assert records.advance(name, FULL, KEPT) is False
    assert records.read(name) == Record()
