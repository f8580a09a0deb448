"""All functions in one process, which a crash ends: what each of them may see is tested elsewhere."""

from functools import cached_property
from typing import Any

import boto3
from redis import Redis

from fairline.adapters.dynamodb_sessions import from_item
from fairline.adapters.scripts import keys
from fairline.domain.session import Row
from stacks.tables import TABLES
from tests.handlers.cloud import SETTINGS, Cloud, forget
from tests.support.aws import empty


class Deployment(Cloud):
    """A deployment whose functions start cold together."""

    def starts(self) -> None:
        """Every setting at once."""
        for setting in SETTINGS:
            self.monkeypatch.setenv(setting, self.environment[setting])
        self.monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "all")

    def enter(self, name: str) -> None:
        if not self.function:
            forget()
        self.function = name

    def restarts(self) -> None:
        """The process is gone; whoever is invoked next starts cold."""
        self.function = ""

    def forgets(self) -> None:
        """Every table is empty again but that of keys."""
        empty(self.environment[table.setting] for table in TABLES if table.setting != "KEYS_TABLE")
        self.redis.flushall()
        self.redis.script_flush()
        self.gateway.forget()

    @cached_property
    def redis(self) -> "Redis":
        """A client of the test's own."""
        client: Redis = Redis.from_url(self.environment["REDIS_URL"], decode_responses=True)
        return client

    def passes(self, onsale: str, ms: int) -> None:
        """Time passes for what a crash left behind, done at once; sessions, and the lease, last all the same."""
        state, outbox = keys(onsale, "state", "outbox")
        if not self.redis.exists(state):
            return
        for name in ("resumes_at", "filled_at"):
            self.redis.hincrby(state, name, -ms)
        for session, times in self.redis.hgetall(outbox).items():
            started, ends = str(times).split(":")
            self.redis.hset(outbox, str(session), f"{int(started) - ms}:{ends}")

    def lapses(self, onsale: str) -> None:
        """Nobody has ticked for longer than the lease."""
        self.redis.hset(keys(onsale, "state")[0], "lease_until", "1")

    def ledger(self, onsale: str) -> list[Row]:
        """Every row of every session of an onsale."""
        asked: dict[str, Any] = {
            "TableName": self.environment["SESSIONS_TABLE"],
            "FilterExpression": "onsale = :onsale",
            "ExpressionAttributeValues": {":onsale": {"S": onsale}},
        }
        return [from_item(item) for item in boto3.client("dynamodb").scan(**asked)["Items"]]

    def sockets_of(self, place: str) -> list[str]:
        """The connections that are known of a place."""
        table: Any = {"TableName": self.environment["CONNECTIONS_TABLE"], "Key": {"place": {"S": place}}}
        sockets = boto3.client("dynamodb").get_item(**table).get("Item", {}).get("sockets", {"SS": []})["SS"]
        return [socket.partition("|")[2] for socket in sockets]
