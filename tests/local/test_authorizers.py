import json
import time

import jwt
import pytest

from local.authorizers import RefusedError, policy_context
from local.background import Room
from tests.local.fetching import Answer, fetch

ARN = "arn:aws:execute-api:us-east-1:123456789012:fairline/live/$connect"
FORBIDDEN = (403, {"message": "Forbidden"})
UNAUTHORIZED = (401, {"message": "Unauthorized"})


def book(room: Room, **headers: str) -> Answer:
    return fetch(
        f"{room.url}/v1/onsales/demo/booking/seats", headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def administer(room: Room, token: str) -> Answer:
    headers = {"Authorization": token} if token else {}
    return fetch(f"{room.url}/v1/admin/onsales", headers=headers)


def fan_token(room: Room) -> str:
    answer = fetch(f"{room.url}/issuer/token?grant_type=client_credentials&client_id=fairline-fans&username=ada")
    return str(answer.json["id_token"])


def test_the_gate_hands_on_who_is_calling(room: Room) -> None:
    event = book(room, Authorization="Bearer good").json["event"]
    found = {"visitor": "v1", "session": "s1", "onsale": "demo"}
    assert event["requestContext"]["authorizer"] == {"lambda": found}
    assert {name: event["headers"][f"x-fairline-{name}"] for name in found} == found


def test_a_client_cannot_say_who_it_is(room: Room) -> None:
    event = book(room, Authorization="Bearer good", X_FairLine_VISITOR="someone else").json["event"]
    assert event["headers"]["x-fairline-visitor"] == "v1"


def test_the_gates_refusal_and_its_failures_are_in_awss_words(room: Room) -> None:
    refused, broken, nonsense = (book(room, Authorization=f"Bearer {token}") for token in ("bad", "broken", "nonsense"))
    assert (refused.status, refused.json) == FORBIDDEN
    assert (broken.status, broken.json) == (500, {"message": "Internal Server Error"})
    assert (nonsense.status, nonsense.json) == (500, {"message": "Internal Server Error"})


def test_an_operators_token_opens_the_administration(room: Room) -> None:
    answer = administer(room, f"Bearer {room.operator_token('grace')}")
    authorized = answer.json["jwt"]
    assert answer.status == 201
    assert authorized["claims"]["sub"] == "grace"
    assert authorized["claims"]["exp"].isdigit()
    assert authorized["scopes"] == ["fairline/operator"]


def test_without_a_token_or_with_a_foreign_one_the_administration_is_closed(room: Room) -> None:
    claims = {"iss": f"{room.url}/issuer", "client_id": "fairline-operators", "scope": "fairline/operator"}
    forged = jwt.encode({**claims, "exp": int(time.time()) + 60}, "x" * 32, headers={"kid": "1"})
    altered = room.operator_token()[:-8] + "AAAAAAAA"
    for token in ("", "Bearer nonsense", f"Bearer {forged}", f"Bearer {altered}"):
        answer = administer(room, token)
        assert (answer.status, answer.json) == UNAUTHORIZED
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_fans_token_does_not_open_the_administration(room: Room) -> None:
    answer = administer(room, f"Bearer {fan_token(room)}")
    assert (answer.status, answer.json) == UNAUTHORIZED


def test_registering_asks_for_an_identity_in_oidc_mode_only(room: Room, oidc_room: Room) -> None:
    def register(where: Room, headers: dict[str, str]) -> Answer:
        return fetch(f"{where.url}/v1/onsales/demo/registrations", method="POST", headers=headers, data=b"{}")

    assert register(room, {}).status == 200
    refused = register(oidc_room, {})
    assert (refused.status, refused.json) == UNAUTHORIZED
    known = register(oidc_room, {"Authorization": f"Bearer {fan_token(oidc_room)}"})
    assert known.json["event"]["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] == "ada"


def policy(effect: str, resource: str) -> dict[str, object]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {"principalId": "p", "policyDocument": {"Statement": [statement]}, "context": {"near": True, "n": 1}}


def test_a_policy_that_allows_hands_its_context_on_as_text() -> None:
    context = policy_context(policy("Allow", "arn:aws:execute-api:*/$connect"), ARN)
    assert context == {"near": "true", "n": "1", "principalId": "p"}


@pytest.mark.parametrize("answer", [policy("Deny", ARN), policy("Allow", "arn:aws:execute-api:elsewhere")])
def test_a_policy_that_does_not_allow_this_connection_refuses_it(answer: dict[str, object]) -> None:
    with pytest.raises(RefusedError, match="403"):
        policy_context(answer, ARN)


def test_an_answer_that_is_no_policy_is_the_authorizers_failure() -> None:
    with pytest.raises(RefusedError, match="500"):
        policy_context(json.loads("null"), ARN)
