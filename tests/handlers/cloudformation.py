"""Whoever waits for the answer of a custom resource."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.handlers.events import Event

HANG_UP, SILENCE = 0, -1
"""Instead of a status: a connection closed without an answer, and no answer within the caller's patience."""


@dataclass
class CloudFormation:
    """Takes answers at a presigned address, with these statuses in turn, the last one for good."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [200])
    answers: list[Any] = field(default_factory=list)
    content_types: list[str | None] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def take(self, request: BaseHTTPRequestHandler) -> None:
        self.answers.append(json.loads(request.rfile.read(int(request.headers["content-length"]))))
        self.content_types.append(request.headers["content-type"])
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status == SILENCE:
            self.over.wait(20)
        if status > 0:
            request.send_response(status)
            request.send_header("location", "/elsewhere")
            request.send_header("content-length", "0")
            request.end_headers()


@contextmanager
def listening() -> Iterator[CloudFormation]:
    """At an address of this machine."""
    told = CloudFormation()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            told.take(self)

        def log_message(self, *_args: Any) -> None:
            """Say nothing: what functions print is under test."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}/answer?X-Amz-Signature=presigned-and-secret"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield told
        told.over.set()
        server.shutdown()
        thread.join()


def asked(cloudformation: CloudFormation, kind: str = "Create") -> Event:
    """What CloudFormation sends."""
    return {
        "RequestType": kind,
        "ResponseURL": cloudformation.url,
        "StackId": "arn:aws:cloudformation:eu-central-1:123456789012:stack/FairlineStateless/1",
        "RequestId": "7bfe2d54-710a-4a52-8c9b-2a5f2d1f6f0e",
        "ResourceType": "Custom::Upkeep",
        "LogicalResourceId": "Upkeep",
        "ResourceProperties": {"ServiceToken": "arn:aws:lambda:eu-central-1:123456789012:function:rotate"},
        **({} if kind == "Create" else {"PhysicalResourceId": "fairline-keys"}),
    }
