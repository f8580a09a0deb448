"""How steps are taken, and how a run's operator is let in."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from fairline.domain.errors import StaleVersion, Unavailable
from tests.handlers.cloud import forget
from tools.front import Answer, RefusedError
from tools.operator import deployment
from tools.operator.desk import Desk
from tools.smoke import options
from tools.smoke.journey import JOURNEY
from tools.smoke.operators import Tables
from tools.smoke.report import Paper, is_good
from tools.smoke.sale import policy
from tools.smoke.scene import Scene, SkippedError, UnexpectedError, expect, until
from tools.smoke.steps import Result, Step, step, take_all

SCENE: Any = SimpleNamespace()


def taking(act: Callable[[], Awaitable[str]], *needs: Step, always: bool = False, seconds: float = 5) -> Step:
    async def taken(_: Scene) -> str:
        return await act()

    return step(f"step {secrets.token_hex(3)}", look="the log", needs=needs, always=always, seconds=seconds)(taken)


async def well() -> str:
    return "seen"


async def never() -> str:
    await asyncio.sleep(60)
    return ""


def raising(error: Exception) -> Callable[[], Awaitable[str]]:
    async def fail() -> str:
        raise error

    return fail


def take(*steps: Step, seconds: float = 10) -> list[Result]:
    return asyncio.run(take_all(steps, SCENE, seconds, lambda _: None))


def test_a_journey_needs_nothing_that_comes_later_in_it() -> None:
    for place, each in enumerate(JOURNEY):
        assert set(each.needs) <= set(JOURNEY[:place]), each.name


def test_every_step_has_a_name_of_its_own_and_says_where_to_look() -> None:
    assert len({each.name for each in JOURNEY}) == len(JOURNEY)
    assert all(each.look for each in JOURNEY)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UnexpectedError("a cat", "a dog"), "a dog"),
        (RefusedError("register", Answer(503, problem="unavailable")), "register: 503 unavailable"),
        (StaleVersion("Somebody was faster.", current_version=2), "Somebody was faster."),
        (TimeoutError(), "no answer in time"),
        (ConnectionRefusedError("nobody there"), "no connection: ConnectionRefusedError: nobody there"),
        (KeyError("position"), "lacks 'position'"),
        (ValueError("not a time"), "garbled: not a time"),
    ],
)
def test_what_a_deployment_does_wrong_fails_the_step_in_words(error: Exception, words: str) -> None:
    (result,) = take(taking(raising(error)))
    assert (result.verdict, words in result.words, bool(result.expected)) == ("failed", True, True)


def test_a_fault_of_the_smoke_test_itself_is_no_verdict_on_the_deployment() -> None:
    closing: list[str] = []

    async def close() -> str:
        closing.append("closed")
        return ""

    with pytest.raises(ZeroDivisionError):
        take(taking(raising(ZeroDivisionError())), taking(close, always=True))
    assert closing == ["closed"]


def test_what_builds_on_a_step_that_did_not_pass_is_not_tried() -> None:
    first, second = taking(raising(UnexpectedError("a", "b"))), taking(raising(SkippedError("not here")))
    results = take(first, second, taking(well, first), taking(well, second), taking(well))
    assert [each.verdict for each in results] == ["failed", "skipped", "not tried", "not tried", "passed"]
    assert first.name in results[2].words


def test_a_step_and_the_whole_run_have_a_bound_and_the_closing_has_time_beyond_it() -> None:
    results = take(taking(never, seconds=0.05), taking(never), taking(well), taking(well, always=True), seconds=0.2)
    assert [each.verdict for each in results] == ["failed", "failed", "not tried", "passed"]
    assert results[2].words == "time is up"


def test_a_run_that_is_broken_off_still_closes() -> None:
    shown: list[Result] = []

    async def run() -> None:
        task = asyncio.create_task(take_all([taking(never), taking(well, always=True)], SCENE, 10, shown.append))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert [each.verdict for each in shown] == ["passed"]


def test_waiting_for_something_ends_with_what_was_seen_last() -> None:
    async def look() -> Answer:
        return Answer(403, {"message": "Forbidden"})

    with pytest.raises(UnexpectedError) as unexpected:
        asyncio.run(until(look, lambda answer: answer.ok, "200", 0.05))
    assert (unexpected.value.expected, unexpected.value.came) == ("200, within 0.05 s", "403 Forbidden")
    with pytest.raises(UnexpectedError, match=r"no answer \(TimeoutError\)"):
        expect(None, "200", Answer(0, problem="TimeoutError"))


def test_a_failed_step_is_printed_with_what_was_expected_what_came_and_where_to_look() -> None:
    out = StringIO()
    paper = Paper(Console(file=out, width=60))
    results = take(taking(well), taking(raising(UnexpectedError("[a] cat", "a dog"))))
    for result in results:
        paper.show(result)
    paper.verdict(results, "https://tickets.example.com", 3)
    printed = out.getvalue()
    for words in ("seen", "FAIL", "expected: [a] cat", "came: a dog", "look at: the log"):
        assert words in printed
    assert "NOT GOOD: https://tickets.example.com: 1 passed, 1 failed, in 3 s" in printed
    assert not is_good(results)
    assert is_good(results[:1])


@pytest.fixture
def desk(dynamodb_tables: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """An operator with AWS credentials, and what the deployment's stacks say."""
    assert dynamodb_tables
    told = {"SpringStateful": {"OnsalesTable": "onsales"}, "SpringEdge": {"PublicUrl": "https://tickets.example.com/"}}
    monkeypatch.setattr(deployment, "outputs", lambda stack: told[stack])
    monkeypatch.setenv("ONSALES_TABLE", "elsewhere")
    monkeypatch.setenv("SEATS_TABLE", "elsewhere")
    forget()
    yield Desk(local=False, stack="Spring", as_json=False)
    forget()


def test_with_aws_credentials_an_operator_needs_no_token(desk: Desk) -> None:
    async def operate() -> list[dict[str, Any]]:
        operators = Tables(desk)
        assert await operators.create(policy("smoke-1", datetime.now(UTC)))
        await operators.act("smoke-1", "pause", reason="A test")
        await operators.act("smoke-1", "resume")
        await operators.act("smoke-1", "close")
        return await operators.audit("smoke-1")

    trail = asyncio.run(operate())
    assert [entry["action"] for entry in trail] == ["close", "resume", "pause", "create"]
    assert {entry["by"].partition(":")[0] for entry in trail} == {"arn"}


def test_a_deployment_that_is_named_tells_its_address_and_wants_no_token(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRLINE_OPERATOR_TOKEN", "of another deployment")
    found = options.target(options.parse(["--stack", desk.stack]))
    assert (found.url, found.token, found.stack) == ("https://tickets.example.com", "", "Spring")
    routes = options.target(options.parse(["--stack", desk.stack, "--token", "typed"]))
    assert routes.token == "typed"
    elsewhere = options.target(options.parse(["--stack", desk.stack, "--url", "https://other.example.com"]))
    assert elsewhere.url == "https://other.example.com"


def test_a_deployment_that_cannot_be_asked_ends_the_run_before_it_began(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tools.smoke.__main__ import main

    def away(_: str) -> dict[str, str]:
        raise Unavailable("There is no stack WinterEdge in eu-central-1, for this account.")

    monkeypatch.setattr(deployment, "outputs", away)
    assert main(["--stack", "Winter"]) == 2
    assert "no stack WinterEdge" in capsys.readouterr().err
