"""The public names of the distributions. Where AWS has DNS and TLS, a port of 127.0.0.1 leads to the emulator."""

import http.client
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})


class Front(ThreadingHTTPServer):
    """Passes requests for one name on to the emulator, which goes by the name in them."""

    daemon_threads = True
    request_queue_size = 64

    emulator: int
    name: str

    def lead_to(self, emulator: int, name: str) -> None:
        """Say whose name it is, and the port where the emulator listens."""
        self.emulator, self.name = emulator, name

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that did not wait for their answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Front

    def handle_one_request(self) -> None:
        """Answer whatever method."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline:
            self.close_connection = True
        elif self.parse_request():
            self._pass_on()
            self.wfile.flush()

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.emulator, timeout=60)
        try:
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self._as_over_tls(body):
                upstream.putheader(name, value)
            upstream.endheaders(body)
            self._answer(upstream.getresponse())
        finally:
            upstream.close()

    def _as_over_tls(self, body: bytes) -> Iterator[tuple[str, str]]:
        yield "Host", self.server.name
        yield "X-Forwarded-Proto", "https"
        yield "Content-Length", str(len(body))
        for name, value in self.headers.items():
            if name.lower() not in HOP_BY_HOP | {"host", "x-forwarded-proto"}:
                yield name, value

    def _answer(self, reply: http.client.HTTPResponse) -> None:
        body = reply.read()
        self.send_response_only(reply.status, reply.reason)
        for name, value in reply.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@contextmanager
def front() -> Iterator[Front]:
    """Serve on a free port."""
    with Front(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
