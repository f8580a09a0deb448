"""What sockets are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairline.domain.session import fold
from fairline.usecases.desk import AdmissionDesk, PlaceView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fairline.domain.place import Place
    from fairline.usecases.ports import Sessions


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
