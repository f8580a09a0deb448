import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect as connect_sync

from local.background import Room
from local.connections import Connection, Connections
from local.functions import Functions
from local.provision import client
from local.tasks import Tasks
from local.websocket_api import GOING_AWAY, Limits, WebSocketApi
from tests.local.waiting import eventually


def address(room: Room, token: str | None = "good", onsale: str = "demo") -> str:
    given = f"&visitor_token={token}" if token else ""
    return f"{room.environment['WEBSOCKET_URL']}?onsale={onsale}{given}"


def kept(room: Room, identity: str) -> Any:
    table = room.environment["CONNECTIONS_TABLE"]
    found = client("dynamodb", room.environment).get_item(TableName=table, Key={"place": {"S": identity}})
    return json.loads(found["Item"]["event"]["S"]) if "Item" in found else None


def sockets(room: Room) -> Any:
    here = {**room.environment, "AWS_ENDPOINT_URL": room.environment["SOCKETS_URL"]}
    return client("apigatewaymanagementapi", here)


def ask(connection: Any, text: str = "{}") -> Any:
    connection.send(text)
    return json.loads(connection.recv(10))


def test_a_connection_goes_from_connect_over_messages_to_disconnect(room: Room) -> None:
    with connect_sync(address(room)) as connection:
        message = ask(connection, '{"action": "ping"}')
    identity = message["requestContext"]["connectionId"]
    opened = kept(room, f"connect {identity}")
    closed = eventually(lambda: kept(room, f"disconnect {identity}"))
    assert opened["requestContext"]["eventType"] == "CONNECT"
    assert opened["queryStringParameters"] == {"onsale": "demo", "visitor_token": "good"}
    assert opened["multiValueHeaders"]["Upgrade"] == ["websocket"]
    assert message["body"] == '{"action": "ping"}'
    assert message["requestContext"]["routeKey"] == "$default"
    assert message["requestContext"]["messageId"]
    assert not message.keys() & {"headers", "queryStringParameters"}
    assert closed["requestContext"]["eventType"] == "DISCONNECT"
    assert closed["requestContext"]["disconnectStatusCode"] == 1000
    for event in (opened, message, closed):
        assert event["requestContext"]["connectionId"] == identity
        assert event["requestContext"]["authorizer"] == {
            "onsale": "demo", "place": "7", "near": "true", "principalId": "v1",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("token", "onsale", "status"),
    [
        (None, "demo", 401),
        ("bad", "demo", 403),
        ("broken", "demo", 500),
        ("good", "refused", 403),
        ("good", "broken", 502),
    ],
)
def test_a_refused_handshake_says_why_in_its_status(room: Room, token: str | None, onsale: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refusal, connect_sync(address(room, token, onsale)):
        pass
    assert refusal.value.response.status_code == status
    assert json.loads(refusal.value.response.body or b"")["message"]


def test_a_message_that_a_function_fails_at_is_answered_in_awss_words(room: Room) -> None:
    with connect_sync(address(room)) as connection:
        answer = ask(connection, "raise")
    assert answer["message"] == "Internal server error"
    assert answer["connectionId"]


def test_an_answer_without_body_sends_nothing(room: Room) -> None:
    with connect_sync(address(room)) as connection:
        connection.send("silence")
        assert ask(connection, "speak")["body"] == "speak"


def test_functions_reach_a_connection_until_it_is_gone(room: Room) -> None:
    management = sockets(room)
    with connect_sync(address(room)) as connection:
        identity = ask(connection)["requestContext"]["connectionId"]
        management.post_to_connection(ConnectionId=identity, Data=b'{"type": "admitted"}')
        assert connection.recv(10) == '{"type": "admitted"}'
        known = management.get_connection(ConnectionId=identity)
        assert known["Identity"]["SourceIp"] == "127.0.0.1"
        assert known["ConnectedAt"] <= known["LastActiveAt"]
        with pytest.raises(ClientError, match="PayloadTooLarge"):
            management.post_to_connection(ConnectionId=identity, Data=b"x" * (128 * 1024 + 1))
        management.delete_connection(ConnectionId=identity)
        with pytest.raises(ConnectionClosed):
            connection.recv(10)
    with pytest.raises(management.exceptions.GoneException):
        eventually(lambda: management.post_to_connection(ConnectionId=identity, Data=b"late") and None)


def test_a_frame_above_32_kb_closes_the_connection(room: Room) -> None:
    with connect_sync(address(room)) as connection:
        assert ask(connection, "x" * 32 * 1024)["body"]
        connection.send("x" * (32 * 1024 + 1))
        with pytest.raises(ConnectionClosed) as end:
            connection.recv(10)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 1009


def test_a_message_of_128_kb_may_come_in_frames(room: Room) -> None:
    frames = ["x" * 32 * 1024] * 4
    with connect_sync(address(room), max_size=None) as connection:
        connection.send(iter(frames))
        assert len(json.loads(connection.recv(10))["body"]) == 128 * 1024
        with pytest.raises(ConnectionClosed) as end:  # noqa: PT012 - while it is sent, or after that
            connection.send(iter([*frames, "x"]))
            connection.recv(10)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 1009


class _SilentSocket(WebSocket):
    """A client that connects and never says a word."""

    def __init__(self) -> None:
        messages: Iterator[dict[str, str]] = iter([{"type": "websocket.connect"}])
        self.sent: list[Any] = []

        async def receive() -> Any:
            for message in messages:
                return message
            return await asyncio.Event().wait()

        async def send(message: Any) -> None:
            self.sent.append(message)

        super().__init__({"type": "websocket", "headers": []}, receive, send)


@pytest.mark.parametrize("limits", [Limits(idle_seconds=0.01), Limits(life_seconds=0.01)])
def test_a_connection_that_is_silent_or_old_is_closed(limits: Limits) -> None:
    async def last_words() -> Any:
        socket = _SilentSocket()
        connection = Connection(socket, "127.0.0.1", "")
        await socket.accept()
        api = WebSocketApi(Functions([], None), Connections(), Tasks(), limits)  # type: ignore[arg-type]  # none is called
        return await api._read(connection), socket.sent[-1]["code"]

    assert asyncio.run(last_words()) == ((GOING_AWAY, "Going away"), GOING_AWAY)


@asynccontextmanager
async def _crowd(room: Room, size: int) -> AsyncIterator[list[ClientConnection]]:
    opened = await asyncio.gather(*(connect(address(room)) for _ in range(size)))
    yield opened
    await asyncio.gather(*(connection.close() for connection in opened))


def test_each_of_many_connections_gets_its_own_answer(room: Room) -> None:
    async def answers() -> list[str]:
        async with _crowd(room, 20) as opened:
            await asyncio.gather(*(connection.send(str(n)) for n, connection in enumerate(opened)))
            return [json.loads(await connection.recv())["body"] for connection in opened]

    assert asyncio.run(answers()) == [str(n) for n in range(20)]
