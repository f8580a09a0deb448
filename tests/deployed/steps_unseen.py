"""What runs by itself: the ticker and key rotation."""

import json
from collections.abc import Callable
from typing import Any

from tests.deployed.patience import PATIENCE_SECONDS, comes_about
from tests.deployed.scene import SLOWLY, Scene

NEXT_SECONDS = 60 / SLOWLY + 10
"""Where the record is not kept, a tick that lets somebody in is taken for abandoned first: one in eight seconds."""
RELOAD_SECONDS = 20
"""Each tick after a loss asks every shard for its sessions, and the emulator is slow at that."""


def _record(scene: Scene) -> Any:
    key = {"onsale": {"S": scene.queue.name}, "item": {"S": "record"}}
    table = scene.deployed.outputs["OnsalesTable"]
    return scene.client("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]


def tick(scene: Scene) -> bool:
    """The line's durable record is kept."""
    return _goes_on(lambda: _record(scene)["tick"])


def publish(scene: Scene) -> bool:
    """The status document is written."""
    return _goes_on(lambda: scene.queue.api.call("GET", scene.status_url).body["updated_at"])


def _goes_on(look: Callable[[], object], within: float = PATIENCE_SECONDS) -> bool:
    """Whether it changes twice: once it may by what was under way when a permission was taken."""
    seen = {str(look())}

    def again() -> bool:
        seen.add(str(look()))
        return len(seen) > 2

    return comes_about(again, within)


def let_in(scene: Scene) -> bool:
    """The next in line gets a session."""
    before = _started(scene)
    return comes_about(lambda: _started(scene) > before, NEXT_SECONDS)


def finish(scene: Scene) -> bool:
    """An admission that another tick abandoned is looked into."""
    redis, outbox = scene.deployed.redis, f"{{{scene.queue.name}}}:outbox"
    redis.hset(outbox, "999.nobody", "1:2")
    return comes_about(lambda: not redis.hexists(outbox, "999.nobody"))


def survive(scene: Scene) -> bool:
    """The line is begun anew when its store has lost it, with the sessions that run."""
    before = _record(scene)["epoch"]
    scene.lose(scene.queue)
    return comes_about(lambda: _record(scene)["epoch"] != before) and _goes_on(
        lambda: _record(scene)["tick"], RELOAD_SECONDS
    )


def _started(scene: Scene) -> int:
    found: int = scene.client("dynamodb").scan(
        TableName=scene.deployed.outputs["SessionsTable"],
        FilterExpression="onsale = :onsale AND event = :start",
        ExpressionAttributeValues={":onsale": {"S": scene.queue.name}, ":start": {"S": "start"}},
        Select="COUNT",
    )["Count"]
    return found


def rotate(scene: Scene) -> bool:
    """Keys are rotated, and the CDN's secret followed."""
    name = scene.deployed.functions["rotate"]["FunctionName"]
    answer = scene.client("lambda").invoke(FunctionName=name, Payload=json.dumps({}))
    return "FunctionError" not in answer
