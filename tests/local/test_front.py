import asyncio
import base64
import hashlib
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Message

from local.background import Room
from local.cdn import Cache
from local.edge import AnswerHeaders
from local.provision import client
from stacks.headers import SECURITY_HEADERS, content_security_policy
from tests.local.fetching import Answer, fetch
from tests.local.waiting import eventually
from tests.support.spoken import SPOKEN

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
SIGN_IN = {
    "response_type": "code",
    "client_id": "fairline-fans",
    "redirect_uri": "http://127.0.0.1:1/back",
    "state": "s1",
    "nonce": "n1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def test_objects_of_the_status_bucket_are_served_under_their_names(room: Room) -> None:
    keys = fetch(f"{room.url}/.well-known/jwks.json")
    assert (keys.status, keys.json, keys.headers["cache-control"]) == (200, {"keys": []}, "max-age=60")
    assert keys.headers["access-control-allow-origin"] == "*"
    again = fetch(f"{room.url}/.well-known/jwks.json", headers={"If-None-Match": keys.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert fetch(f"{room.url}/status/nothing.json").status == 404


def test_pictures_are_objects_of_the_status_bucket_too(room: Room) -> None:
    key, kept = "pictures/demo/abc.png", "public, max-age=31536000, immutable"
    s3, bucket = client("s3", room.environment), room.environment["STATUS_BUCKET"]
    s3.put_object(Bucket=bucket, Key=key, Body=b"\x89PNG", ContentType="image/png", CacheControl=kept)
    found = fetch(f"{room.url}/{key}")
    assert (found.status, found.body, found.headers["content-type"]) == (200, b"\x89PNG", "image/png")
    assert found.headers["cache-control"] == kept
    assert fetch(f"{room.url}/pictures/demo/nothing.png").status == 404


def test_a_changed_object_is_seen_after_its_second_in_the_cache(room: Room) -> None:
    s3 = client("s3", room.environment)

    def write(text: bytes) -> None:
        s3.put_object(Bucket=room.environment["STATUS_BUCKET"], Key="status/change.json", Body=text)

    write(b"1")
    assert fetch(f"{room.url}/status/change.json").body == b"1"
    write(b"2")
    assert eventually(lambda: fetch(f"{room.url}/status/change.json").body == b"2")


def test_the_schedule_begins_at_once(room: Room) -> None:
    found = eventually(lambda: _ok(fetch(f"{room.url}/status/fixture.json")))
    assert found.json["scheduled"]["detail-type"] == "Scheduled Event"


def _ok(answer: Answer) -> Answer | None:
    return answer if answer.status == 200 else None


def test_the_page_is_served_and_asked_for_anew_each_time(room: Room) -> None:
    page = fetch(f"{room.url}/")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"
    assert fetch(f"{room.url}/", headers={"If-None-Match": page.headers["etag"]}).status == 304
    assert fetch(f"{room.url}/no-such-file").status == 404


@pytest.mark.parametrize(("accepted", "asked", "spoken"), SPOKEN)
def test_the_page_speaks_the_language_that_the_edge_would(room: Room, accepted: str, asked: str, spoken: str) -> None:
    page = fetch(f"{room.url}/?{urlencode({'lang': asked})}", headers={"Accept-Language": accepted})
    assert f'<html lang="{spoken}"'.encode() in page.body


def test_a_form_without_script_leads_to_the_place_and_nothing_else_is_done_to_the_site(room: Room) -> None:
    asked = {"/?onsale=spring&lang=ar": 303, "/?onsale=..": 400, "/": 400, "/style.css?onsale=spring": 405}
    answers = {path: fetch(f"{room.url}{path}", method="POST", data=b"") for path in asked}
    assert {path: answer.status for path, answer in answers.items()} == asked
    assert answers["/?onsale=spring&lang=ar"].headers["location"] == "/v1/onsales/spring/place?lang=ar"


def test_the_template_of_the_page_is_not_a_page(room: Room) -> None:
    for path in ("/index.html", "/en/index.html"):
        page = fetch(f"{room.url}{path}")
        assert page.status == 200
        assert b"{{" not in page.body


@pytest.mark.parametrize("path", ["/", "/no-such-file", "/v1/onsales/demo", "/v1/nothing"])
def test_page_and_api_bear_the_security_headers_of_the_cdn(room: Room, path: str) -> None:
    headers = fetch(f"{room.url}{path}").headers
    assert {name: headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert headers["content-security-policy"] == content_security_policy([room.url.replace("http", "ws")])


def test_an_answer_that_says_what_it_may_load_keeps_that_and_nothing_else_of_its_own() -> None:
    own = Response(headers={"content-security-policy": "form-action 'self'", "x-frame-options": "SAMEORIGIN"})
    site = {"content-security-policy": "form-action 'none'", "x-frame-options": "DENY"}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    asyncio.run(AnswerHeaders(own, site)({"type": "http"}, receive, send))
    headers = Headers(raw=sent[0]["headers"])
    assert headers["content-security-policy"] == "form-action 'self'"
    assert headers["x-frame-options"] == "DENY"


def test_a_cached_answer_bears_them_once(room: Room) -> None:
    for _ in range(2):
        headers = fetch(f"{room.url}/v1/onsales/demo").headers
        assert headers.get_all("x-content-type-options") == ["nosniff"]


def test_the_status_is_of_another_host_and_open_to_any_page(room: Room) -> None:
    headers = fetch(f"{room.url}/.well-known/jwks.json").headers
    assert headers["access-control-allow-origin"] == "*"
    assert headers["content-security-policy"] is None


def test_whoever_asks_while_an_answer_is_fetched_waits_for_it_and_shares_it() -> None:
    fetched: list[int] = []
    now = [0.0]

    async def fetch_one() -> Response:
        fetched.append(1)
        await asyncio.sleep(0)
        return Response(str(len(fetched)))

    async def ask(cache: Cache) -> bytes:
        return bytes((await cache.get("key", fetch_one)).body)

    async def run() -> None:
        cache = Cache(clock=lambda: now[0])
        assert await asyncio.gather(*(ask(cache) for _ in range(5))) == [b"1"] * 5
        now[0] = 0.9
        assert await ask(cache) == b"1"
        now[0] = 1.0
        assert await ask(cache) == b"2"

    asyncio.run(run())


@pytest.mark.parametrize("status", [404, 500, 503])
def test_only_good_answers_are_kept(status: int) -> None:
    fetched: list[int] = []

    async def fetch_one() -> Response:
        fetched.append(1)
        return Response(status_code=status)

    async def run() -> None:
        cache = Cache()
        await cache.get("key", fetch_one)
        await cache.get("key", fetch_one)

    asyncio.run(run())
    assert len(fetched) == 2


def test_the_issuer_describes_itself(room: Room) -> None:
    found = fetch(f"{room.url}/issuer/.well-known/openid-configuration").json
    assert found["issuer"] == f"{room.url}/issuer"
    assert fetch(found["jwks_uri"]).json["keys"][0]["kty"] == "RSA"
    assert "d" not in fetch(found["jwks_uri"]).json["keys"][0]


def sign_in(room: Room, **changed: str) -> str:
    form = urlencode({**SIGN_IN, "name": "Ada", **changed}).encode()
    answer = fetch(f"{room.url}/issuer/authorize", method="POST", data=form)
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (answer.status, back["state"]) == (303, ["s1"])
    return back["code"][0]


def redeem(room: Room, code: str, **changed: str) -> Answer:
    asked = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER, **changed}
    form = {**{name: SIGN_IN[name] for name in ("client_id", "redirect_uri")}, **asked}
    return fetch(f"{room.url}/issuer/token", method="POST", data=urlencode(form).encode())


def test_a_name_is_enough_to_sign_in_and_a_code_is_good_once(room: Room) -> None:
    code = sign_in(room)
    tokens = redeem(room, code).json
    payload = tokens["id_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert (claims["sub"], claims["aud"], claims["nonce"]) == ("Ada", "fairline-fans", "n1")
    assert tokens["scope"] == "openid"
    assert redeem(room, code).json == {"error": "invalid_grant"}


def test_a_code_is_worth_nothing_to_whoever_did_not_begin_the_sign_in(room: Room) -> None:
    answer = redeem(room, sign_in(room), code_verifier="w" * 43)
    assert (answer.status, answer.json) == (400, {"error": "invalid_grant"})


def test_only_operators_are_granted_the_operators_scope(room: Room) -> None:
    code = sign_in(room, client_id="fairline-operators", scope="fairline/operator")
    assert "fairline/operator" in redeem(room, code, client_id="fairline-operators").json["scope"]
    fan = sign_in(room, scope="openid fairline/operator")
    assert "fairline/operator" not in redeem(room, fan).json["scope"]


def test_a_sign_in_is_renewed_for_the_client_that_it_was_made_for(room: Room) -> None:
    renewal = redeem(room, sign_in(room)).json["refresh_token"]
    asked = {"grant_type": "refresh_token", "refresh_token": renewal}
    renewed = redeem(room, "", **asked)
    assert (renewed.status, renewed.json["scope"]) == (200, "openid")
    for wrong in ({"client_id": "fairline-operators"}, {"refresh_token": "made up"}):
        assert redeem(room, "", **{**asked, **wrong}).json == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    "wrong", [{"client_id": "x"}, {"redirect_uri": "https://example.com/"}, {"code_challenge": ""}]
)
def test_a_sign_in_that_would_leave_this_machine_or_lacks_a_proof_is_refused(room: Room, wrong: dict[str, str]) -> None:
    answer = fetch(f"{room.url}/issuer/authorize?{urlencode({**SIGN_IN, **wrong})}")
    assert answer.status == 400


def test_the_sign_in_page_cannot_be_made_to_carry_markup(room: Room) -> None:
    query = urlencode({**SIGN_IN, "state": '"><script>'})
    answer = fetch(f"{room.url}/issuer/authorize?{query}")
    assert b"<script>" not in answer.body
    assert b"&quot;&gt;&lt;script&gt;" in answer.body
