"""What a step is, how steps are taken one after the other, and what comes of each."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import aiohttp
import jwt

from fairline.domain.errors import FairlineError
from tools.front import RefusedError
from tools.record import JourneyEndedError
from tools.smoke.scene import Scene, SkippedError, UnexpectedError

Verdict = Literal["passed", "failed", "skipped", "not tried"]
Act = Callable[[Scene], Awaitable[str]]
CLOSING_SECONDS = 20.0


@dataclass(frozen=True)
class Step:
    """One thing that must hold.

    `act` answers a few words on what it saw. `look`: where to look when it fails. It is not tried unless what it
    `needs` has passed; `always` means that it is taken even when time is up or somebody ends the run.
    """

    name: str
    act: Act
    look: str
    needs: tuple["Step", ...] = ()
    seconds: float = 30.0
    always: bool = False


@dataclass(frozen=True)
class Result:
    """What came of a step. `words` are what was seen, or why not; `expected` only where something else came."""

    step: Step
    verdict: Verdict
    words: str
    seconds: float = 0.0
    expected: str = ""


Show = Callable[[Result], None]


def step(
    name: str, *, look: str, needs: tuple[Step, ...] = (), seconds: float = 30.0, always: bool = False
) -> Callable[[Act], Step]:
    """Make a step of the function that takes it."""
    return lambda act: Step(name, act, look, needs, seconds, always)


async def take_all(steps: Sequence[Step], scene: Scene, seconds: float, show: Show) -> list[Result]:
    """Take the steps in turn, for so long altogether; those that are `always` taken have a while more."""
    results: dict[Step, Result] = {}
    deadline = time.monotonic() + seconds
    try:
        for each in steps:
            results[each] = await _take(each, scene, results, deadline)
            show(results[each])
    finally:
        for each in steps:
            if each.always and each not in results:
                results[each] = await _attempt(each, scene, CLOSING_SECONDS)
                show(results[each])
    return list(results.values())


async def _take(each: Step, scene: Scene, results: dict[Step, Result], deadline: float) -> Result:
    lacking = [need.name for need in each.needs if results[need].verdict != "passed"]
    if lacking:
        return Result(each, "not tried", f"it builds on: {lacking[0]}")
    left = max(CLOSING_SECONDS if each.always else 0.0, deadline - time.monotonic())
    return await _attempt(each, scene, min(each.seconds, left)) if left else Result(each, "not tried", "time is up")


async def _attempt(each: Step, scene: Scene, seconds: float) -> Result:
    started = time.monotonic()
    verdict, words, expected = await _outcome(each, scene, seconds)
    return Result(each, verdict, words, time.monotonic() - started, expected)


async def _outcome(each: Step, scene: Scene, seconds: float) -> tuple[Verdict, str, str]:
    """The verdict, the words and what was expected."""
    try:
        async with asyncio.timeout(seconds):
            return "passed", await each.act(scene), ""
    except SkippedError as skipped:
        return "skipped", str(skipped), ""
    except UnexpectedError as unexpected:
        return "failed", unexpected.came, unexpected.expected
    except tuple(CAME) as error:
        came = next(words for kind, words in CAME.items() if isinstance(error, kind))
        return "failed", came.format(error=error, kind=type(error).__name__, seconds=seconds), GOOD


GOOD = "an answer as docs/openapi.yaml has it"
CAME: dict[type[Exception], str] = {
    RefusedError: "{error}",
    FairlineError: "{error}",
    JourneyEndedError: "a place that has ended: {error}",
    TimeoutError: "no answer in time, which is {seconds:.0f} s for this step and less for a call",
    aiohttp.ClientError: "no connection: {kind}: {error}",
    OSError: "no connection: {kind}: {error}",
    jwt.PyJWTError: "a token or key that cannot be read: {error}",
    KeyError: "an answer that lacks {error}",
    TypeError: "an answer that is garbled: {error}",
    ValueError: "an answer that is garbled: {error}",
}
"""Errors that say something of the deployment, the narrower before the wider, and in what words."""
