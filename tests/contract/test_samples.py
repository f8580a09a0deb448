"""How a line went: the same in memory and in DynamoDB."""

from dataclasses import replace

import pytest

from fairline.domain.figures import PERIOD_MS, Sample
from fairline.usecases.ports import Samples
from tests.contract.conftest import Ledger
from tests.support.builders import any_name

KEPT = 4_000_000_000
BEGIN = 1_799_999_990_000
FULL = Sample(
    at_ms=BEGIN + 123,
    epoch=2,
    issued=100_000,
    serving=4_000,
    arrived=5_000,
    waiting=1_000,
    active=80,
    admitted=4_000,
    completed=3_000,
    expired=900,
    left=20,
    rate_per_minute=600,
    max_active=100,
)


@pytest.fixture
def samples(ledger: Ledger) -> Samples:
    return ledger.samples


def test_a_sample_comes_back_as_it_was_kept_by_the_period_it_lies_in(samples: Samples) -> None:
    name = any_name()
    samples.put(name, FULL, KEPT)
    assert samples.at(name, [BEGIN]) == [FULL]
    assert samples.at(any_name(), [BEGIN]) == []


def test_a_period_has_one_sample_the_last_that_was_kept(samples: Samples) -> None:
    name = any_name()
    later = replace(FULL, at_ms=BEGIN + PERIOD_MS - 1, waiting=7)
    for sample in (FULL, later):
        samples.put(name, sample, KEPT)
    assert samples.at(name, [BEGIN]) == [later]


def test_samples_come_oldest_first_and_those_never_made_are_left_out(samples: Samples) -> None:
    name = any_name()
    made = [replace(FULL, at_ms=BEGIN + number * PERIOD_MS) for number in range(250) if number != 3]
    for sample in reversed(made):
        samples.put(name, sample, KEPT)
    every = range(BEGIN - PERIOD_MS, BEGIN + 250 * PERIOD_MS, PERIOD_MS)
    assert samples.at(name, every) == made
    assert samples.at(name, every[::50]) == [sample for sample in made if sample.at_ms in every[::50]]
