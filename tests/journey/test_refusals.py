"""What is refused, and how: our problem documents, and AWS's own bodies where AWS answers."""

import pytest

from tests.journey.client import Answer, Api, Onsale, Operator, ask


@pytest.fixture
def api(operator: Operator) -> Api:
    return operator.api


def problem(answer: Answer) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer
    assert answer.body["status"] == answer.status
    return answer.status, answer.body["type"].rpartition(":")[2]


def test_an_unknown_onsale_is_404(api: Api) -> None:
    assert problem(api.call("GET", "/v1/onsales/nothing-here")) == (404, "unknown-onsale")
    assert problem(api.call("POST", "/v1/onsales/nothing-here/registrations")) == (404, "unknown-onsale")


def test_an_unknown_path_is_404_and_a_wrong_method_405_naming_the_right_ones(standing: Onsale) -> None:
    assert problem(standing.api.call("GET", "/v1/nothing")) == (404, "not-found")
    answer = standing.api.call("PUT", f"{standing.path}/place")
    assert problem(answer) == (405, "method-not-allowed")
    assert answer.headers["allow"] == "DELETE, GET"


def test_before_the_lobby_it_says_when_to_come_back(operator: Operator) -> None:
    onsale = operator.onsale(lobby_opens_at="2099-01-01T00:00:00Z", sale_starts_at="2099-01-01T01:00:00Z",
                             closes_at="2099-01-01T02:00:00Z")  # fmt: skip
    answer = onsale.register()
    assert problem(answer) == (503, "not-open-yet")
    assert int(answer.headers["retry-after"]) > 3600


@pytest.mark.parametrize("token", [None, "", "nonsense", "a.b.c", "é"])
def test_a_missing_or_forged_visitor_token_is_401(standing: Onsale, token: str | None) -> None:
    headers = {} if token is None else {"authorization": f"Bearer {token}".encode().decode("latin-1")}
    assert problem(standing.api.call("GET", f"{standing.path}/place", **headers)) == (401, "invalid-token")


def test_a_bad_idempotency_key_is_400_and_named(standing: Onsale) -> None:
    answer = standing.api.call("POST", f"{standing.path}/registrations", idempotency_key="short")
    assert problem(answer) == (400, "invalid-request")
    assert answer.body["errors"][0]["field"] == "Idempotency-Key"


def test_the_gate_refuses_with_awss_own_body(standing: Onsale) -> None:
    path = f"{standing.path}/booking/seats"
    visitor_token = standing.join().token
    for token in (None, "nonsense", visitor_token):
        answer = standing.api.call("GET", path, token=token)
        assert (answer.status, answer.body) == (403, {"message": "Forbidden"})


@pytest.mark.parametrize("trick", ["//seats", "/%2e/seats", "/../booking/seats", "/seats%2f", "/./seats"])
def test_a_path_that_is_not_written_plainly_does_not_pass_the_gate(standing: Onsale, trick: str) -> None:
    token = standing.join().admitted()["access_token"]
    assert standing.api.raw(f"{standing.path}/booking{trick}", token) in (403, 404)


def test_no_client_can_say_who_it_is(standing: Onsale) -> None:
    one, two = standing.join(), standing.join()
    theirs = two.admitted()["access_token"]
    assert one.buy(one.admitted()["access_token"], "C-1").status == 201
    forged = {"X-Fairline-Session": f"{one.position}.somebody", "x_fairline_visitor": "x", "X_FAIRLINE_ONSALE": "y"}
    seats = standing.api.call("GET", f"{standing.path}/booking/seats", token=theirs, **forged)
    assert seats.status == 200
    assert seats.body["yours"] is None


def test_too_much_is_413(standing: Onsale) -> None:
    token = standing.join().admitted()["access_token"]
    path = f"{standing.path}/booking/holds"
    assert problem(standing.api.call("POST", path, token=token, body=b"x" * 20_000)) == (413, "payload-too-large")
    huge = standing.api.call("POST", path, token=token, body=b"x" * 10_500_000)
    assert (huge.status, huge.body) == (413, {"message": "Request Entity Too Large"})


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"seat": 7}', b'{"seat": "Z-99"}'])
def test_a_body_that_does_not_fit_is_400(standing: Onsale, body: bytes) -> None:
    token = standing.join().admitted()["access_token"]
    answer = standing.api.call("POST", f"{standing.path}/booking/holds", token=token, body=body)
    assert problem(answer) == (400, "invalid-request")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rate_per_minute", -5),
        ("max_active", 0),
        ("session_seconds", 2),
        ("sale_starts_at", "2001-01-01T00:00:00Z"),
        ("closes_at", "yesterday"),
        ("name", ""),
        ("surprise", 1),
    ],
)
def test_an_onsale_that_makes_no_sense_is_refused_with_the_reason(
    operator: Operator, field: str, value: object
) -> None:
    answer = operator.call("POST", body={**valid_onsale(), field: value})
    assert problem(answer) == (400, "invalid-request")
    assert field in {error["field"] for error in answer.body["errors"]}


def valid_onsale() -> dict[str, object]:
    return {
        "onsale": "never-made",
        "name": "Never made",
        "lobby_opens_at": "2098-01-01T00:00:00Z",
        "sale_starts_at": "2098-01-01T01:00:00Z",
        "closes_at": "2098-01-01T02:00:00Z",
        "rate_per_minute": 60,
        "max_active": 10,
    }


def test_a_change_from_a_stale_version_is_409_and_says_the_current_one(onsale: Onsale) -> None:
    assert onsale.change(rate_per_minute=10).status == 200
    answer = onsale.operator.call("PATCH", f"/{onsale.name}", {"expected_version": 1, "rate_per_minute": 20})
    assert problem(answer) == (409, "stale-version")
    assert answer.body["current_version"] == 2


def test_operators_routes_refuse_everyone_else(standing: Onsale) -> None:
    fan = standing.join()
    for token in (None, "nonsense", fan.token):
        answer = standing.api.call("GET", "/v1/admin/onsales", token=token)
        assert (answer.status, answer.body) == (401, {"message": "Unauthorized"})


def test_a_frame_that_makes_no_sense_is_answered_with_a_problem_and_the_socket_stays_open(standing: Onsale) -> None:
    with standing.join().socket() as socket:
        assert ask(socket, "dance")["problem"]["errors"][0]["field"] == "action"
        socket.send("{")
        assert socket.recv(timeout=20)
        assert ask(socket, "ping")["type"] == "pong"
