"""A child process of the room: moto's DynamoDB, DynamoDB Streams and S3 over HTTP, until its input closes."""

import logging
import sys
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from moto.backends import SERVICE_NAMES

SERVICES: "dict[str, SERVICE_NAMES]" = {"DynamoDB": "dynamodb", "DynamoDBStreams": "dynamodbstreams"}
"""By how a request's target begins; a request without target is for S3."""


class Dispatcher:
    """Sends a request to its service. moto's own dispatcher would list every module of moto for that, each time."""

    def __init__(self) -> None:
        self._s3 = create_backend_app("s3")
        self._by_target = {target: create_backend_app(name) for target, name in SERVICES.items()}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        target = environ.get("HTTP_X_AMZ_TARGET", "").partition("_")[0]
        answer: Iterable[bytes] = self._by_target.get(target, self._s3)(environ, start_response)
        return answer


class Handler(MotoRequestHandler):
    """Keeps connections, as AWS does, and sends an answer in one piece and at once."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024


def main() -> None:
    """Serve on a free port of 127.0.0.1, written to the output as one line."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, Dispatcher(), threaded=True, request_handler=Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
