"""What the deployment refuses, and how: tests of the one-machine room, as they are."""

from tests.deployed.app import EXECUTE
from tests.deployed.deployment import Deployed
from tests.deployed.operators import operator_token
from tests.journey.client import Api, Onsale
from tests.journey.test_refusals import (
    api,
    problem,
    test_a_frame_that_makes_no_sense_is_answered_with_a_problem_and_the_socket_stays_open,
    test_a_path_that_is_not_written_plainly_does_not_pass_the_gate,
    test_an_unknown_onsale_is_404,
    test_an_unknown_path_is_404_and_a_wrong_method_405_naming_the_right_ones,
    test_no_client_can_say_who_it_is,
    test_operators_routes_refuse_everyone_else,
    test_the_gate_refuses_with_awss_own_body,
)

__all__ = [
    "api",
    "test_a_frame_that_makes_no_sense_is_answered_with_a_problem_and_the_socket_stays_open",
    "test_a_path_that_is_not_written_plainly_does_not_pass_the_gate",
    "test_an_unknown_onsale_is_404",
    "test_an_unknown_path_is_404_and_a_wrong_method_405_naming_the_right_ones",
    "test_no_client_can_say_who_it_is",
    "test_operators_routes_refuse_everyone_else",
    "test_the_gate_refuses_with_awss_own_body",
]


def test_whoever_goes_around_the_cdn_is_refused(deployed: Deployed, standing: Onsale) -> None:
    around = Api(f"{deployed.emulator.host.endpoint}{EXECUTE}/{deployed.http_api}/$default")
    assert problem(around.call("GET", standing.path)) == (403, "not-from-the-edge")
    forged = around.call("POST", f"{standing.path}/registrations", x_fairline_origin="guess")
    assert problem(forged) == (403, "not-from-the-edge")


def test_a_token_without_the_operators_scope_opens_nothing(deployed: Deployed, standing: Onsale) -> None:
    token = operator_token(deployed, scope="openid")
    answer = standing.api.call("GET", "/v1/admin/onsales", token=token)
    assert (answer.status, answer.body) == (403, {"message": "Forbidden"})
