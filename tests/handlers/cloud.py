"""One small deployment: every function with the environment it is to have, over real Valkey and moto."""

import importlib
import json
import logging
import time
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from redis import Redis

from fairline import clients, console, stores, upkeep, wiring
from fairline.adapters.dynamodb_keys import DynamoDBKeys
from fairline.adapters.dynamodb_origin import DynamoDBOriginSecrets
from fairline.adapters.dynamodb_sessions import from_item
from fairline.domain.keys import Key
from fairline.domain.origin import OriginSecret, digest
from fairline.domain.place import Place
from fairline.domain.session import Row
from fairline.domain.status import iso
from fairline.entrypoints import telemetry
from fairline.routes import DEFAULT_FUNCTION, HTTP_ROUTES
from stacks.functions import FUNCTIONS
from tests.handlers.events import Event, http_event, matched, socket_event
from tests.handlers.gateway import Gateway

BY_NAME = {function.name: function for function in FUNCTIONS}
SETTINGS = frozenset(setting for function in FUNCTIONS for setting in function.settings)
SECRETS = ("visitor_token", "access_token", "completion_key")
OPERATOR = {"sub": "0a1b2c3d", "email": "operator@tickets.example", "scope": "fairline/operator"}
TIMES = {"started_at", "ends_at", "at"}
FAST = 60_000
"""A rate at which one visitor a millisecond may enter."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, its body parsed."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def slug(self) -> str:
        """The problem it names."""
        assert self.headers["content-type"] == "application/problem+json"
        assert self.body["status"] == self.status
        assert self.body["title"]
        assert self.body["detail"]
        return str(self.body["type"]).removeprefix("urn:fairline:problem:")

    @property
    def fields(self) -> list[str]:
        """The fields an invalid request is told of."""
        assert self.slug == "invalid-request"
        return [error["field"] for error in self.body["errors"] if error["reason"]]


@dataclass
class Cloud:
    """`environment` has every setting; each function is given those that it is to have."""

    monkeypatch: pytest.MonkeyPatch
    environment: dict[str, str]
    gateway: Gateway
    capsys: pytest.CaptureFixture[str]
    secrets: set[str] = field(default_factory=set, repr=False)
    aws_calls: list[str] = field(default_factory=list)
    function: str = ""
    _printed: str = ""

    def enter(self, name: str) -> None:
        """A cold start of a function: all that it makes is made anew, but for AWS's clients, which keep nothing."""
        self.function = name
        told = BY_NAME[name].settings
        for setting in SETTINGS:
            self.monkeypatch.delenv(setting, raising=False)
        for setting in told:
            self.monkeypatch.setenv(setting, self.environment[setting])
        self.monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", name)
        forget()

    def call(self, name: str, event: Event) -> Any:
        """Invoke a function, warm if it was the last one invoked."""
        if self.function != name:
            self.enter(name)
        answer = importlib.import_module(f"lambdas.{name}.handler").handler(event, None)
        json.dumps(answer)
        return answer

    def http(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        """A request by the table of routes."""
        return self.send(function_of(method, path), http_event(method, path, body, **options))

    def send(self, name: str, event: Event) -> Answer:
        """A request as an event, to a function."""
        return self.answered(self.call(name, event))

    def answered(self, answer: Any) -> Answer:
        """What a function has answered."""
        body = json.loads(answer["body"]) if "body" in answer else None
        self.keep(body)
        return Answer(answer["statusCode"], answer["headers"], body)

    def admin(self, method: str, path: str = "", body: Any = None) -> Answer:
        """A request by an operator, under `/v1/admin/onsales`."""
        return self.http(method, f"/v1/admin/onsales{path}", body, claims=OPERATOR)

    def keep(self, body: Any) -> None:
        """Remember what must not be found in any log."""
        if isinstance(body, dict):
            self.secrets |= {body[name] for name in SECRETS if name in body}

    def printed(self) -> str:
        """All that functions have written to their logs."""
        captured = self.capsys.readouterr()
        self._printed += captured.out + captured.err
        return self._printed

    def leaked(self, printed: str) -> list[str]:
        """The secrets that were printed: whole, or the signature alone."""
        pushed = {message["access_token"] for _, message in self.gateway.pushed if "access_token" in message}
        return [secret for secret in self.secrets | pushed if secret.rpartition(".")[2] in printed]

    def add_key(self, key: Key) -> None:
        DynamoDBKeys(boto3.client("dynamodb"), self.environment["KEYS_TABLE"]).add(key)
        self.secrets.add(key.secret)

    def add_origin(self, secret: str) -> None:
        """Let the API answer those who send this secret."""
        rows = DynamoDBOriginSecrets(boto3.client("dynamodb"), self.environment["KEYS_TABLE"])
        rows.keep(OriginSecret(digest(secret), accepted_from_ms=0), delete_after=4_000_000_000)
        self.secrets.add(secret)

    def forget_keys(self, *purposes: str) -> None:
        """Lose every row of these purposes."""
        client, table = boto3.client("dynamodb"), self.environment["KEYS_TABLE"]
        for item in client.scan(TableName=table)["Items"]:
            if item["purpose"]["S"] in purposes:
                client.delete_item(TableName=table, Key={name: item[name] for name in ("purpose", "kid")})

    def create(self, onsale: str = "demo", **values: Any) -> dict[str, Any]:
        """A new onsale that is on sale, unless told otherwise."""
        answer = self.admin("POST", "", policy(onsale, **values))
        assert answer.status == 201, answer.body
        created: dict[str, Any] = answer.body
        return created

    def open(self, onsale: str = "demo", **values: Any) -> dict[str, Any]:
        """A new onsale whose line is kept: its first ticks have been made."""
        created = self.create(onsale, **values)
        self.tick(onsale, times=2)
        return created

    def tick(self, onsale: str = "demo", times: int = 1) -> None:
        """What the ticker does each second."""
        if self.function != "admit":
            self.enter("admit")
        for _ in range(times):
            wiring.ticker()._admitter.tick(onsale)

    def register(self, onsale: str = "demo", **options: Any) -> dict[str, Any]:
        """A new visitor's registration."""
        answer = self.http("POST", f"/v1/onsales/{onsale}/registrations", **options)
        assert answer.status == 201, answer.body
        body: dict[str, Any] = answer.body
        return body

    def place(self, token: str, onsale: str = "demo") -> Answer:
        return self.http("GET", f"/v1/onsales/{onsale}/place", token=token)

    def admitted(self, onsale: str = "demo", token: str | None = None) -> dict[str, Any]:
        """A visitor's place once they were let in: one who registers now, unless a token is given."""
        token = token or self.register(onsale)["visitor_token"]
        for _ in range(50):
            self.tick(onsale)
            place: dict[str, Any] = self.place(token, onsale).body
            if place["state"] == "admitted":
                return place | {"session": self.session_of(token, onsale)}
            time.sleep(0.01)
        raise AssertionError(place)

    def place_of(self, token: str, onsale: str = "demo") -> Place:
        """The place a visitor token names."""
        self.enter("authorize_socket")
        return wiring.visitor_tokens().read(token, onsale).place

    def session_of(self, token: str, onsale: str = "demo") -> str:
        return self.place_of(token, onsale).id

    def run_out(self, session: str, onsale: str = "demo") -> None:
        """Let a session's time have run out a minute ago, in both stores, as if it had begun earlier."""
        self.enter("admit")
        client, table = clients.dynamodb(), self.environment["SESSIONS_TABLE"]
        for item in self.rows(session, onsale):
            earlier = {name: {"N": str(int(item[name]["N"]) - 7_200_000)} for name in TIMES & item.keys()}
            client.put_item(TableName=table, Item={**item, **earlier})
        clients.redis().zadd(f"{{{onsale}}}:active", {session: 1}, xx=True)

    def flush(self) -> None:
        """Lose everything that the store keeps."""
        with Redis.from_url(self.environment["REDIS_URL"]) as client:
            client.flushall()

    def all_have_returned(self, onsale: str = "demo") -> None:
        """The return window after a loss is over, though it lasts longer than a test."""
        clients.redis().hset(f"{{{onsale}}}:state", "resumes_at", "0")

    def rows(self, session: str, onsale: str = "demo") -> list[Event]:
        """The items of a session."""
        place = {":place": {"S": f"{onsale}#{session}"}}
        client, table = boto3.client("dynamodb"), self.environment["SESSIONS_TABLE"]
        reply = client.query(TableName=table, KeyConditionExpression="place = :place", ExpressionAttributeValues=place)
        return list(reply["Items"])

    def told(self, session: str, onsale: str = "demo") -> list[Row]:
        """The rows of a session."""
        return [from_item(item) for item in self.rows(session, onsale)]

    def socket(self, token: str, connection: str, connected_at: int = 1, onsale: str = "demo") -> Any:
        """Open a WebSocket for a visitor."""
        context = {"onsale": onsale, "place": self.place_of(token, onsale).key}
        return self.call("connect", socket_event("$connect", context, connection=connection, connected_at=connected_at))


def function_of(method: str, path: str) -> str:
    """The function that the table of routes sends a request to."""
    key, _ = matched(method, path.partition("?")[0])
    return next((route.function for route in HTTP_ROUTES if route.key == key), DEFAULT_FUNCTION)


def policy(onsale: str = "demo", *, lobby: int = -60, sale: int = -30, closes: int = 3600, **values: Any) -> Event:
    """The body that creates an onsale; its times in seconds from now."""
    now_ms = time.time_ns() // 1_000_000
    times = zip(("lobby_opens_at", "sale_starts_at", "closes_at"), (lobby, sale, closes), strict=True)
    return {
        "onsale": onsale,
        "name": "A show",
        **{name: iso(now_ms + seconds * 1000) for name, seconds in times},
        "rate_per_minute": FAST,
        "max_active": 10,
        **values,
    }


def forget() -> None:
    """Make this process a new execution environment."""
    for module in (wiring, upkeep, console, stores, clients, telemetry):
        for made in vars(module).values():
            if hasattr(made, "cache_clear"):
                made.cache_clear()
    for function in FUNCTIONS:
        _unbind(logging.getLogger(function.name))


def _unbind(logger: logging.Logger) -> None:
    """Powertools keeps a logger's output for good; the next test captures its own."""
    logger.handlers.clear()
    for kept in ("init", "powertools_handler"):
        vars(logger).pop(kept, None)
