"""Who may pass: the gate in front of the booking backend, and the authorizer of the WebSocket API.

Both ask a function. The gate's answer is the simple one of HTTP APIs, the other's is an IAM policy.
"""

import fnmatch
from collections.abc import Iterator, Mapping
from typing import Any

from fairline.routes import GATE_HEADERS, HttpRoute
from local.aws_shapes import execute_api_arn
from local.functions import Functions
from local.worker import FunctionError

GATE_FUNCTION = "authorize"


class RefusedError(Exception):
    """A request is turned away by the gateway itself, with AWS's own words."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {message}")
        self.status, self.message, self.headers = status, message, headers


class Gate:
    """A Lambda authorizer of an HTTP API: payload 2.0, simple response, no identity source, no cache."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    async def __call__(self, route: HttpRoute, event: dict[str, Any]) -> None:
        """Ask the function; then what it knows of the caller replaces whatever the client claimed to be."""
        answer = await self._ask(route, event)
        if not isinstance(answer, dict) or not isinstance(answer.get("isAuthorized"), bool):
            raise RefusedError(500, "Internal Server Error")
        if not answer["isAuthorized"]:
            raise RefusedError(403, "Forbidden")
        context = answer.get("context") or {}
        event["requestContext"]["authorizer"] = {"lambda": context}
        _overwrite_headers(event["headers"], context)

    async def _ask(self, route: HttpRoute, event: dict[str, Any]) -> Any:
        request = {
            **{key: value for key, value in event.items() if key not in {"body", "isBase64Encoded"}},
            "type": "REQUEST",
            "routeArn": execute_api_arn("$default", f"{event['requestContext']['http']['method']}{route.path}"),
            "identitySource": None,
        }
        try:
            return await self._functions.invoke(GATE_FUNCTION, request)
        except FunctionError as error:
            raise RefusedError(500, "Internal Server Error") from error


def _overwrite_headers(headers: dict[str, str], context: dict[str, Any]) -> None:
    for name, key in GATE_HEADERS.items():
        headers.pop(name, None)
        if context.get(key) is not None:
            headers[name] = str(context[key])


def policy_context(answer: Any, method_arn: str) -> dict[str, str]:
    """What a WebSocket authorizer's answer hands on, when its policy allows the connection. Raises RefusedError."""
    try:
        principal, statements = str(answer["principalId"]), list(_statements(answer["policyDocument"]))
    except (KeyError, TypeError) as error:
        raise RefusedError(500, "Internal Server Error") from error
    effects = {effect for effect, resource in statements if fnmatch.fnmatchcase(method_arn, resource)}
    if effects != {"Allow"}:
        raise RefusedError(403, "Forbidden")
    context = {key: _text(value) for key, value in (answer.get("context") or {}).items()}
    return {**context, "principalId": principal}


def _statements(policy: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each effect with each resource it is about, of the statements about invoking an API."""
    for statement in _list(policy["Statement"]):
        if {"execute-api:Invoke", "execute-api:*", "*"} & set(_list(statement["Action"])):
            for resource in _list(statement["Resource"]):
                yield statement["Effect"], resource


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
