"""Tricks with paths: what the gate lets through names the onsale of its token, however a backend may read it."""

import posixpath
from itertools import product
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairline.domain.gate import onsale_of
from tests.handlers.cloud import Cloud
from tests.handlers.events import gate_event
from tests.promises.door.conftest import Watched

DEMO = "/v1/onsales/demo/booking"
SEATS = f"{DEMO}/seats"

TRICKS = {
    "double slash": "//v1/onsales/demo/booking/seats /v1//onsales/demo/booking/seats @//seats @/seats// @/a//b",
    "escaped dots": "@/%2e/seats @/%2e%2e/x @/.%2e/x @/%252e%252e/x @/%c0%ae/x @/%E0%80%AE/x",
    "case": "/V1/onsales/demo/booking/x /v1/onsales/DEMO/booking/x /v1/onsales/demo/Booking/x /v1/Onsales/x/booking/x",
    "trailing dot": "/v1/onsales/demo./booking/seats /v1/onsales/demo/booking./seats /v1./onsales/demo/booking/x",
    "trailing dot behind": "@/seats. @/seats../x @/... @/.../x @/a./b @/a.;b=c/x",
    "escaped slash": "@%2fseats @/a%2Fb @/a%252fb @/a%5cb @/a\\b @/%c0%af @\\seats",
    "absolute form": "http://demo@/x https://elsewhere.example@/x //elsewhere.example@/x v1/onsales/demo/booking/seats",
    "parameters": "/v1/onsales/demo;x=1/booking/seats @;a/seats @/..;/x @/.;a=b/x @/..;a/../x",
    "dots": "@/../seats @/a/../../x @/seats/.. @/seats/. @/./x /v1/onsales/x/../demo/booking/x",
    "unicode": "@/\uff0e\uff0e/x @\u2215seats @/\u2024\u2024/x /v1/onsales/d\u0435mo/booking/x @/\u2177 @/\ud800",
    "query and fragment": "@/seats?a @/seats#a @?/seats @/a%3fb @/a%23b",
    "escaped controls": "@/%00 @/%0a @/a%0d%0ax:y @/%7f @/%20",
    "another route": "/v1/onsales/demo/place /v1/admin/onsales /v1/onsales/demo/bookingx/a @ @/ /",
}
"""Paths, `@` for the onsale's booking."""

CONTROLS = [
    f"{SEATS}\n",
    f"{SEATS}\r\nx: y",
    f"{DEMO}/\x00",
    f"{DEMO}/a\tb",
    f"{DEMO}/\x7f",
    f"{SEATS} ",
    f" {SEATS}",
    "",
]
OTHERS = ["other", "demo2", "dem", "demo-", "d", "demo.demo", "xn--demo"]


@pytest.fixture
def good(cloud: Cloud) -> str:
    cloud.open()
    cloud.open("other")
    token = str(cloud.admitted()["access_token"])
    assert passes(cloud, token, SEATS)
    return token


def passes(cloud: Cloud, token: str, path: str) -> bool:
    answer: Any = cloud.call("authorize", gate_event("GET", path, token=token))
    assert answer == {"isAuthorized": False} or answer["context"]["onsale"] == "demo"
    return bool(answer["isAuthorized"])


def test_no_trick_passes_and_none_costs_a_call(cloud: Cloud, watched: Watched, good: str) -> None:
    tricks = [path.replace("@", DEMO) for paths in TRICKS.values() for path in paths.split()]
    with watched() as calls:
        assert [path for path in (*tricks, *CONTROLS) if passes(cloud, good, path)] == []
    assert calls == []


def test_no_path_of_another_onsale_passes(cloud: Cloud, watched: Watched, good: str) -> None:
    paths = [f"/v1/onsales/{name}/booking/{rest}" for name, rest in product(OTHERS, ("seats", "demo", "x/y"))]
    with watched() as calls:
        assert [path for path in paths if passes(cloud, good, path)] == []
    assert calls == []


ODD = [
    "/",
    "//",
    "..",
    ".",
    "%2e",
    "%2E%2e",
    "%2f",
    "%252f",
    ";",
    ";a=b",
    "\\",
    "?",
    "#",
    "%00",
    "\u2215",
    "\uff0e",
    "@",
]
USUAL = ["a", "v1", "onsales", "demo", "Demo", "other", "booking", "/v1/onsales/other/booking/", "http://x/", "~", ":"]
PIECES = st.sampled_from([*ODD, *USUAL])


def readings(path: str) -> set[str]:
    """How a backend, a proxy or a framework may read what is left of a path behind `booking`."""
    found = {path}
    for _ in range(3):
        for read in (unquote, posixpath.normpath, without_parameters, lambda text: text.replace("\\", "/")):
            found |= {read(text) for text in found}
    return found


def without_parameters(path: str) -> str:
    return "/".join(segment.partition(";")[0] for segment in path.split("/"))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=9).map("".join))
def test_whatever_passes_is_read_alike_by_everybody(rest: str) -> None:
    """Decoded, resolved or stripped of parameters, up to three times: it never leaves its onsale's booking."""
    path = f"{DEMO}/{rest}"
    if onsale_of(path) is None:
        return
    assert (urlsplit(path).path, urlsplit(path).netloc) == (path, "")
    for read in readings(path):
        assert posixpath.normpath(read) == DEMO or posixpath.normpath(read).startswith(f"{DEMO}/"), read


def test_whatever_passes_names_the_onsale_that_stands_at_its_place() -> None:
    passed = []

    @settings(max_examples=500, deadline=None, derandomize=True)
    @given(PIECES, st.lists(PIECES, max_size=3).map("".join))
    def asked(onsale: str, rest: str) -> None:
        path = f"/v1/onsales/{onsale}/booking/{rest}"
        if named := onsale_of(path):
            assert path.startswith(f"/v1/onsales/{named}/booking/")
            passed.append(named)

    asked()
    assert len(passed) > 10
    assert len(set(passed)) > 2
