"""Every remote call that this process makes, numbered as it goes, and a process that dies at any one of them.

No call is known by name: whatever botocore, redis-py or urllib sends is a point, the day it is written. A connection
made by any other means is told apart, so that a test can say that there is none.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.request import OpenerDirector

import pytest
from botocore.endpoint import Endpoint
from redis.connection import AbstractConnection

Side = Literal["before", "after"]
SIDES: tuple[Side, Side] = ("before", "after")


class Died(BaseException):
    """The process is gone: no `except` of the product may go on from here."""


@dataclass(frozen=True)
class Point:
    """Before a call takes effect, or after it did and before its answer came. Calls count from 1."""

    number: int
    side: Side


@dataclass
class CrashPoints:
    """The calls made while somebody watches. Once dead, a process makes none: not from a `finally`, nor a thread."""

    calls: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    deaths: int = 0
    _watching: bool = False
    _point: Point | None = None
    _dead: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _inside: threading.local = field(default_factory=threading.local)
    _sent: dict[int, int] = field(default_factory=dict)

    @contextmanager
    def watched(self, point: Point | None = None) -> Iterator[None]:
        """Count from 1, and die at the point, if one is given."""
        self.calls.clear()
        self._sent.clear()
        self._watching, self._point, self._dead = True, point, False
        try:
            yield
        finally:
            self._watching = False

    def begins(self, what: str) -> int:
        """A call is about to be made; its number."""
        if not self._watching:
            return 0
        with self._lock:
            if self._dead:
                raise Died(what)
            self.calls.append(what)
            return self._at(len(self.calls), "before", what)

    def ends(self, number: int, what: str) -> None:
        """Its effect is there, and its answer."""
        with self._lock:
            if self._watching:
                self._at(number, "after", what)

    def _at(self, number: int, side: Side, what: str) -> int:
        if self._point == Point(number, side):
            self._dead = True
            self.deaths += 1
        if self._dead:
            raise Died(f"{side} call {number}, {what}")
        return number

    @contextmanager
    def known(self) -> Iterator[None]:
        """Connections made meanwhile belong to a call that is counted."""
        depth = getattr(self._inside, "depth", 0)
        self._inside.depth = depth + 1
        try:
            yield
        finally:
            self._inside.depth = depth

    def connects(self, address: object) -> None:
        """A socket is being connected."""
        if self._watching and not getattr(self._inside, "depth", 0):
            self.unknown.append(str(address))

    def sends(self, connection: object, what: str) -> None:
        """A command of Redis is about to be sent; what it did is known when its first reply has been read."""
        self._sent[id(connection)] = self.begins(what)

    def has_read(self, connection: object) -> None:
        """A reply of Redis was read."""
        number = self._sent.pop(id(connection), 0)
        if number:
            self.ends(number, "redis")


@contextmanager
def crash_points(monkeypatch: pytest.MonkeyPatch) -> Iterator[CrashPoints]:
    """This process's calls, through botocore, redis-py and urllib, beneath every client there is."""
    points = CrashPoints()
    with monkeypatch.context() as patched:
        patched.setattr(Endpoint, "make_request", _aws(points, Endpoint.make_request))
        patched.setattr(OpenerDirector, "open", _http(points, OpenerDirector.open))
        patched.setattr(AbstractConnection, "send_packed_command", _sending(points))
        patched.setattr(AbstractConnection, "read_response", _reading(points))
        patched.setattr(AbstractConnection, "connect_check_health", _connecting(points))
        patched.setattr(socket.socket, "connect", _any_connection(points))
        yield points


Method = Callable[..., Any]


def _aws(points: CrashPoints, plain: Method) -> Method:
    def make_request(self: Any, operation_model: Any, request: Any) -> Any:
        what = f"{operation_model.service_model.service_id}.{operation_model.name}"
        number = points.begins(what)
        try:
            with points.known():
                return plain(self, operation_model, request)
        finally:
            points.ends(number, what)

    return make_request


def _http(points: CrashPoints, plain: Method) -> Method:
    def open_one(self: Any, *args: Any, **options: Any) -> Any:
        number = points.begins("http")
        try:
            with points.known():
                return plain(self, *args, **options)
        finally:
            points.ends(number, "http")

    return open_one


def _sending(points: CrashPoints) -> Method:
    plain: Method = AbstractConnection.send_packed_command

    def send_packed_command(self: Any, command: Any, *args: Any, **options: Any) -> Any:
        points.sends(self, f"redis {bytes(b''.join(command))[:40]!r}")
        return plain(self, command, *args, **options)

    return send_packed_command


def _reading(points: CrashPoints) -> Method:
    plain: Method = AbstractConnection.read_response

    def read_response(self: Any, *args: Any, **options: Any) -> Any:
        try:
            return plain(self, *args, **options)
        finally:
            points.has_read(self)

    return read_response


def _connecting(points: CrashPoints) -> Method:
    plain: Method = AbstractConnection.connect_check_health

    def connect_check_health(self: Any, *args: Any, **options: Any) -> Any:
        with points.known():
            return plain(self, *args, **options)

    return connect_check_health


def _any_connection(points: CrashPoints) -> Method:
    plain: Method = socket.socket.connect

    def connect(self: Any, address: Any) -> Any:
        points.connects(address)
        return plain(self, address)

    return connect
