"""Every bar of the pages is one: with any breakage in `mutations.toml`, of either page, the test named there fails."""

from pathlib import Path

import pytest

from tests.support.mutations import SECONDS, Mutation, copied, holds, is_caught, is_known, listed, named

MUTATIONS = listed(__file__)
BARS = {"weight", "requests", "third party", "inline", "update", "contrast", "names", "structure", "targets", "focus"}
BARS |= {"reflow", "motion", "speech", "time"}


def test_every_bar_was_tried() -> None:
    assert {mutation["bar"] for mutation in MUTATIONS} == BARS


@pytest.mark.parametrize("mutation", MUTATIONS, ids=named)
def test_each_is_one_place_in_the_pages_and_names_a_test(mutation: Mutation) -> None:
    assert is_known(mutation)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("copy"))


@pytest.mark.soak
@pytest.mark.timeout(2 * SECONDS)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=named)
def test_broken_on_purpose_that_test_fails(copy: Path, mutation: Mutation) -> None:
    assert holds(copy, mutation["test"])
    assert is_caught(mutation, copy)
