"""The running room answers as described: each success, and the refusals a client meets, one by one."""

from collections import defaultdict
from typing import Any

import pytest
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response

from tests.journey.client import Fan, Operator, eventually
from tests.openapi.conftest import Sale, loaded
from tests.openapi.description import described, operations
from tests.support.pictures import png

SCHEMA = loaded()


class Client:
    """Calls operations by their id, and holds each answer against the description."""

    def __init__(self, url: str, onsale: str) -> None:
        self.url, self.onsale = url, onsale
        self.seen: dict[str, set[int]] = defaultdict(set)

    def __call__(self, operation_id: str, token: str | None = None, body: Any = None, **path: str) -> Response:
        operation = SCHEMA.find_operation_by_id(operation_id)
        media_type = "image/png" if isinstance(body, bytes) else "application/json"
        given: dict[str, Any] = {} if body is None else {"body": body, "media_type": media_type}
        names = {parameter.name for parameter in operation.path_parameters}
        parameters = {name: path.get(name, self.onsale) for name in names}
        case = operation.Case(path_parameters=parameters, **given)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        response = case.call_and_validate(base_url=self.url, headers=headers, excluded_checks=[not_a_server_error])
        assert response.status_code != 500  # 503 is an answer like others
        self.seen[operation_id].add(response.status_code)
        return response


@pytest.fixture
def client(sale: Sale) -> Client:
    return Client(sale.url, sale.onsale.name)


def test_every_success_is_as_described(sale: Sale, operator: Operator, client: Client) -> None:
    visit(sale, client)
    buy(sale, client)
    operate(sale, client)
    for published in ("readStatus", "readKeySet", "readIssuer"):
        client(published)
    promised = {
        (operation["operationId"], int(status))
        for _, _, operation in operations(described())
        for status in operation["responses"]
        if status.startswith("2")
    }
    # On a busy machine the gate may have forgotten a session that the purchase has ended, and refuse what comes after.
    seen = {(name, status) for name, statuses in client.seen.items() for status in statuses}
    forgotten = ("purchase", 403) in seen
    assert seen - {("readSeats", 403), ("purchase", 403)} == promised - ({("purchase", 200)} if forgotten else set())


def visit(sale: Sale, client: Client) -> None:
    client("describeOnsale")
    token = client("register").json()["visitor_token"]
    client("register", token)
    client("readPlace", token)
    client("extend", sale.inside.token)
    client("readCode", token)
    client("depart", token)
    client("leave", token)


def buy(sale: Sale, client: Client) -> None:
    client("readSeats", sale.access_token)
    client("hold", sale.access_token, {"seat": "A-1"})
    client("readSeats", sale.access_token)
    client("purchase", sale.access_token)
    client("purchase", sale.access_token)
    client("readSeats", sale.access_token)
    client("readPlace", sale.inside.token)
    client("complete", sale.onsale.completion_key, session=sale.session)


def operate(sale: Sale, client: Client) -> None:
    token, expected = sale.operator_token, {"expected_version": 1}
    client("createOnsale", token, {**policy(), "onsale": f"{client.onsale}-2"})
    client("readOnsale", token)
    client("listOnsales", token)
    branding = {"accent": "#0d6b45", "organiser": "The hall"}
    client("changeOnsale", token, {**expected, "rate_per_minute": 120, "branding": branding})
    client("addPicture", token, png())
    client("pause", token, {"expected_version": 2, "reason": "A moment, please"})
    client("resume", token, {"expected_version": 3})
    client("notice", token, {"expected_version": 4, "notice": ""})
    client("issueCompletionKey", token, {"expected_version": 5})
    client("lookUpPlace", token, {"position": sale.inside.position})
    client("lookUpPlace", token, {"visitor_token": sale.inside.token})
    client("readMetrics", token)
    client("readHistory", token)
    client("readErrors", token)
    client("readAudit", token)
    client("close", token, {"expected_version": 6})


def policy() -> dict[str, Any]:
    return {
        "onsale": "never-made",
        "name": "Another",
        "lobby_opens_at": "2098-01-01T00:00:00Z",
        "sale_starts_at": "2098-01-01T01:00:00+01:00",
        "closes_at": "2098-01-01T02:00:00Z",
        "rate_per_minute": 60,
        "max_active": 10,
    }


def refused(response: Response, status: int, slug: str) -> None:
    assert (response.status_code, response.json()["type"]) == (status, f"urn:fairline:problem:{slug}")


def test_what_a_visitor_is_refused_is_as_described(sale: Sale, operator: Operator, client: Client) -> None:
    refused(client("describeOnsale", onsale="nothing-here"), 404, "unknown-onsale")
    refused(client("register", onsale="nothing-here"), 404, "unknown-onsale")
    refused(client("register", "no-token"), 401, "invalid-token")
    refused(client("readPlace"), 401, "invalid-token")
    refused(client("leave", "no-token"), 401, "invalid-token")
    client("extend", sale.inside.token)
    refused(client("extend", sale.inside.token), 409, "already-extended")
    client("leave", sale.inside.token)
    refused(client("extend", sale.inside.token), 409, "session-ended")
    assert sale.onsale.join(sale.inside.key).position > sale.inside.position
    refused(client("readPlace", sale.inside.token), 410, "superseded")


def test_before_the_lobby_and_after_the_close_the_line_answers_as_described(
    sale: Sale, operator: Operator, client: Client
) -> None:
    far = f"{client.onsale}-far"
    client("createOnsale", sale.operator_token, {**policy(), "onsale": far})
    refused(client("register", onsale=far), 503, "not-open-yet")
    sale.onsale.act("close")
    late = eventually(lambda: client("register"), lambda response: response.status_code == 410)
    refused(late, 410, "closed")


def test_what_a_buyer_is_refused_is_as_described(sale: Sale, client: Client) -> None:
    neighbour: Fan = sale.onsale.join()
    theirs = neighbour.admitted()["access_token"]
    assert client("readSeats").json() == {"message": "Forbidden"}
    refused(client("purchase", theirs), 409, "nothing-held")
    refused(client("hold", theirs, {"seat": "Z-99"}), 400, "invalid-request")
    refused(client("hold", theirs, {"seat": "x" * 20_000}), 413, "payload-too-large")
    client("hold", sale.access_token, {"seat": "B-2"})
    refused(client("hold", theirs, {"seat": "B-2"}), 409, "seat-taken")
    client("hold", theirs, {"seat": "B-3"})
    client("purchase", theirs)
    # The gate may remember the session for three seconds more, or have read that it is over.
    late = client("hold", theirs, {"seat": "B-4"})
    assert late.status_code in (403, 409)


def test_what_a_backend_is_refused_is_as_described(sale: Sale, client: Client) -> None:
    key, session = sale.onsale.completion_key, sale.session
    refused(client("complete", "not-the-key", session=session), 401, "invalid-token")
    refused(client("complete", key, session="99.q3hPs0m3JtqD5VwN2xYb8A"), 404, "not-found")
    refused(client("complete", key, session=session, onsale="nothing-here"), 404, "unknown-onsale")
    client("leave", sale.inside.token)
    refused(client("complete", key, session=session), 409, "session-ended")


def test_a_name_with_a_line_end_is_one_like_any_other(sale: Sale, client: Client) -> None:
    refused(client("describeOnsale", onsale="nothing\nhere"), 404, "unknown-onsale")
    refused(client("readOnsale", sale.operator_token, onsale="nothing\n"), 404, "unknown-onsale")


def test_what_an_operator_is_refused_is_as_described(sale: Sale, client: Client) -> None:
    token = sale.operator_token
    assert client("listOnsales").json() == {"message": "Unauthorized"}
    refused(client("createOnsale", token, {**policy(), "max_active": 0}), 400, "invalid-request")
    refused(client("createOnsale", token, {**policy(), "onsale": client.onsale}), 409, "name-taken")
    refused(client("changeOnsale", token, {"expected_version": 9, "max_active": 5}), 409, "stale-version")
    refused(client("readMetrics", token, onsale="nothing-here"), 404, "unknown-onsale")
    refused(client("readHistory", token, onsale="nothing-here"), 404, "unknown-onsale")
    refused(client("lookUpPlace", token, {"position": 10**9}), 404, "not-found")
    refused(client("lookUpPlace", token, {"visitor_token": "no-token"}), 401, "invalid-token")
