"""Sockets: which are kept. What they are answered is in `answer`, since opening and closing one needs none of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from fairline.domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairline.domain.place import Place
    from fairline.usecases.ports import Connections, Socket, Sockets

NEWEST = 5
"""How many sockets of one visitor are kept."""

SOCKET_LIFE_SECONDS = 3 * 3600
"""API Gateway ends a socket after two hours."""


class SocketRegister:
    """Opens and closes sockets. `clock` gives milliseconds."""

    def __init__(self, connections: Connections, sockets: Sockets | None, clock: Callable[[], int]) -> None:
        self._connections = connections
        self._sockets = sockets
        self._clock = clock

    def opened(self, place: Place, socket: Socket) -> None:
        """Remember a socket; beyond the newest few, the oldest are closed."""
        known = self._connections.add(place, socket, self._clock() // 1000 + SOCKET_LIFE_SECONDS)
        surplus = known[:-NEWEST]
        if surplus and self._sockets:
            self._connections.remove(place, surplus)
            for old in surplus:
                with suppress(Unavailable):  # forgotten is enough: API Gateway ends it in time
                    self._sockets.close(old.connection)

    def closed(self, place: Place, socket: Socket) -> None:
        """Forget a socket."""
        self._connections.remove(place, [socket])
