"""The tables of functions and routes, and what stands in the repository, are the same."""

import pytest

from fairline.routes import DEFAULT_FUNCTION, HTTP_ROUTES, SOCKET_AUTHORIZER, SOCKET_ROUTES
from stacks.functions import FUNCTIONS
from stacks.tables import TABLES
from tests.architecture.source import LAMBDAS

NAMES = [function.name for function in FUNCTIONS]
LONGEST_HANDLER = 40
ELSEWHERE = {
    "API_ID",
    "REDIS_URL",
    "REDIS_CACHE",
    "ORIGIN_SECRET",
    "SESSION_SECONDS",
    "POLL_SECONDS",
    "GUEST_PLACES_PER_ADDRESS",
    "GUEST_ONE_PER_BROWSER",
    "STATUS_BUCKET",
    "PUBLIC_URL",
    "STATUS_URL",
    "WEBSOCKET_URL",
    "SOCKETS_URL",
    "IDENTITY",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
}


def test_there_is_one_folder_for_each_function() -> None:
    folders = [path.parent.name for path in LAMBDAS.glob("*/handler.py")]
    assert sorted(folders) == sorted(NAMES)
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_function_is_one_short_file(name: str) -> None:
    files = [path.name for path in (LAMBDAS / name).iterdir() if path.name != "__pycache__"]
    assert files == ["handler.py"]
    assert len((LAMBDAS / name / "handler.py").read_text().splitlines()) <= LONGEST_HANDLER


def test_every_route_reaches_a_function() -> None:
    reached = {route.function for route in HTTP_ROUTES} | set(SOCKET_ROUTES.values())
    assert reached | {DEFAULT_FUNCTION, SOCKET_AUTHORIZER} <= set(NAMES)


def test_every_function_is_reached_by_a_route_an_authorizer_a_stream_or_a_schedule() -> None:
    reached = {route.function for route in HTTP_ROUTES} | set(SOCKET_ROUTES.values())
    assert set(NAMES) - reached == {SOCKET_AUTHORIZER, "authorize", "notify", "admit", "rotate"}


def test_no_two_routes_are_the_same() -> None:
    keys = [route.key for route in HTTP_ROUTES]
    assert len(set(keys)) == len(keys)


def test_every_setting_is_known_and_every_table_told_to_somebody() -> None:
    told = {setting for function in FUNCTIONS for setting in function.settings}
    tables = {table.setting for table in TABLES}
    assert told == tables | ELSEWHERE


def test_functions_that_serve_a_request_answer_within_the_gateways_patience() -> None:
    background = {"admit", "notify", "rotate"}
    assert all(function.timeout_seconds <= 29 for function in FUNCTIONS if function.name not in background)
