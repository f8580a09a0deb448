"""A stretch of network between a client and a store, which can be cut, held up, and led elsewhere."""

import socket
import threading
from contextlib import suppress


class Wire:
    """Forwards a port of its own to `target`, each connection in two threads."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._flows = threading.Event()
        self._flows.set()
        self._whole = True
        self._cuts = 0
        self._changes = threading.Lock()
        self._ends: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._answer, daemon=True).start()

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        with self._changes:
            self._whole = False
            self._cuts += 1
            ends, self._ends = self._ends, []
        for end in ends:
            _close(end)

    def hold(self) -> None:
        """Let nothing through. What is sent meanwhile arrives when the wire is mended, however late that is."""
        self._flows.clear()

    def mend(self) -> None:
        """Be a wire again."""
        self._whole = True
        self._flows.set()

    def end(self) -> None:
        """Be no more."""
        self.cut()
        self._flows.set()
        _close(self._door)

    def _answer(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            cuts = self._cuts
            far = self._reached()
            if far is None or not self._joined(near, far, cuts):
                _close(near)
                continue
            for of, to in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(of, to), daemon=True).start()

    def _reached(self) -> socket.socket | None:
        if not self._whole:
            return None
        try:
            return socket.create_connection(("127.0.0.1", self.target), timeout=None)
        except OSError:
            return None

    def _joined(self, near: socket.socket, far: socket.socket, cuts: int) -> bool:
        """Not if the wire was cut while the connection was being made: it may lead elsewhere by now."""
        with self._changes:
            whole = self._cuts == cuts
            self._ends += [near, far] if whole else []
        if not whole:
            _close(far)
        return whole

    def _pump(self, of: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while data := of.recv(65_536):
                self._flows.wait()
                to.sendall(data)
        _close(of)
        _close(to)


def _close(end: socket.socket) -> None:
    """Also for whoever is waiting on it in another thread."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
