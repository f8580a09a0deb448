"""What the steps of one run share: the way in, who they are, and what they have found out so far."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

from tools.fan import Venue
from tools.front import Answer, Call, RefusedError

if TYPE_CHECKING:
    from tools.smoke.operators import Operators
    from tools.smoke.visitor import Visitor

LOOK_AGAIN_SECONDS = 0.3
TRIES = 4
Value = TypeVar("Value")


class UnexpectedError(Exception):
    """Something other came than was expected."""

    def __init__(self, expected: str, came: object) -> None:
        super().__init__(f"expected {expected}, came {came}")
        self.expected, self.came = expected, str(came)


class SkippedError(Exception):
    """A step that means nothing here; the message says why."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer with its headers (lower-case names) and its body as text."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Scene:
    """One run. What a step finds out stands here for those that need it, and is there once that step has passed."""

    venue: Venue
    operators: "Operators"
    api_url: str = ""
    id_tokens: tuple[str, ...] = ()
    """One for each fan, where visitors sign in."""
    created: bool = False
    completion_key: str = ""
    described: dict[str, Any] = field(default_factory=dict)
    visitors: list["Visitor"] = field(default_factory=list)
    sample_backend: bool = False
    luck: Random = field(default_factory=Random)

    @property
    def onsale(self) -> str:
        """The name of the run's own onsale."""
        return self.venue.onsale

    @property
    def status_base(self) -> str:
        """The address under which the status document and the published keys stand: the tokens' issuer."""
        return str(self.described["status_url"]).removesuffix(f"/status/{self.onsale}.json")

    async def ask(self, call: Call) -> Answer:
        """Whatever answer `call` gets in the tries it has."""
        return await self.venue.front.send(call, self.luck)

    async def need(self, name: str, method: str, url: str, *, token: str | None = None, body: Any = None) -> Answer:
        """A good answer. Raises RefusedError for any other."""
        answer = await self.ask(Call(name, method, url, token, body=body, tries=TRIES))
        if not answer.ok:
            raise RefusedError(name, answer)
        return answer

    async def look_at(self, url: str, method: str = "GET", headers: dict[str, str] | None = None) -> Page:
        """One answer with its headers, as it comes. Raises aiohttp's errors, OSError or TimeoutError."""
        async with self.venue.front.http.request(method, url, headers=headers, allow_redirects=False) as answer:
            text = (await answer.read()).decode("utf-8", "replace")
            return Page(answer.status, {name.lower(): value for name, value in answer.headers.items()}, text)


def expect(fits: object, expected: str, came: object) -> None:
    """Raise UnexpectedError unless it fits."""
    if not fits:
        raise UnexpectedError(expected, told(came) if isinstance(came, Answer) else came)


def told(answer: Answer) -> str:
    """An answer in a few words."""
    if not answer.status:
        return f"no answer ({answer.problem})"
    message = str(answer.body.get("message") or answer.body.get("state") or "")
    return f"{answer.status} {answer.problem or message}".rstrip()


async def until(
    look: Callable[[], Awaitable[Value]], good: Callable[[Value], object], expected: str, seconds: float
) -> Value:
    """What `look` gives once it is good. Raises UnexpectedError with what it gave last after so long."""
    deadline = time.monotonic() + seconds
    while True:
        value = await look()
        if good(value):
            return value
        if time.monotonic() >= deadline:
            expect(None, f"{expected}, within {seconds:g} s", value)
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
