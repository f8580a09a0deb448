"""Steps of a session: the token and its keys, the gate, the backend, more time, the purchase, the next in line."""

import json
from http import HTTPStatus
from typing import Any

import jwt

from tools.front import Answer, Call
from tools.smoke.line import WRONG, let_in, polled, socket, waiting
from tools.smoke.public import BACK_DOOR, NO_API
from tools.smoke.scene import TRIES, Scene, SkippedError, expect, told, until
from tools.smoke.steps import step

GATE = "the log of the function authorize"
BACKEND = 'docs/integrate.md, "Through our API"; the log of the function booking'
REPORT = f"{WRONG}; the log of the function complete"
FORBIDDEN = (403, {"message": "Forbidden"})
PROBLEM = "urn:fairline:problem:"
NOT_FOUND = {"message": "Not Found"}
"""As API Gateway has it, for what has no route."""
ON_THE_WAY = (401, 403, 429, 500, 502, 503, 504)
FORGOTTEN_SECONDS = 8.0
"""A session that is over is refused within 5 s; the rest is the way there and back."""
REQUIRED = ("iss", "aud", "sub", "jti", "iat", "nbf", "exp")


@step(
    "the published keys verify the access token",
    look='docs/integrate.md, "Checking access tokens yourself"; the log of the function rotate',
    needs=(polled,),
)
async def keys(scene: Scene) -> str:
    """As a backend that verifies by itself would, from the issuer's address on."""
    base = scene.status_base
    configuration = await _published(scene, f"{base}/.well-known/openid-configuration")
    expect(configuration["issuer"] == base, f"the issuer {base}", configuration["issuer"])
    key_set = jwt.PyJWKSet.from_dict(await _published(scene, str(configuration["jwks_uri"])))
    token = scene.visitors[0].admitted.access_token
    kid = jwt.get_unverified_header(token)["kid"]
    published = {key.key_id: key for key in key_set.keys}
    expect(kid in published, f"the key {kid} in the key set", ", ".join(map(str, published)))
    wanted: Any = {"algorithms": ["RS256"], "audience": scene.onsale, "issuer": base}
    try:
        jwt.decode(token, published[kid], **wanted, leeway=5, options={"require": list(REQUIRED)})
    except jwt.InvalidTokenError as wrong:
        expect(None, f"a token of {base} for {scene.onsale}, signed with {kid}", f"{type(wrong).__name__}: {wrong}")
    return str(kid)


async def _published(scene: Scene, url: str) -> dict[str, Any]:
    page = await scene.look_at(url)
    expect(page.status == HTTPStatus.OK, f"200 at {url}", page.status)
    body: dict[str, Any] = json.loads(page.text)
    return body


@step("the gate refuses whoever has no session", look=GATE, needs=(polled,))
async def gate_refuses(scene: Scene) -> str:
    """No token, an altered one, another kind of token, and a token for another onsale."""
    fan = scene.visitors[0]
    good = fan.admitted.access_token
    head, claims, signature = good.split(".")
    elsewhere = f"{scene.venue.url}/v1/onsales/{scene.onsale}-2/booking/seats"
    attempts = {
        "without a token": (f"{fan.admitted.booking_url}/seats", None),
        "for a forged token": (f"{fan.admitted.booking_url}/seats", f"{head}.{claims}.{signature[::-1]}"),
        "for a visitor token": (f"{fan.admitted.booking_url}/seats", fan.spot.visitor_token),
        "for a token of another onsale": (elsewhere, good),
    }
    for what, (url, token) in attempts.items():
        answer = await scene.ask(Call("gate", "GET", url, token, tries=2))
        expect((answer.status, answer.body) == FORBIDDEN, f"403 Forbidden {what}", answer)
    return f"403, {len(attempts)} times"


@step("the gate refuses a session that does not come through the CDN", look=BACK_DOOR, needs=(polled,))
async def gate_has_no_back_door(scene: Scene) -> str:
    """With the very token that opens it there."""
    if not scene.api_url:
        raise SkippedError(NO_API)
    url = f"{scene.api_url}/v1/onsales/{scene.onsale}/booking/seats"
    answer = await scene.ask(Call("back door", "GET", url, scene.visitors[0].admitted.access_token, tries=1))
    expect((answer.status, answer.body) == FORBIDDEN, f"403 Forbidden for GET {url}", answer)
    return "403"


@step("the gate lets a session through to the backend", look=BACKEND, needs=(polled,))
async def gate_admits(scene: Scene) -> str:
    """What the backend makes of the path is its own affair; that it is reached is ours."""
    answer = await _seats(scene, scene.visitors[0].admitted.access_token)
    expect(_of_a_backend(answer), "an answer of the backend", answer)
    scene.sample_backend = {"rows", "seats_per_row", "taken"} <= answer.body.keys()
    return "the sample backend" if scene.sample_backend else f"a backend of yours: {told(answer)}"


def _of_a_backend(answer: Answer) -> bool:
    """Whether this was not said on the way there: by nobody, the firewall, API Gateway, or a function of ours."""
    ours = str(answer.body.get("type", "")).startswith(PROBLEM)
    return bool(answer.status) and answer.status not in ON_THE_WAY and answer.body != NOT_FOUND and not ours


async def _seats(scene: Scene, token: str) -> Answer:
    url = f"{scene.visitors[0].admitted.booking_url}/seats"
    return await scene.ask(Call("seats", "GET", url, token, tries=TRIES))


@step("a session is extended, once", look="the log of the function place", needs=(polled,))
async def extended(scene: Scene) -> str:
    """By the same length again; the second time 409."""
    fan = scene.visitors[0]
    more, again = await fan.extend(), await fan.extend()
    expect(more.ok, "200 with more time", more)
    before, after = (await fan.place()).body["session_expires_at"], more.body["session_expires_at"]
    expect(before == after, f"the place to say {after} as well", before)
    expect((again.status, again.problem) == (409, "already-extended"), "409 already-extended", again)
    return f"until {after}"


@step("a seat is looked up, held and bought, and the purchase reported", look=BACKEND, needs=(gate_admits, waiting))
async def bought(scene: Scene) -> str:
    """At the sample backend, which reports the purchase by itself."""
    if not scene.sample_backend:
        raise SkippedError("the booking backend is not the sample")
    fan = scene.visitors[0]
    outcome = await fan.shopping().go()
    expect(outcome == "bought", "a seat bought", outcome)
    await until(fan.place, lambda got: got.body.get("state") == "completed", "the place completed by its report", 10)
    return outcome


@step("the backend's report ends a session, and only with its key", look=REPORT, needs=(polled, waiting))
async def reported(scene: Scene) -> str:
    """Once or often: the sample backend may have reported before us."""
    token = jwt.decode(scene.visitors[0].admitted.access_token, options={"verify_signature": False})
    session, stranger = token["jti"], "1.nobodynobodynobodynobo"
    for what, key, status in (
        (session, "not-the-key", 401),
        (stranger, scene.completion_key, 404),
        (session, scene.completion_key, 204),
        (session, scene.completion_key, 204),
    ):
        url = f"{scene.venue.onsale_url}/sessions/{what}/completion"
        answer = await scene.ask(Call("completion", "POST", url, key, body={}, tries=TRIES))
        expect(answer.status == status, f"{status} for the report", answer)
    return "204, repeated 204"


@step("a completed session is seen as completed", look=REPORT, needs=(reported,))
async def completed(scene: Scene) -> str:
    """By polling."""
    fan = scene.visitors[0]
    await until(fan.place, lambda got: got.body.get("state") == "completed", "the place completed", 10)
    return "completed"


@step("the socket tells of the session's end", look="the log of the function notify", needs=(socket, reported))
async def told_of_end(scene: Scene) -> str:
    """Pushed like the admission."""
    message = await scene.visitors[0].hears("session_ended")
    expect(message["reason"] == "completed", "completed", message)
    return str(message["reason"])


@step("its slot goes to the next in line", look=REPORT, needs=(reported, waiting))
async def passed_on(scene: Scene) -> str:
    """The second, not the third."""
    second, third = scene.visitors[1:]
    await let_in(second)
    behind = await third.place()
    expect(behind.body.get("state") == "waiting", "the third to wait", behind)
    return f"position {second.position}"


@step("who leaves gives the slot to the next", look="the logs of the functions place and admit", needs=(passed_on,))
async def left(scene: Scene) -> str:
    """The third is told by the poll alone."""
    second, third = scene.visitors[1:]
    answer = await second.leave()
    expect(answer.status == HTTPStatus.NO_CONTENT, "204 for leaving", answer)
    gone = await second.place()
    expect(gone.body.get("state") == "left", "the place left", gone)
    await let_in(third)
    return f"position {third.position}"


@step("the gate refuses a session that is over", look=GATE, needs=(gate_admits, reported))
async def refused_after(scene: Scene) -> str:
    """Though its token has not expired."""
    token = scene.visitors[0].admitted.access_token
    look = "403 Forbidden for a completed session"
    await until(lambda: _seats(scene, token), lambda got: (got.status, got.body) == FORBIDDEN, look, FORGOTTEN_SECONDS)
    return "403"
