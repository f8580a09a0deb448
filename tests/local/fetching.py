"""Plain HTTP for tests: one request, the whole answer, errors included."""

import json
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


OPENER = build_opener(_NoRedirects)


def fetch(url: str, *, method: str = "GET", headers: dict[str, str] | None = None, data: bytes | None = None) -> Answer:
    request = Request(url, data=data, headers=headers or {}, method=method)
    try:
        with OPENER.open(request, timeout=60) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())
