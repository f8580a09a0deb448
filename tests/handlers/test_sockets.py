"""WebSockets: who may open one, which are kept, what they are answered."""

import json
from typing import Any

import boto3
import pytest

from fairline.domain.keys import Key
from fairline.domain.place import Place
from fairline.domain.visitor_token import VisitorClaims, mint
from tests.handlers.cloud import Cloud
from tests.handlers.events import socket_authorizer_event, socket_event

ARN = "arn:aws:execute-api:eu-central-1:123456789012:w1b2c3d4e5/live/$connect"
FAR = 4_000_000_000


def authorize(cloud: Cloud, query: dict[str, str] | None) -> Any:
    return cloud.call("authorize_socket", socket_authorizer_event(query))


def effect(policy: Any) -> str:
    (statement,) = policy["policyDocument"]["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("execute-api:Invoke", ARN)
    return str(statement["Effect"])


def ask(cloud: Cloud, token: str, body: Any) -> Any:
    """What a frame is answered."""
    context = {"onsale": "demo", "place": cloud.place_of(token).key}
    text = body if isinstance(body, str) else json.dumps(body)
    answer = cloud.call("message", socket_event("$default", context, body=text))
    assert answer["statusCode"] == 200
    told = json.loads(answer["body"])
    cloud.keep(told)
    return told


def sockets(cloud: Cloud, token: str) -> list[str]:
    """Connections remembered for a visitor, oldest first."""
    key = {"place": {"S": cloud.place_of(token).key}}
    client, table = boto3.client("dynamodb"), cloud.environment["CONNECTIONS_TABLE"]
    item: Any = client.get_item(TableName=table, Key=key).get("Item", {})
    return [text.partition("|")[2] for text in sorted(item.get("sockets", {"SS": []})["SS"])]


def test_a_visitor_token_opens_a_socket_for_its_place(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    policy = authorize(cloud, {"onsale": "demo", "visitor_token": token})
    place = cloud.place_of(token)
    assert effect(policy) == "Allow"
    assert policy["principalId"] == place.visitor
    assert policy["context"] == {"onsale": "demo", "place": place.key}


def test_without_a_valid_token_no_socket_is_opened_and_nothing_but_keys_is_read(
    cloud: Cloud, signing_keys: tuple[Key, Key]
) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    expired = mint(VisitorClaims(Place("demo", 1, "q3hPs0m3Vis1tor0fOurs0"), 1, 1), signing_keys[1])
    refused: list[dict[str, str] | None] = [
        None,
        {},
        {"onsale": "demo"},
        {"visitor_token": token},
        {"onsale": "other", "visitor_token": token},
        {"onsale": "demo", "visitor_token": ""},
        {"onsale": "demo", "visitor_token": token[:-3]},
        {"onsale": "demo", "visitor_token": "\ud800.é.x"},
        {"onsale": "demo", "visitor_token": expired},
        {"onsale": "demo", "visitor_token": "x" * 5_000},
    ]
    cloud.enter("authorize_socket")
    cloud.aws_calls.clear()
    policies = [authorize(cloud, query) for query in refused]
    assert {effect(policy) for policy in policies} == {"Deny"}
    assert not any("context" in policy for policy in policies)
    assert cloud.aws_calls == ["Query"]


def test_the_newest_five_sockets_are_kept_and_older_ones_closed(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    for number in range(7):
        assert cloud.socket(token, f"c{number}=", connected_at=1_000 + number) == {"statusCode": 200}
    assert sockets(cloud, token) == ["c2=", "c3=", "c4=", "c5=", "c6="]
    assert cloud.gateway.closed == ["c0=", "c1="]
    assert cloud.gateway.pushed == []


def test_old_sockets_that_are_gone_or_cannot_be_closed_stand_in_nobodys_way(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    cloud.gateway.gone.add("c0=")
    cloud.gateway.failing.add("c1=")
    for number in range(7):
        assert cloud.socket(token, f"c{number}=", connected_at=number) == {"statusCode": 200}
    assert sockets(cloud, token) == ["c2=", "c3=", "c4=", "c5=", "c6="]


def test_a_closed_socket_is_forgotten_and_again_is_fine(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    for number in (1, 2):
        cloud.socket(token, f"c{number}=", connected_at=number)
    context = {"onsale": "demo", "place": cloud.place_of(token).key}
    for _ in range(2):
        event = socket_event("$disconnect", context, connection="c1=", connected_at=1)
        assert cloud.call("disconnect", event) == {"statusCode": 200}
    assert sockets(cloud, token) == ["c2="]


def test_a_socket_that_cannot_be_remembered_is_not_opened(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    cloud.environment["CONNECTIONS_TABLE"] = "no-such-table"
    assert cloud.socket(token, "c=") == {"statusCode": 503}


def test_who_waits_is_told_the_place(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    cloud.tick()
    told = ask(cloud, token, {"action": "place"})
    assert (told["type"], told["state"], told["position"], told["ahead"]) == ("place", "waiting", 1, None)
    assert told["epoch"] == 1
    assert "visitor_token" not in told


def test_who_is_in_is_told_so_with_the_same_token_as_by_http(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    told = ask(cloud, place["visitor_token"], {"action": "place"})
    for name in ("state", "access_token", "session_expires_at", "booking_url", "extension_available"):
        assert told[name] == place[name]


def test_whose_session_ended_is_told_the_reason(cloud: Cloud) -> None:
    cloud.open()
    place = cloud.admitted()
    cloud.http("DELETE", "/v1/onsales/demo/place", token=place["visitor_token"])
    told = ask(cloud, place["visitor_token"], {"action": "place"})
    assert (told["state"], told["reason"]) == ("left", "left")


def test_a_ping_is_answered_with_how_far_the_line_is(cloud: Cloud) -> None:
    cloud.open()
    token = cloud.admitted()["visitor_token"]
    assert ask(cloud, token, {"action": "ping"}) == {"type": "pong", "epoch": 1, "phase": "on_sale", "serving": 1}


@pytest.mark.parametrize(
    "frame",
    ["", "x", "[]", "null", "{}", '{"action": 5}', '{"action": "sing"}', '{"action": null}', "[" * 3_000, '"\\ud800"',
     '{"action": "' + "x" * 5_000 + '"}', '{"action": "\\ud800"}', "NaN", "9" * 4_000],
)  # fmt: skip
def test_a_frame_that_makes_no_sense_is_answered_with_the_problem(cloud: Cloud, frame: str) -> None:
    context = {"onsale": "demo", "place": "demo#1.q3hPs0m3Vis1tor0fOurs0"}
    answer = cloud.call("message", socket_event("$default", context, body=frame))
    told = json.loads(answer["body"])
    assert (told["type"], told["problem"]["type"]) == ("error", "urn:fairline:problem:invalid-request")
    assert [error["field"] for error in told["problem"]["errors"]] == ["action"]


def test_a_ledger_that_does_not_answer_is_told_as_a_problem(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    cloud.environment["SESSIONS_TABLE"] = "no-such-table"
    told = ask(cloud, token, {"action": "place"})
    assert (told["type"], told["problem"]["status"]) == ("error", 503)


def test_what_nobody_expected_fails_without_words(cloud: Cloud) -> None:
    answer = cloud.call("message", socket_event("$default", {}, body='{"action": "place"}'))
    assert answer == {"statusCode": 500}
    assert "unhandled" in cloud.printed()
