"""What CloudFront's edges do before the site is asked and once it has answered, run under the CDK's own Node."""

import json
import subprocess
import sys
from typing import Any

import pytest

from stacks.edge.door import DOOR
from stacks.edge.hint import HINT
from stacks.pages import ahead
from tests.support.spoken import SPOKEN

BYTES_OF_A_FUNCTION = 10_240
"""What CloudFront takes at most."""


def run(code: str, *events: dict[str, Any]) -> list[dict[str, Any]]:
    script = f"{code}\nconsole.log(JSON.stringify({json.dumps(events)}.map(handler)))"
    done = subprocess.run(
        [f"{sys.prefix}/bin/node", "-e", script], capture_output=True, text=True, timeout=30, check=True
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def at_the_door(*events: dict[str, Any]) -> list[dict[str, Any]]:
    return run(DOOR, *events)


def request(method: str = "GET", uri: str = "/", accepted: str = "", **query: str) -> dict[str, Any]:
    headers = {"accept-language": {"value": accepted}} if accepted else {}
    asked = {name: {"value": value} for name, value in query.items() if value}
    return {"request": {"method": method, "uri": uri, "headers": headers, "querystring": asked}}


def test_the_edge_speaks_the_language_that_the_library_would() -> None:
    answers = at_the_door(*(request(accepted=accepted, lang=asked) for accepted, asked, _ in SPOKEN))
    assert [answer["uri"] for answer in answers] == [f"/{spoken}/index.html" for _, _, spoken in SPOKEN]


def test_the_console_is_found_by_its_name() -> None:
    answers = at_the_door(*(request(uri=uri) for uri in ("/console", "/console/", "/console/app.js")))
    assert [answer["uri"] for answer in answers] == ["/console/index.html", "/console/index.html", "/console/app.js"]


def test_whatever_else_is_read_passes_as_it_came() -> None:
    passing = [request(uri=uri, accepted="es") for uri in ("/style.css", "/js/page.js", "/en/index.html", "//")]
    assert at_the_door(*passing) == [each["request"] for each in passing]
    (page,) = at_the_door(request("HEAD", "/index.html", "es"))
    assert (page["method"], page["uri"]) == ("HEAD", "/es/index.html")


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ({"onsale": "spring"}, "/v1/onsales/spring/place"),
        ({"onsale": "spring", "lang": "ar"}, "/v1/onsales/spring/place?lang=ar"),
        ({"onsale": "spring", "lang": "//x"}, "/v1/onsales/spring/place"),
    ],
)
def test_a_form_without_script_leads_to_the_place(query: dict[str, str], address: str) -> None:
    assert at_the_door(request("POST", **query)) == [{"statusCode": 303, "headers": {"location": {"value": address}}}]


@pytest.mark.parametrize("onsale", ["", "..", "spring/../x", "spring%2f", "Spring", "-a", "a" * 64, "spring\n"])
def test_a_form_of_no_onsale_leads_nowhere(onsale: str) -> None:
    assert at_the_door(request("POST", onsale=onsale)) == [{"statusCode": 400, "headers": {}}]


def test_nothing_else_is_done_to_the_site() -> None:
    sent = [request("POST", "/style.css", onsale="spring"), request("PUT", onsale="spring"), request("OPTIONS")]
    assert [answer["statusCode"] for answer in at_the_door(*sent)] == [405] * 3


NAMES = ("spring", "the-night-trains-2026", "", "..", "spring/../x", "Spring", "-a", "a" * 64, "spring>", "spring\n")


def hinted(*, kind: str = "text/html", **query: str) -> dict[str, Any]:
    return {**request(**query), "response": {"headers": {"content-type": {"value": kind}} if kind else {}}}


@pytest.mark.parametrize("preview", ["", "line"])
def test_the_edge_tells_browsers_of_the_onsale_that_the_room_would(preview: str) -> None:
    answers = run(HINT, *(hinted(onsale=onsale, preview=preview) for onsale in NAMES))
    told = [answer["headers"].get("link", {}).get("value") for answer in answers]
    assert told == [ahead(onsale, preview=bool(preview)) for onsale in NAMES]


def test_nothing_but_a_page_tells_of_an_onsale() -> None:
    answers = run(HINT, *(hinted(kind=kind, onsale="spring") for kind in ("text/css", "text/javascript", "")))
    assert not any("link" in answer["headers"] for answer in answers)


@pytest.mark.parametrize("code", [DOOR, HINT], ids=["door", "hint"])
def test_a_function_is_no_larger_than_it_may_be(code: str) -> None:
    assert len(code.encode()) <= BYTES_OF_A_FUNCTION
