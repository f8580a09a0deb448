"""Steps of the operator: an onsale of the run's own, paused, resumed, and closed in the end."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fairline.domain.errors import FairlineError, UnknownOnsale
from tools.front import Call, RefusedError
from tools.smoke.scene import Scene, SkippedError, expect, until
from tools.smoke.steps import step
from tools.smoke.visitor import Visitor

OPERATORS = 'docs/deploy.md, "Operators"; the log of the function admin'
REASON = "A smoke test"
STATUS_AGE_MS = 10_000


def policy(onsale: str, now: datetime) -> dict[str, Any]:
    """An onsale that lets one in at a time, and that nobody can take for a real one."""
    return {
        "onsale": onsale,
        "name": "Smoke test: not for sale",
        "lobby_opens_at": (now - timedelta(minutes=1)).isoformat(),
        "sale_starts_at": now.isoformat(),
        "closes_at": (now + timedelta(minutes=30)).isoformat(),
        "rate_per_minute": 600,
        "max_active": 1,
        "session_seconds": 180,
    }


@step("an operator creates an onsale", look=OPERATORS)
async def created(scene: Scene) -> str:
    """It is noted before it is asked for: if the answer is lost, it is to be closed all the same."""
    scene.created = True
    scene.completion_key = await scene.operators.create(policy(scene.onsale, datetime.now(UTC)))
    return scene.onsale


@step("an operator pauses it", look=OPERATORS, needs=(created,))
async def paused(scene: Scene) -> str:
    """So that the first fan has a wait to be called from."""
    await scene.operators.act(scene.onsale, "pause", reason=REASON)
    return f"“{REASON}”"


@step("the onsale is described to everybody", look="the log of the function onsale", needs=(created,))
async def described(scene: Scene) -> str:
    """Where its status and its socket are is known from here."""
    url = scene.venue.onsale_url
    look = Call("onsale", "GET", url, tries=2)
    answer = await until(lambda: scene.ask(look), lambda got: got.ok, f"200 at {url}", 5)
    scene.described = answer.body
    expect(answer.body["onsale"] == scene.onsale, f"the onsale {scene.onsale}", answer.body["onsale"])
    expect(answer.body["status_url"].endswith(f"/status/{scene.onsale}.json"), "a status_url", answer.body)
    expect(answer.body["websocket_url"].startswith("ws"), "a websocket_url", answer.body)
    return f"phase {answer.body['phase']}, visitors are {answer.body['identity']}"


@step("an operator resumes it", look=OPERATORS, needs=(paused,))
async def resumed(scene: Scene) -> str:
    """The first fan's turn follows from it."""
    await scene.operators.act(scene.onsale, "resume")
    return ""


@step("every change stands in the audit trail, with who made it", look=OPERATORS, needs=(resumed,))
async def audited(scene: Scene) -> str:
    """Oldest first: created, paused, resumed."""
    trail = await scene.operators.audit(scene.onsale)
    actions = [str(entry["action"]) for entry in reversed(trail)]
    expect(actions == ["create", "pause", "resume"], "create, pause, resume", ", ".join(actions))
    names = {str(entry["by"]) for entry in trail}
    expect(names and "unknown" not in names, "the operator's name in each", names)
    return f"by {', '.join(sorted(names))}"


@step("the onsale is closed again", look="close it by hand: `fairline close`", always=True)
async def closed(scene: Scene) -> str:
    """Whatever happened before."""
    if not scene.created:
        raise SkippedError("none was created")
    for visitor in scene.visitors:
        await visitor.bell.close()
    try:
        await scene.operators.act(scene.onsale, "close")
    except (RefusedError, FairlineError) as refused:
        if scene.completion_key or not _is_unknown(refused):
            raise
        raise SkippedError(f"none was created ({refused})") from refused
    return scene.onsale


def _is_unknown(refused: RefusedError | FairlineError) -> bool:
    """Whether there is no onsale of the run's name."""
    answered = isinstance(refused, RefusedError) and refused.answer.problem == UnknownOnsale.slug
    return answered or isinstance(refused, UnknownOnsale)


@step("nobody joins after the close", look="the logs of the functions admit and register", needs=(closed,))
async def shut(scene: Scene) -> str:
    """Within the 2 s that an operator's change takes, and some."""
    if scene.id_tokens:
        raise SkippedError("whoever signs in here has a place already")
    await until(Visitor(scene.venue).register, lambda got: got.problem == "closed", "410 closed", 6)
    return "410"
