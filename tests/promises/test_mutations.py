"""Every guard is needed: with any of those in `mutations.toml` taken away, the test named there fails."""

from pathlib import Path

import pytest

from tests.support.mutations import SECONDS, Mutation, copied, holds, is_caught, is_known, listed, named

MUTATIONS = listed(__file__)
PROMISES = range(1, 11)


def test_every_promise_has_some() -> None:
    assert {mutation["promise"] for mutation in MUTATIONS} >= set(PROMISES)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=named)
def test_each_is_one_place_in_the_code_and_names_a_test(mutation: Mutation) -> None:
    assert is_known(mutation)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("copy"))


@pytest.mark.soak
@pytest.mark.timeout(2 * SECONDS)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=named)
def test_without_it_that_test_fails(copy: Path, mutation: Mutation) -> None:
    assert holds(copy, mutation["test"])
    assert is_caught(mutation, copy)
