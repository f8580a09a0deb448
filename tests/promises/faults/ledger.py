"""A DynamoDB that misbehaves: what real clients send to it is refused, held back in part, or answered too late."""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError
from moto.core.models import botocore_stubber

Reply = Callable[[str, AWSPreparedRequest], Any]
SENT = re.compile(r"before-send\.dynamodb\.(\w+)")


class Ledger:
    """What moto answers to each operation; `asked` counts the requests, each of botocore's own retries included."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: Counter[str] = Counter()
        self._replies: dict[str, Reply] = {}
        answered: Callable[..., Any] = type(botocore_stubber).__call__

        def answer(stubber: object, event_name: str, request: AWSPreparedRequest, **more: object) -> Any:
            reply = self._reply_to(event_name)
            return reply(event_name, request) if reply else answered(stubber, event_name, request, **more)

        monkeypatch.setattr(type(botocore_stubber), "__call__", answer)
        self._answered = answered

    def does(self, make: "Make", *operations: str) -> None:
        """To these operations, or to all, until it is mended."""
        reply = make(lambda event_name, request: self._answered(botocore_stubber, event_name, request))
        self._replies |= dict.fromkeys(operations or [""], reply)

    def mends(self) -> None:
        self._replies.clear()

    def _reply_to(self, event_name: str) -> Reply | None:
        match = SENT.fullmatch(event_name)
        if match is None:
            return None
        self.asked[match[1]] += 1
        return self._replies.get(match[1], self._replies.get(""))


Make = Callable[[Reply], Reply]
"""A reply, made of the one that there would be."""


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: object, **__: object) -> Any:
        yield self._body


def _response(request: AWSPreparedRequest, status: int, body: object) -> AWSResponse:
    return AWSResponse(str(request.url), status, {"x-amzn-requestid": "A1B2"}, _Raw(json.dumps(body).encode()))  # type: ignore[arg-type]


def refuses(code: str) -> Make:
    """An error instead of the answer; nothing was done."""

    def reply(_: str, request: AWSPreparedRequest) -> AWSResponse:
        error = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "busy"}
        return _response(request, 500 if code == "InternalServerError" else 400, error)

    return lambda _: reply


def silent(_: Reply) -> Reply:
    """Nothing was done, and nothing is answered in time."""

    def reply(_: str, request: AWSPreparedRequest) -> AWSResponse:
        raise ReadTimeoutError(endpoint_url=str(request.url))

    return reply


def late(answers: Reply, *, times: int = 1_000_000) -> Reply:
    """It was done, and the answer came too late."""
    asked: list[str] = []

    def reply(event_name: str, request: Any) -> Any:
        asked.append(event_name)
        answered = answers(event_name, request)
        if len(asked) <= times:
            raise ReadTimeoutError(endpoint_url=str(request.url))
        return answered

    return reply


def late_once(answers: Reply) -> Reply:
    """Only the first time: botocore asks again, and finds it done."""
    return late(answers, times=1)


def takes_no_more_than(many: int) -> Make:
    """Of a batch that is written or read only so much is done; the rest is handed back."""

    def make(answers: Reply) -> Reply:
        def reply(event_name: str, request: Any) -> Any:
            asked = json.loads(request.body)
            ((table, wanted),) = asked["RequestItems"].items()
            name, some, left = _parted(wanted, many)
            answer: dict[str, Any] = {"Responses": {table: []}}
            if many:
                request.body = json.dumps({**asked, "RequestItems": {table: some}})
                answer = json.loads(answers(event_name, request).content)
            return _response(request, 200, {**answer, name: {table: left} if left else {}})

        return reply

    return make


def _parted(wanted: Any, many: int) -> tuple[str, Any, Any]:
    if isinstance(wanted, list):
        return "UnprocessedItems", wanted[:many], wanted[many:]
    left = wanted["Keys"][many:]
    return "UnprocessedKeys", {**wanted, "Keys": wanted["Keys"][:many]}, left and {**wanted, "Keys": left}


MISBEHAVES = {
    "throttled": refuses("ThrottlingException"),
    "throughput": refuses("ProvisionedThroughputExceededException"),
    "failing": refuses("InternalServerError"),
    "silent": silent,
    "late": late,
}
NOW = ("throttled", "late")
"""What every change is tried against; the others answer to the same calls of the same adapters."""
