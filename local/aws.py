"""A child process of the room: moto's DynamoDB, S3 and other services by HTTP, until its input closes."""

import io
import logging
import re
import sys
import threading
from collections import defaultdict
from collections.abc import Iterable
from contextlib import nullcontext
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any

from moto.core import responses, utils
from moto.core.common_models import BaseModel
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models.table import Table
from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
from werkzeug.datastructures import Headers
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from moto.backends import SERVICE_NAMES

SERVICES: "dict[str, SERVICE_NAMES]" = {
    "DynamoDB": "dynamodb",
    "DynamoDBStreams": "dynamodbstreams",
    "secretsmanager": "secretsmanager",
    "GraniteServiceVersion20100801": "cloudwatch",
}
"""By how a request's target begins; a request without target is for S3."""
SWITCH_SECONDS = 0.0005
"""A tenth of Python's own: a small answer need not wait long for a large one to be put together."""


SERIALIZE = BaseJSONSerializer._serialize_type_structure  # noqa: SLF001 - the one seam between a value and its text
QUERY = Table.query
LOADER = cache(utils.create_loader)  # type: ignore[attr-defined]
"""Of botocore's models, which lists all services that AWS has: one does for all of ours."""
METHOD_NAMES = cache(utils.method_names_from_class)
"""Of a class, which moto looks through for each request."""
INDEX_NAME = 6
"""Where moto's `query` takes the index's name, after the hash key."""
WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"})


class Dispatcher:
    """Sends a request to its service. moto's own dispatcher would list every module of moto for that, each time.

    DynamoDB checks a condition and writes in one step, moto in two: so one write at a time.
    """

    def __init__(self) -> None:
        self._writing = threading.Lock()
        self._s3 = create_backend_app("s3")
        self._by_target = {target: create_backend_app(name) for target, name in SERVICES.items()}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        service = self._by_target.get(re.split("[_.]", target)[0], self._s3)
        with self._writing if target.rpartition(".")[2] in WRITES else nullcontext():
            answer: Iterable[bytes] = service(environ, start_response)
        return answer


class Handler(MotoRequestHandler):
    """Keeps connections, as AWS does, and sends an answer in one piece and at once.

    werkzeug's own closes each connection, and lingers 10 ms before that.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024

    def run_wsgi(self) -> None:
        """Answer one request."""
        environ = self.make_environ()
        if "content-length" in self.headers or "transfer-encoding" not in self.headers:
            environ["wsgi.input"] = io.BytesIO(self.rfile.read(int(self.headers.get("content-length", 0))))
        else:  # how much of a chunked body is left unread is not known, so nothing can follow it
            self.close_connection = True
        parts, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        self._send(status, headers, b"".join(parts))

    def _send(self, status: str, headers: Headers, body: bytes) -> None:
        code, _, reason = status.partition(" ")
        if code != "204":
            headers["Content-Length"] = headers.get("Content-Length") or str(len(body))
        if self.close_connection:
            headers["Connection"] = "close"
        self.send_response_only(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def handle_expect_100(self) -> bool:
        """Let a client that waits for leave send its body, at once."""
        answer = super().handle_expect_100()
        self.wfile.flush()
        return answer


def query_one_partition(table: Table, hash_key: Any, *more: Any, **named: Any) -> Any:
    """As moto's own, which sorts the whole table for each query; a query without index asks for one partition."""
    index = more[INDEX_NAME] if len(more) > INDEX_NAME else named.get("index_name")
    if index is None:
        found = table.items.get(hash_key)
        table = copy(table)
        table.items = defaultdict(dict, {hash_key: found} if found else {})
    return QUERY(table, hash_key, *more, **named)


def serialize(serializer: BaseJSONSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
    """As moto's own, which takes half a millisecond over each attribute: those stand as they are to be sent."""
    if shape.name == "AttributeValue" and isinstance(value, dict):
        serialized[key] = value
    else:
        SERIALIZE(serializer, serialized, value, shape, key)


def forgettable(kind: type[BaseModel], *_: Any, **__: Any) -> BaseModel:
    """An instance as moto's own, which keeps a list of all there ever were: of each copy of a row that was read."""
    made: BaseModel = object.__new__(kind)
    return made


def make_quick() -> None:
    """Mend what makes moto slow, for this process. What it answers stays the same."""
    utils.create_loader = LOADER  # type: ignore[attr-defined]
    BaseJSONSerializer._serialize_type_structure = serialize  # type: ignore[method-assign, assignment] # noqa: SLF001 - see SERIALIZE
    Table.query = query_one_partition  # type: ignore[method-assign, assignment]
    responses.method_names_from_class = METHOD_NAMES  # type: ignore[attr-defined]


def main() -> None:
    """Serve on a free port of 127.0.0.1, written to the output as one line."""
    sys.setswitchinterval(SWITCH_SECONDS)
    make_quick()
    BaseModel.__new__ = forgettable  # type: ignore[method-assign, assignment]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, Dispatcher(), threaded=True, request_handler=Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
