"""What happens on sockets. News is put into the ledger by hand: no other function has to work for it."""

import time
from typing import Any

from websockets.exceptions import ConnectionClosed

from fairline.adapters.dynamodb_sessions import to_item
from fairline.domain.place import Place
from fairline.domain.session import End, Start
from tests.deployed.patience import PATIENCE_SECONDS, comes_about
from tests.deployed.scene import Scene, opened, told
from tests.journey.client import ask
from tests.journey.test_journey import claims

MINUTE_MS = 60_000
GONE = "0000000000000001|gone"
"""A socket that was closed without anybody noticing."""


def open_one(scene: Scene) -> bool:
    """Connect."""
    with opened(scene.socket_url, scene.inside[5].fan):
        return True


def open_too_many(scene: Scene) -> bool:
    """Connect once more than a fan may: the oldest socket is closed."""
    with opened(scene.socket_url, scene.inside[2].fan):
        try:
            scene.crowded[0].recv(timeout=PATIENCE_SECONDS)
        except ConnectionClosed:
            return True
        return False


def close_one(scene: Scene) -> bool:
    """Disconnect: the socket is forgotten."""
    place = scene.inside[3]
    with opened(scene.socket_url, place.fan):
        assert _sockets(scene, place.key)
    return comes_about(lambda: not _sockets(scene, place.key))


def _sockets(scene: Scene, place: str) -> list[str]:
    table = scene.deployed.outputs["ConnectionsTable"]
    found = scene.client("dynamodb").get_item(TableName=table, Key={"place": {"S": place}}, ConsistentRead=True)
    sockets: list[str] = found.get("Item", {}).get("sockets", {"SS": []})["SS"]
    return sockets


def ask_place(scene: Scene) -> bool:
    """Ask for the place."""
    return "access_token" in ask(scene.listener, "place")


def ask_progress(scene: Scene) -> bool:
    """Ask how the line goes."""
    return bool(ask(scene.listener, "ping")["type"] == "pong")


def hear_of_the_turn(scene: Scene) -> bool:
    """Be told at once that one may enter."""
    now_ms = time.time_ns() // 1_000_000
    claimed = claims(scene.waiting[2].token)
    place = Place(scene.lobby.name, int(claimed["pos"]), claimed["sub"])
    _put(scene, Start(place, now_ms, now_ms + MINUTE_MS))
    return told(scene.expectant, "admitted", PATIENCE_SECONDS)


def hear_of_the_end(scene: Scene) -> bool:
    """Be told that the session is over, although another socket is dead."""
    place = scene.inside[0].key
    scene.client("dynamodb").update_item(
        TableName=scene.deployed.outputs["ConnectionsTable"],
        Key={"place": {"S": place}},
        UpdateExpression="ADD sockets :gone",
        ExpressionAttributeValues={":gone": {"SS": [GONE]}},
    )
    _put(scene, End(Place.at(place), "left", time.time_ns() // 1_000_000))
    return told(scene.listener, "session_ended", PATIENCE_SECONDS)


def forget_who_is_gone(scene: Scene) -> bool:
    """The dead socket is forgotten."""
    return comes_about(lambda: GONE not in _sockets(scene, scene.inside[0].key), PATIENCE_SECONDS / 2)


def _put(scene: Scene, row: Any) -> None:
    in_an_hour = time.time_ns() // 1_000_000_000 + 3600
    scene.client("dynamodb").put_item(TableName=scene.deployed.outputs["SessionsTable"], Item=to_item(row, in_an_hour))
