"""From the ledger's stream to the sockets: who was let in, and whose session ended."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from fairline.domain.errors import Unavailable
from fairline.domain.session import End, Session, Start, fold
from fairline.domain.status import iso
from fairline.usecases.connect import NEWEST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fairline.usecases.desk import AdmissionDesk
    from fairline.usecases.ports import Connections, Socket, Sockets

AT_ONCE = 16
"""Messages sent at the same time."""

News = Start | End


class Notifier:
    """Pushes news to the visitor's newest sockets. `clock` gives milliseconds."""

    def __init__(
        self, connections: Connections, sockets: Sockets, desk: AdmissionDesk, clock: Callable[[], int]
    ) -> None:
        self._connections = connections
        self._sockets = sockets
        self._desk = desk
        self._clock = clock

    def notify(self, news: Sequence[News]) -> list[bool]:
        """For each piece of news whether it may be forgotten: sent, or nobody there to send it to.

        Messages are sent side by side, so a start is not told where its end is: it might arrive after it.
        """
        open_sockets = self._connections.of([item.place for item in news])
        ended = {item.place for item in news if isinstance(item, End)}

        def push(item: News) -> bool:
            over = isinstance(item, Start) and item.place in ended
            return self._push(item, [] if over else open_sockets.get(item.place, []))

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(push, news))

    def _push(self, item: News, sockets: Sequence[Socket]) -> bool:
        try:
            message = self._message(item) if sockets else None
            if message is None:
                return True
            gone = [s for s in sockets[-NEWEST:] if not self._sockets.post(s.connection, message)]
            if gone:
                self._connections.remove(item.place, gone)
        except Unavailable:
            return False
        return True

    def _message(self, item: News) -> dict[str, object] | None:
        if isinstance(item, End):
            return {"type": "session_ended", "reason": item.reason}
        session = fold([item])
        return self._admitted(session) if session and self._clock() < item.ends_at_ms else None

    def _admitted(self, session: Session) -> dict[str, object]:
        admission = self._desk.admission(session)
        return {
            "type": "admitted",
            "access_token": admission.access_token,
            "session_expires_at": iso(admission.ends_at_ms),
            "booking_url": admission.booking_url,
        }
