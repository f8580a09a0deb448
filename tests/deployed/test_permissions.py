"""Each permission of each function is taken away: the steps that need it fail, and no others."""

import pytest

from tests.deployed.deployment import Deployed
from tests.deployed.lost import LOST
from tests.deployed.operators import operator_token
from tests.deployed.permissions import Permission, is_evaluated, permissions, without
from tests.deployed.scene import scene
from tests.deployed.steps import STEPS, failing
from tests.journey.client import Operator

EVERY = [permission for permission in permissions() if is_evaluated(permission)]
FIVE = (
    "register keys[visitor+access] Query",
    "place sessions PutItem",
    "authorize sessions Query",
    "complete sessions PutItem",
    "notify sockets:POST ManageConnections",
)
"""Joining, leaving, the gate, the backend's report, the push."""


def named(permission: Permission) -> str:
    return permission.name


def test_it_is_written_down_what_is_lost_with_each_permission() -> None:
    assert sorted(LOST) == sorted(map(named, EVERY))
    assert set().union(*LOST.values()) == STEPS.keys()
    assert LOST.keys() > set(FIVE)


@pytest.mark.parametrize("permission", [each for each in EVERY if each.name in FIVE], ids=named)
def test_without_it_the_steps_that_need_it_fail_and_no_others(
    deployed: Deployed, operator: Operator, permission: Permission
) -> None:
    with scene(deployed, operator) as made, without(deployed, permission):
        assert failing(made, LOST[permission.name]) == LOST[permission.name]


@pytest.fixture
def signed_in(deployed: Deployed, operator: Operator) -> Operator:
    """Anew: a token lasts an hour, and all of these tests may take longer."""
    operator.token = operator_token(deployed)
    return operator


@pytest.mark.soak
@pytest.mark.parametrize("permission", EVERY, ids=named)
def test_so_it_is_with_each_of_all(deployed: Deployed, signed_in: Operator, permission: Permission) -> None:
    with scene(deployed, signed_in) as made, without(deployed, permission):
        assert failing(made, LOST[permission.name]) == LOST[permission.name]


@pytest.mark.soak
def test_with_every_permission_every_step_works(deployed: Deployed, signed_in: Operator) -> None:
    with scene(deployed, signed_in) as made:
        assert failing(made, set()) == set()
