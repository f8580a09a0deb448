"""Steps of waiting: a place, the status document, the socket, and the turn by push and by poll."""

from http import HTTPStatus

import aiohttp

from fairline.domain.status import from_iso
from tools.front import COME_BACK
from tools.record import Admission, now_ms
from tools.smoke.sale import REASON, STATUS_AGE_MS, described, paused, resumed
from tools.smoke.scene import Scene, expect, until
from tools.smoke.steps import step
from tools.smoke.visitor import Visitor

WRONG = 'docs/operations.md, "When something is wrong"'
JOINING = f"{WRONG}; the logs of the functions register and admit"
SOCKETS = "the logs of the functions authorize_socket, connect and message"
FIRST_TICK_SECONDS = 120.0
"""A line that nobody looked after yet has its first tick within a minute; it then takes a Lambda to start."""
TURN_SECONDS = 15.0
READ_ACROSS = {"Origin": "https://elsewhere.example"}


@step("a fan joins the line", look=JOINING, needs=(described, paused), seconds=FIRST_TICK_SECONDS)
async def joined(scene: Scene) -> str:
    """The first one waits for the line's first tick, if no other onsale is live."""
    visitor = await _join(scene)
    expect(visitor.position == 1, "position 1", visitor.position)
    return f"position {visitor.position}"


async def _join(scene: Scene) -> Visitor:
    number = len(scene.visitors)
    visitor = Visitor(scene.venue, scene.id_tokens[number] if scene.id_tokens else None)
    answer = await until(
        lambda: visitor.register(scene.described),
        lambda got: got.status not in COME_BACK,
        "a place",
        FIRST_TICK_SECONDS - TURN_SECONDS,
    )
    expect(answer.status == HTTPStatus.CREATED, "201 for a new place", answer)
    scene.visitors.append(visitor)
    return visitor


@step("joining again gives the same place", look="the log of the function register", needs=(joined,))
async def same_place(scene: Scene) -> str:
    """After a lost answer, and on another device."""
    (fan,) = scene.visitors
    for answer in (await fan.register(), await fan.come_back()):
        expect(answer.status == HTTPStatus.OK, "200 for a place that is known", answer)
        expect(answer.body["position"] == fan.position, f"position {fan.position}", answer.body["position"])
    return f"position {fan.position}"


@step("the status document tells the line, to any page", look=WRONG, needs=(joined,))
async def status(scene: Scene) -> str:
    """At the address that the onsale names: fresh, with what the operator said, readable across origins."""
    url = str(scene.described["status_url"])
    found = await until(
        lambda: scene.look_at(url, headers=READ_ACROSS), lambda page: page.status == HTTPStatus.OK, f"200 at {url}", 15
    )
    across = found.headers.get("access-control-allow-origin", "no such header")
    expect(across in ("*", READ_ACROSS["Origin"]), "access-control-allow-origin: * at the status document", across)
    said = await until(lambda: _document(scene), lambda document: document["notice"] == REASON, f"“{REASON}”", 10)
    expect(said["phase"] == "paused", "the phase paused", said["phase"])
    age_ms = now_ms() - from_iso(said["updated_at"])
    expect(abs(age_ms) < STATUS_AGE_MS, "a document of the last 10 s", f"{age_ms / 1000:.0f} s")
    return f"{age_ms / 1000:.1f} s old"


async def _document(scene: Scene) -> dict[str, object]:
    return (await scene.need("status", "GET", str(scene.described["status_url"]))).body


@step("a socket is refused to whoever has no place", look=SOCKETS, needs=(joined,))
async def socket_refused(scene: Scene) -> str:
    """A token that we did not sign."""
    query = {"onsale": scene.onsale, "visitor_token": scene.visitors[0].spot.visitor_token[:-4] + "AAAA"}
    try:
        socket = await scene.venue.front.connect(str(scene.described["websocket_url"]), query)
    except aiohttp.WSServerHandshakeError as refused:
        expect(refused.status in (401, 403), "401 or 403", refused.status)
        return str(refused.status)
    await socket.close()
    expect(None, "401 or 403 for a forged visitor token", "an open socket")
    return ""


@step("the socket opens and tells the place", look=SOCKETS, needs=(joined,))
async def socket(scene: Scene) -> str:
    """By route response, from a consistent read."""
    (fan,) = scene.visitors
    await fan.ring()
    refusals = [status for (call, status, _) in scene.venue.front.tally.failures if call == "socket"]
    expect(fan.bell.is_open, f"an open socket at {scene.described['websocket_url']}", f"refused: {refusals}")
    place = await fan.hears("place")
    expect(place["state"] == "waiting", "the place waiting", place["state"])
    return str(place["state"])


@step("the push tells a fan of its turn", look="the log of the function notify", needs=(socket, resumed))
async def pushed(scene: Scene) -> str:
    """To the socket that said it waits."""
    message = await scene.visitors[0].hears("admitted")
    Admission.of(message)
    return "admitted"


@step("the poll tells a fan of its turn", look="the logs of the functions admit and place", needs=(joined, resumed))
async def polled(scene: Scene) -> str:
    """Polling is the truth: it has to do without any push, and to agree with one."""
    fan = scene.visitors[0]
    await let_in(fan)
    for message in fan.heard:
        if message.get("type") == "admitted":
            same = message["access_token"] == fan.admitted.access_token
            expect(same, "the access token that was pushed", "another one")
    return "admitted"


async def let_in(fan: Visitor) -> None:
    """Poll until the fan's turn has come."""
    answer = await until(fan.place, lambda got: got.body.get("state") == "admitted", "200 admitted", TURN_SECONDS)
    fan.admission = Admission.of(answer.body)


@step("the cap holds: the next fans wait", look="the log of the function admit", needs=(polled,))
async def waiting(scene: Scene) -> str:
    """In the order in which they came."""
    for _ in range(2):
        await _join(scene)
    positions = [fan.position for fan in scene.visitors]
    expect(positions == [1, 2, 3], "positions 1, 2, 3", positions)
    places = [await fan.place() for fan in scene.visitors[1:]]
    states = [place.body.get("state") for place in places]
    expect(states == ["waiting"] * 2, "both waiting", states)
    expect([place.body["ahead"] for place in places] == [0, 1], "0 and 1 ahead", [p.body["ahead"] for p in places])
    return "0 and 1 ahead"
