"""What single steps of the smoke test make of single answers, and where their hints lead."""

import asyncio
import re
from types import SimpleNamespace
from typing import Any

import pytest

from fairline.domain.errors import FairlineError, StaleVersion, UnknownOnsale
from local.settings import ROOT
from stacks.headers import SECURITY_HEADERS
from tools.front import Answer, Call, RefusedError
from tools.smoke import public, sale, session
from tools.smoke.journey import JOURNEY
from tools.smoke.scene import Page, SkippedError, UnexpectedError
from tools.smoke.steps import Step

UNKNOWN = Answer(404, {"type": "urn:fairline:problem:unknown-onsale"}, "unknown-onsale")


@pytest.mark.parametrize("each", JOURNEY, ids=lambda each: each.name)
def test_every_section_that_a_hint_names_is_there(each: Any) -> None:
    named = re.findall(r'(docs/[\w/.-]+\.md), "([^"]+)"', each.look)
    assert len(named) == each.look.count("docs/")
    for file, section in named:
        assert re.search(rf"^#+ {re.escape(section)}$", (ROOT / file).read_text(), re.MULTILINE), (file, section)


def take(each: Step, scene: Any) -> str:
    async def taken() -> str:
        return await each.act(scene)

    return asyncio.run(taken())


def answered(answer: Answer) -> Any:
    """A scene with one fan who has been let in, where everything gets this answer."""

    async def ask(_: Call) -> Answer:
        return answer

    admitted = SimpleNamespace(access_token="token", booking_url="https://tickets.example.com/booking")
    return SimpleNamespace(
        ask=ask, visitors=[SimpleNamespace(admitted=admitted)], api_url="https://api.example.com", onsale="demo"
    )


@pytest.mark.parametrize(
    "answer",
    [
        Answer(0, problem="TimeoutError"),
        Answer(401, {"type": "urn:fairline:problem:invalid-token"}, "invalid-token"),
        Answer(401, {"message": "Unauthorized"}),
        Answer(403),
        Answer(403, {"message": "Forbidden"}),
        Answer(403, {"type": "urn:fairline:problem:not-from-the-edge"}, "not-from-the-edge"),
        UNKNOWN,
        Answer(404, {"message": "Not Found"}),
        Answer(429, {"message": "Too Many Requests"}),
        Answer(503, {"message": "Service Unavailable"}),
    ],
    ids=lambda answer: f"{answer.status} {answer.problem or answer.body}",
)
def test_what_was_said_on_the_way_is_no_answer_of_the_backend(answer: Answer) -> None:
    with pytest.raises(UnexpectedError):
        take(session.gate_admits, answered(answer))


@pytest.mark.parametrize("answer", [Answer(200), Answer(404, {"error": "no such page"}), Answer(405), Answer(302)])
def test_whatever_a_backend_says_of_an_address_that_it_does_not_have_shows_that_it_is_reached(answer: Answer) -> None:
    assert take(session.gate_admits, answered(answer)).startswith("a backend of yours")


def test_a_gate_that_opens_to_whoever_goes_around_the_cdn_is_broken() -> None:
    assert take(session.gate_has_no_back_door, answered(Answer(403, {"message": "Forbidden"}))) == "403"
    with pytest.raises(UnexpectedError):
        take(session.gate_has_no_back_door, answered(Answer(200)))


def closing(refusal: Exception, completion_key: str = "") -> Any:
    """A scene whose onsale cannot be closed."""

    async def act(*_: str) -> None:
        raise refusal

    operators = SimpleNamespace(act=act)
    return SimpleNamespace(
        created=True, onsale="smoke-1", visitors=[], operators=operators, completion_key=completion_key
    )


@pytest.mark.parametrize("refusal", [RefusedError("close", UNKNOWN), UnknownOnsale("There is no such onsale.")])
def test_an_onsale_that_never_was_need_not_be_closed(refusal: Exception) -> None:
    with pytest.raises(SkippedError):
        take(sale.closed, closing(refusal))
    with pytest.raises(type(refusal)):
        take(sale.closed, closing(refusal, "a key, so it was"))


@pytest.mark.parametrize(
    "refusal", [RefusedError("close", Answer(500)), StaleVersion("Somebody was faster.", current_version=2)]
)
def test_an_onsale_that_may_be_open_is_not_said_to_be_none(refusal: RefusedError | FairlineError) -> None:
    with pytest.raises(type(refusal)):
        take(sale.closed, closing(refusal))


SITE = {
    "/": ("text/html", '<link rel="icon" href="icon.svg"><script type="module" src="js/page.js"></script>'),
    "/icon.svg": ("image/svg+xml", "<svg/>"),
    "/js/page.js": ("text/javascript", 'load("./joining.js", "join");'),
    "/js/joining.js": ("text/javascript", 'import { call } from "./page.js"; import("./line.js");'),
    "/js/line.js": ("text/javascript", ""),
}


def visited(missing: str = "") -> Any:
    """A scene whose site lacks a file."""

    async def look_at(url: str) -> Page:
        path = url.removeprefix("https://tickets.example.com")
        if path == missing:
            return Page(404, {"content-type": "text/html"}, "")
        kind, text = SITE[path]
        return Page(200, {**SECURITY_HEADERS, public.CSP: "default-src 'none'", "content-type": kind}, text)

    return SimpleNamespace(look_at=look_at, venue=SimpleNamespace(url="https://tickets.example.com"))


def test_a_page_has_all_its_files_and_those_that_its_scripts_name() -> None:
    assert take(public.page, visited()) == "and 4 files with it"


@pytest.mark.parametrize("missing", SITE)
def test_a_page_that_lacks_a_file_is_broken(missing: str) -> None:
    with pytest.raises(UnexpectedError):
        take(public.page, visited(missing))
