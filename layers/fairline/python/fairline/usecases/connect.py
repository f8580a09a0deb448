"""Sockets: who may open one, which are kept, and what they are answered."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fairline.domain.errors import Unavailable
from fairline.domain.session import fold
from fairline.usecases.desk import AdmissionDesk, PlaceView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fairline.domain.place import Place
    from fairline.usecases.ports import Connections, Sessions, Socket, Sockets

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


class SocketAnswers:
    """What a socket's messages are answered.

    `status` gives an onsale's status document, at most a second old. The session is read after the socket is known,
    so an admission is either in this answer or pushed.
    """

    def __init__(
        self,
        sessions: Sessions,
        desk: AdmissionDesk,
        status: Callable[[str], Mapping[str, Any] | None],
        clock: Callable[[], int],
    ) -> None:
        self._sessions = sessions
        self._desk = desk
        self._status = status
        self._clock = clock

    def place(self, place: Place) -> PlaceView:
        """The place as the ledger knows it; how many are ahead follows from the status document."""
        epoch = (self._status(place.onsale) or {}).get("epoch", 0)
        session = fold(self._sessions.rows(place))
        if session is None:
            return PlaceView(place, "waiting", epoch)
        return self._desk.view(session, epoch=epoch, now_ms=self._clock())

    def progress(self, onsale: str) -> dict[str, Any]:
        """Epoch, phase and serving of the line, as far as they are published."""
        status = self._status(onsale) or {}
        return {name: status.get(name) for name in ("epoch", "phase", "serving")}
