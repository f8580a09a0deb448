"""The cookies of those without JavaScript: they open their own onsale alone, and change nothing for other sites."""

from typing import Any

import pytest

from tests.handlers.cloud import Cloud
from tests.handlers.events import gate_event
from tests.promises.door.conftest import Watched

NO = {"isAuthorized": False}
SEATS = "/v1/onsales/demo/booking/seats"
SAFE = ("GET", "HEAD")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND")
ELSEWHERE = (None, "", "null", "https://elsewhere.example", "{}/", "{}.elsewhere.example", "http://127.0.0.1", "*")
"""Origins that are not ours; `{}` stands for the public address."""


def ask(
    cloud: Cloud, *cookies: str, method: str = "GET", path: str = SEATS, token: str | None = None, **headers: str
) -> Any:
    event = gate_event(method, path, token=token, **headers)
    return cloud.call("authorize", {**event, "cookies": list(cookies)})


@pytest.fixture
def good(cloud: Cloud) -> str:
    cloud.open()
    return str(cloud.admitted()["access_token"])


def entry(token: str, onsale: str = "demo") -> str:
    return f"__Host-fairline-{onsale}.access={token}"


@pytest.mark.parametrize("method", SAFE)
def test_the_cookie_of_the_onsale_opens_its_backend(cloud: Cloud, good: str, method: str) -> None:
    assert ask(cloud, "theme=dark", entry(good), method=method)["isAuthorized"] is True


def test_what_changes_something_passes_from_our_own_page_alone(cloud: Cloud, watched: Watched, good: str) -> None:
    ours = cloud.environment["PUBLIC_URL"]
    assert ask(cloud, entry(good), method="POST", origin=ours)["isAuthorized"] is True
    with watched() as calls:
        for method in UNSAFE:
            for origin in ELSEWHERE:
                headers = {} if origin is None else {"origin": origin.format(ours)}
                assert ask(cloud, entry(good), method=method, **headers) == NO, (method, origin)
    assert calls == []


def test_where_a_program_brings_the_header_no_origin_is_asked_for(cloud: Cloud, good: str) -> None:
    assert ask(cloud, method="POST", token=good)["isAuthorized"] is True


def test_a_header_counts_before_the_cookie_whatever_it_says(cloud: Cloud, watched: Watched, good: str) -> None:
    assert ask(cloud, entry("not-a-token"), token=good)["isAuthorized"] is True
    with watched() as calls:
        assert ask(cloud, entry(good), token="not-a-token") == NO
        for scheme in ("", "Bearer", "Basic Zm86YmFy"):
            assert ask(cloud, entry(good), authorization=scheme) == NO
    assert calls == []


def test_a_cookie_of_one_onsale_opens_no_other(cloud: Cloud, watched: Watched, good: str) -> None:
    """Neither under its own name nor, made by hand, under the other's; nor what else a browser keeps of ours."""
    cloud.open("other")
    theirs = "/v1/onsales/other/booking/seats"
    ask(cloud, entry(good), path=theirs)
    with watched() as calls:
        assert ask(cloud, entry(good), path=theirs) == NO
        assert ask(cloud, entry(good, "other"), path=theirs) == NO
        for name in ("fairline-demo.access", "__Host-fairline-demo", "__Host-fairline-demo.place", "access"):
            assert ask(cloud, f"{name}={good}") == NO
    assert calls == []


def test_a_visitor_token_is_no_way_in_as_a_cookie_either(cloud: Cloud, watched: Watched, good: str) -> None:
    visitor = cloud.register()["visitor_token"]
    ask(cloud, entry(good))
    with watched() as calls:
        assert ask(cloud, entry(visitor)) == NO
    assert calls == []


def test_a_path_that_is_not_plain_opens_to_no_cookie(cloud: Cloud, watched: Watched, good: str) -> None:
    ask(cloud, entry(good))
    with watched() as calls:
        for path in ("/v1/onsales/demo/booking/../seats", "/v1/onsales/demo/booking//seats", "/v1/onsales/demo/place"):
            assert ask(cloud, entry(good), path=path) == NO
    assert calls == []
