"""The other end of what functions call over HTTP: `@connections`, and the front that completions go to."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote


@dataclass
class Gateway:
    """Remembers what it was sent; `gone` and `failing` are connections that answer 410 and 403."""

    server: ThreadingHTTPServer
    pushed: list[tuple[str, Any]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def forget(self) -> None:
        for seen in (self.pushed, self.closed, self.completed, self.gone, self.failing):
            seen.clear()

    def messages(self, connection: str) -> list[Any]:
        """What was pushed to one connection."""
        return [message for to, message in self.pushed if to == connection]


class _Handler(BaseHTTPRequestHandler):
    gateway: Gateway
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if "/@connections/" not in self.path:
            self.gateway.completed.append(self.path)
            return self._answer(204)
        if refused := self._refusal():
            return self._answer(*refused)
        self.gateway.pushed.append((self._connection, json.loads(body)))
        return self._answer(200)

    def do_DELETE(self) -> None:
        if refused := self._refusal():
            return self._answer(*refused)
        self.gateway.closed.append(self._connection)
        return self._answer(204)

    @property
    def _connection(self) -> str:
        return unquote(self.path.rpartition("/")[2])

    def _refusal(self) -> tuple[int, str] | None:
        if self._connection in self.gateway.gone:
            return 410, "GoneException"
        return (403, "ForbiddenException") if self._connection in self.gateway.failing else None

    def _answer(self, status: int, error: str = "") -> None:
        self.send_response(status)
        if error:
            self.send_header("x-amzn-ErrorType", error)
        if status != 204:
            self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"" if status == 204 else b"{}")

    def log_message(self, *_args: Any) -> None:
        """Say nothing: what functions print is under test."""


def start() -> Gateway:
    """A gateway on a free port of this machine."""

    class Handler(_Handler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Handler.gateway = gateway = Gateway(server)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return gateway
