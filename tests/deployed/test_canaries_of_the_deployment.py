"""Gaps that the tests here go around, or that let something pass. A test fails when the emulator has closed a gap."""

import pytest

from tests.deployed.deployment import Deployed
from tests.deployed.patience import comes_about
from tests.deployed.permissions import Permission, is_evaluated, permissions, without
from tests.journey.client import Onsale, Operator, ask, hear_the_end

UNASKED = {
    "authorize_socket keys_encryption Decrypt": "tables are not encrypted",
    "register cache Connect": "the cache is not ElastiCache's",
    "register interfaces CreateNetworkInterface": "functions share this machine's network",
    "notify stream:sessions GetRecords": "streams are read with no role",
}


@pytest.mark.parametrize("name", UNASKED)
def test_what_aws_does_with_a_functions_role_needs_no_permission(
    deployed: Deployed, standing: Onsale, name: str
) -> None:
    """Each of these permissions is taken away, and everything goes on."""
    with without(deployed, _named(name)):
        fan = standing.join()
        fan.admitted()
        with fan.socket() as socket:
            assert ask(socket, "ping")["type"] == "pong"
            assert fan.leave().status == 204
            assert hear_the_end(socket)["type"] == "session_ended"


def test_what_a_function_prints_is_kept_with_no_permission(deployed: Deployed, standing: Onsale) -> None:
    before = deployed.starts("register")
    with without(deployed, _named("register logs PutLogEvents")):
        standing.join()
        assert comes_about(lambda: deployed.starts("register") > before)


def _named(name: str) -> Permission:
    found = [each for each in permissions() if each.name == name]
    assert len(found) == 1
    assert not is_evaluated(found[0])
    return found[0]


def test_what_is_missing_behind_the_cdn_is_forbidden(operator: Operator, standing: Onsale) -> None:
    """On AWS it is 404, since the CDN may list the bucket."""
    address = standing.describe()["status_url"].replace(standing.name, "nothing-here")
    assert operator.api.call("GET", address).status == 403


def test_the_cdn_keeps_nothing(operator: Operator, standing: Onsale) -> None:
    answers = [operator.api.call("GET", standing.path) for _ in range(3)]
    assert {answer.headers["x-cache"] for answer in answers} == {"Miss from cloudfront"}


def test_the_firewall_lets_everything_through(operator: Operator, standing: Onsale) -> None:
    attack = f"{standing.path}?q=%3Cscript%3Ealert(1)%3C/script%3E"
    assert operator.api.call("GET", attack).status == 200


def test_a_body_may_be_larger_than_api_gateway_takes(standing: Onsale) -> None:
    """On AWS it would be refused before any function saw it, without a problem document."""
    answer = standing.api.call("POST", f"{standing.path}/registrations", body=b"x" * 10_500_000)
    assert answer.status == 201


def test_an_operator_is_asked_for_no_second_factor(deployed: Deployed, operator: Operator) -> None:
    """The operator has signed in, with a password alone."""
    pool = deployed.emulator.client("cognito-idp").describe_user_pool(UserPoolId=deployed.outputs["OperatorsPool"])
    assert pool["UserPool"]["MfaConfiguration"] == "ON"
    assert operator.call("GET").status == 200


def test_functions_of_sockets_write_no_log(deployed: Deployed, standing: Onsale) -> None:
    with standing.join().socket() as socket:
        ask(socket, "ping")
    group = deployed.functions["message"]["LoggingConfig"]["LogGroup"]
    assert not deployed.emulator.client("logs").filter_log_events(logGroupName=group)["events"]
