"""Nothing secret in any log of the room: every part's, after a journey through all of them."""

from typing import Any

from local.background import Room
from local.provision import client
from tests.journey.client import Fan, Onsale, Operator, ask, eventually
from tests.openapi.conftest import Sale, opened
from tests.promises.door import forge


def test_no_log_of_the_room_has_a_token_a_key_or_a_visitor(room: Room, operator: Operator) -> None:
    [sale] = opened(operator, 1)
    with sale.inside.socket() as socket:
        ask(socket, "place")
        socket.send(sale.access_token)
        sale.inside.buy(sale.access_token, "A-1")
        eventually(sale.inside.place, lambda answer: answer.body["state"] == "completed")
    refused(sale.onsale, sale.inside, sale.access_token)
    secret = [*issued(sale), *kept(room)]
    logs = {path.name: path.read_text(errors="replace") for path in (room.directory / "logs").glob("*.log")}
    logs["room"] = room.output
    assert len(logs) > 15
    assert any(logs.values())
    parts = {part for each in secret for part in (each, *each.split(".")[1:]) if len(part) >= 12}
    assert len(parts) >= 14
    assert [(name, part) for name, text in logs.items() for part in parts if part in text] == []


def refused(onsale: Onsale, fan: Fan, access_token: str) -> None:
    """Tokens where they do not belong."""
    for token in (fan.token, access_token, onsale.completion_key):
        for path in ("place", "booking/seats", f"booking/{token}", token):
            onsale.api.call("GET", f"{onsale.path}/{path}", token=token)
        onsale.api.call("POST", f"{onsale.path}/registrations", token=f"{token}x", idempotency_key=token)
        onsale.api.call("GET", "/v1/admin/onsales", token=token)
        onsale.operator.call("POST", f"/{onsale.name}/place-lookup", {"visitor_token": f"{token}x"})


def issued(sale: Sale) -> list[str]:
    """What this sale gave to its visitor, its backend and its operator."""
    visitor = str(forge.claims_of(sale.inside.token)["sub"])
    bearers = [sale.inside.token, sale.access_token, sale.onsale.completion_key, sale.operator_token]
    return [*bearers, sale.inside.key, sale.session, visitor]


def kept(room: Room) -> list[str]:
    """What signs, and what the CDN sends."""
    environment = room.environment
    rows: Any = client("dynamodb", environment).scan(TableName=environment["KEYS_TABLE"])["Items"]
    keys = [row["secret"]["S"] for row in rows if "secret" in row]
    assert len(keys) >= 2
    origin = client("secretsmanager", environment).get_secret_value(SecretId=environment["ORIGIN_SECRET"])
    return [*keys, str(origin["SecretString"])]
