"""Whatever can change something has a story that breaks off: a new route or function is asked for one."""

from fairline.routes import ADMIN, HTTP_ROUTES, ONSALE, SOCKET_ROUTES
from stacks.functions import FUNCTIONS
from tests.promises.crashes import (
    test_booking_crashes,
    test_line_crashes,
    test_operator_crashes,
    test_rotation_crashes,
    test_socket_crashes,
)

STORIES = (
    test_line_crashes.LONG
    | test_booking_crashes.STORIES
    | test_operator_crashes.STORIES
    | test_rotation_crashes.STORIES
    | test_socket_crashes.STORIES
)
OF_ROUTES = {
    f"POST {ONSALE}/registrations": "register",
    f"DELETE {ONSALE}/place": "leave the line",
    f"POST {ONSALE}/place/extension": "extension",
    f"ANY {ONSALE}/booking/{{proxy+}}": "purchase",
    f"POST {ONSALE}/sessions/{{session}}/completion": "complete",
    f"POST {ADMIN}": "create",
    f"PATCH {ADMIN}/{{onsale}}": "patch",
    f"POST {ADMIN}/{{onsale}}/pause": "pause",
    f"POST {ADMIN}/{{onsale}}/resume": "resume",
    f"POST {ADMIN}/{{onsale}}/close": "close",
    f"POST {ADMIN}/{{onsale}}/notice": "notice",
    f"POST {ADMIN}/{{onsale}}/completion-key": "new key",
    f"POST {ADMIN}/{{onsale}}/picture": "picture",
}
WITHOUT = {
    f"POST {ONSALE}/place/departure": "what a form asks for is done as by DELETE",
    f"POST {ADMIN}/{{onsale}}/place-lookup": "reads",
}
OF_FUNCTIONS = {
    "connect": "connect",
    "disconnect": "disconnect",
    "admit": "tick that admits",
    "notify": "notify who is let in",
    "rotate": "rotation",
}
READ_ONLY = {"authorize", "authorize_socket", "message"}


def test_every_route_that_changes_something_breaks_off() -> None:
    changing = {route.key for route in HTTP_ROUTES if route.method != "GET"}
    assert changing == OF_ROUTES.keys() | WITHOUT.keys()


def test_so_does_every_function_that_no_route_names() -> None:
    others = {function.name for function in FUNCTIONS} - {route.function for route in HTTP_ROUTES}
    assert others == OF_FUNCTIONS.keys() | READ_ONLY
    assert set(SOCKET_ROUTES.values()) <= others


def test_every_story_is_told() -> None:
    assert {*OF_ROUTES.values(), *OF_FUNCTIONS.values()} <= STORIES.keys()
