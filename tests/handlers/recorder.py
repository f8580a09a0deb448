"""What functions ask of AWS, recorded from botocore's own events, in the words of `stacks/grants.py`."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from stacks.tables import TABLES
from tests.handlers.cloud import Cloud
from tests.support.sessions import SESSION

KEYS = {table.name: table.key.hash[0] for table in TABLES}
SERVICES = {"apigatewaymanagementapi": "execute-api", "monitoring": "cloudwatch"}
UNNAMED = frozenset({"GetMetricData"})
"""Operations on whatever there is: their service knows no resources for them."""

ACTIONS = {"PostToConnection": "ManageConnections", "DeleteConnection": "ManageConnections"}
METHODS = {"PostToConnection": "POST", "DeleteConnection": "DELETE"}

Context = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Call:
    """One request: who made it, what it needs to be allowed, and what conditions may ask about it."""

    function: str
    action: str
    resource: str
    context: Context = field(hash=False)

    def __str__(self) -> str:
        told = ", ".join(f"{key}={sorted(values)}" for key, values in self.context.items())
        return f"{self.function}: {self.action} on {self.resource} {told}".strip()


@contextmanager
def recording(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Call]]:
    """The calls that functions make meanwhile. What a test asks of AWS by itself is left out."""
    calls: list[Call] = []
    inside: list[str] = []

    def wrapped(name: str, of_function: str | None) -> None:
        plain = getattr(Cloud, name)

        def watched(self: Cloud, *args: Any, **options: Any) -> Any:
            inside.append(of_function or args[0])
            try:
                return plain(self, *args, **options)
            finally:
                inside.pop()

        monkeypatch.setattr(Cloud, name, watched)

    def note(params: Mapping[str, Any], model: Any, **_: object) -> None:
        if inside:
            calls.append(_call(inside[-1], model.service_model.endpoint_prefix, model.name, params))

    wrapped("call", None)
    wrapped("tick", "admit")
    with SESSION.listening("provide-client-params", note):
        yield calls


def _call(function: str, service: str, operation: str, params: Mapping[str, Any]) -> Call:
    prefix = SERVICES.get(service, service)
    if operation in METHODS:
        prefix = "execute-api"
    action = f"{prefix}:{ACTIONS.get(operation, operation)}"
    return Call(function, action, _resource(operation, params), _context(params))


def _resource(operation: str, params: Mapping[str, Any]) -> str:
    if operation in METHODS:
        return f"sockets:{METHODS[operation]}"
    if operation in UNNAMED:
        return "*"
    if "Bucket" in params:
        return f"status/{params['Key']}"
    if "SecretId" in params:
        return "origin_secret"
    table = params.get("TableName") or next(iter(params["RequestItems"]))
    return f"index:{table}/{params['IndexName']}" if "IndexName" in params else f"table:{table}"


def _context(params: Mapping[str, Any]) -> Context:
    """What IAM knows of a request to the table of keys, where conditions look closer than at the table."""
    if params.get("TableName") != "keys":
        return {}
    item = params.get("Item")
    if item is not None:
        return {"dynamodb:LeadingKeys": frozenset({item[KEYS["keys"]]["S"]}), "dynamodb:Attributes": frozenset(item)}
    leading = frozenset(value["S"] for value in params["ExpressionAttributeValues"].values())
    context = {"dynamodb:LeadingKeys": leading}
    if "Select" in params:
        context["dynamodb:Select"] = frozenset({params["Select"]})
    if "ProjectionExpression" in params:
        named = re.findall(r"\w+", params["ProjectionExpression"])
        context["dynamodb:Attributes"] = frozenset({*named, KEYS["keys"]})
    return context
