import base64
import time
from typing import Any

import pytest

from fairline.routes import ORIGIN_HEADER
from local.background import Room
from local.provision import client
from tests.local.fetching import Answer, fetch

REGISTRATIONS = "/v1/onsales/demo/registrations"


def post(room: Room, data: bytes, content_type: str | None, path: str = REGISTRATIONS) -> Any:
    headers = {"content-type": content_type} if content_type else {}
    return fetch(f"{room.url}{path}", method="POST", headers=headers, data=data).json["event"]


def do(room: Room, what: str) -> Answer:
    """Through `$default`, which no cache stands in front of."""
    return fetch(f"{room.url}/v1/elsewhere?do={what}")


def test_an_event_has_the_shape_of_payload_format_2(room: Room) -> None:
    event = post(room, b'{"a": 1}', "application/json")
    context = event.pop("requestContext")
    headers = event.pop("headers")
    assert event == {
        "version": "2.0",
        "routeKey": "POST /v1/onsales/{onsale}/registrations",
        "rawPath": REGISTRATIONS,
        "rawQueryString": "",
        "pathParameters": {"onsale": "demo"},
        "body": '{"a": 1}',
        "isBase64Encoded": False,
    }
    assert headers["content-type"] == "application/json"
    assert headers["x-amzn-trace-id"].startswith("Root=1-")
    named = "accountId apiId domainName domainPrefix http requestId routeKey stage time timeEpoch"
    assert context.keys() == set(named.split())
    assert context["stage"] == "$default"
    assert context["http"]["sourceIp"] == "127.0.0.1"
    assert time.strptime(context["time"], "%d/%b/%Y:%H:%M:%S +0000")


def test_cookies_come_apart_from_the_headers(room: Room) -> None:
    answer = fetch(f"{room.url}/v1/onsales/demo/place", headers={"Cookie": "a=1; b=2"})
    event = answer.json["event"]
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]


def test_repeated_query_parameters_are_joined_and_decoded(room: Room) -> None:
    event = fetch(f"{room.url}/v1/onsales/demo/place?x=1&x=a%20b&y=").json["event"]
    assert event["queryStringParameters"] == {"x": "1,a b", "y": ""}
    assert event["rawQueryString"] == "x=1&x=a%20b&y="


def test_a_path_arrives_decoded(room: Room) -> None:
    event = fetch(f"{room.url}/v1/onsales/caf%C3%A9/place").json["event"]
    assert event["rawPath"] == "/v1/onsales/café/place"
    assert event["pathParameters"] == {"onsale": "café"}


def test_what_the_gateway_says_of_the_client_cannot_be_claimed_by_the_client(room: Room) -> None:
    claims = {"X-Forwarded-For": "9.9.9.9", "X-Forwarded-Proto": "gopher", "X-Forwarded-Port": "1"}
    event = fetch(f"{room.url}/v1/onsales/demo/place", headers=claims).json["event"]
    assert event["headers"]["x-forwarded-for"] == "9.9.9.9, 127.0.0.1"
    assert event["headers"]["x-forwarded-proto"] == "http"
    assert event["headers"]["x-forwarded-port"] == room.url.rpartition(":")[2]
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.1"


def test_the_secret_of_the_cdn_comes_with_every_request_whatever_the_client_claims(room: Room) -> None:
    def heard(**claimed: str) -> str:
        event = fetch(f"{room.url}/v1/onsales/demo/place", headers=claimed).json["event"]
        return str(event["headers"][ORIGIN_HEADER])

    secret = heard()
    assert len(secret) >= 32
    assert heard(**{ORIGIN_HEADER: "a guess"}) == heard(**{ORIGIN_HEADER.title(): secret}) == secret
    assert do(room, "bare").headers[ORIGIN_HEADER] is None
    settings = {"SecretId": room.environment["ORIGIN_SECRET"]}
    assert client("secretsmanager", room.environment).get_secret_value(**settings)["SecretString"] == secret


@pytest.mark.parametrize("content_type", ["text/plain", "application/json; charset=utf-8", "application/xml"])
def test_text_arrives_as_text(room: Room, content_type: str) -> None:
    event = post(room, "é".encode(), content_type)
    assert (event["body"], event["isBase64Encoded"]) == ("é", False)


@pytest.mark.parametrize("content_type", ["application/octet-stream", "application/x-www-form-urlencoded", "image/png"])
def test_anything_else_arrives_in_base64(room: Room, content_type: str) -> None:
    event = post(room, b"a=1", content_type)
    assert (base64.b64decode(event["body"]), event["isBase64Encoded"]) == (b"a=1", True)


def test_a_path_without_route_goes_to_the_default_function(room: Room) -> None:
    event = fetch(f"{room.url}/v1/nothing/here", method="PUT").json["event"]
    assert event["routeKey"] == "$default"
    assert "pathParameters" not in event


def test_an_answer_without_status_is_a_body_of_json(room: Room) -> None:
    answer = do(room, "bare")
    assert (answer.status, answer.headers["content-type"], answer.json) == (200, "application/json", {"bare": True})


def test_cookies_and_headers_of_an_answer_are_set(room: Room) -> None:
    answer = do(room, "cookies")
    assert answer.headers.get_all("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["x-one"] == "1"
    assert answer.headers["apigw-requestid"]


def test_a_binary_answer_is_decoded(room: Room) -> None:
    assert do(room, "binary").body == b"\x00\x01\x02"


@pytest.mark.parametrize("what", ["raise", "exit", "malformed", "unserialisable", "sleep"])
def test_a_function_that_fails_is_a_500_in_awss_words(room: Room, what: str) -> None:
    answer = do(room, what)
    assert (answer.status, answer.json) == (500, {"message": "Internal Server Error"})
    assert do(room, "bare").status == 200


def test_what_is_too_large_is_a_413_in_awss_words(room: Room) -> None:
    large = b"x" * (10 * 1024 * 1024 + 1)
    answer = fetch(f"{room.url}{REGISTRATIONS}", method="POST", data=large)
    assert (answer.status, answer.json) == (413, {"message": "Request Entity Too Large"})


def test_a_function_knows_its_settings_and_nothing_of_whoever_opened_the_room(room: Room) -> None:
    environment = do(room, "environment").json
    assert environment["ONSALES_TABLE"] == room.environment["ONSALES_TABLE"]
    assert environment["AWS_ENDPOINT_URL"] == room.environment["AWS_ENDPOINT_URL"]
    assert not environment.keys() & {"REDIS_URL", "SESSIONS_TABLE", "HOME", "USER"}
