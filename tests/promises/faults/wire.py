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
        self._changes = threading.Lock()
        self._ends: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._answer, daemon=True).start()

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        with self._changes:
            self._whole = False
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
            try:
                far = socket.create_connection(("127.0.0.1", self.target), timeout=None)
            except OSError:
                _close(near)
                continue
            self._join(near, far)

    def _join(self, near: socket.socket, far: socket.socket) -> None:
        """Unless the wire is cut, or was while the connection was being made."""
        with self._changes:
            whole = self._whole
            self._ends += [near, far] if whole else []
        if not whole:
            _close(near)
            _close(far)
            return
        for of, to in ((near, far), (far, near)):
            threading.Thread(target=self._pump, args=(of, to), daemon=True).start()

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
