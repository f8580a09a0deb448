"""A tick that stands still between any two of its calls, while everything else goes on."""

from collections.abc import Callable
from threading import Semaphore, Thread
from typing import Any

from fairline.domain.errors import FairlineError
from fairline.usecases.admit import Admitter
from tests.support.fragile import Crash
from tests.support.sale import Sale

PATIENCE_SECONDS = 20


class Stalling:
    """Every call waits for its turn."""

    def __init__(self, inner: Any, turn: Callable[[], None]) -> None:
        self._inner, self._turn = inner, turn

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            self._turn()
            return getattr(self._inner, name)(*args, **named)

        return call


class StalledTick:
    """One tick of a ticker of its own. It makes some of its calls whenever it is told to, and rests before the next."""

    def __init__(self, sale: Sale, calls: int) -> None:
        self.since_ms = sale.clock()
        self.over = False
        self._left, self._dies = 0, False
        self._broken: list[BaseException] = []
        self._go, self._rests = Semaphore(0), Semaphore(0)
        world = (sale.admissions, sale.sessions, sale.records, sale.onsales, sale.documents, sale.samples)
        admitter = Admitter(*(Stalling(each, self._turn) for each in world), clock=lambda: sale.clock() / 1000)
        self._thread = Thread(target=self._run, args=(admitter, sale.name), daemon=True)
        self._thread.start()
        self.goes_on(calls)

    def goes_on(self, calls: int) -> None:
        """Make so many calls more; whatever the model objected to meanwhile is raised here."""
        if self.over:
            return
        self._left = calls
        self._go.release()
        assert self._rests.acquire(timeout=PATIENCE_SECONDS)
        if self.over:
            self._thread.join()
        if self._broken:
            raise self._broken[0]

    def dies(self) -> None:
        """The process is gone."""
        self._dies = True
        self.goes_on(0)

    def _turn(self) -> None:
        while not self._left and not self._dies:
            self._rests.release()
            assert self._go.acquire(timeout=PATIENCE_SECONDS)
        if self._dies:
            raise Crash
        self._left -= 1

    def _run(self, admitter: Admitter, name: str) -> None:
        assert self._go.acquire(timeout=PATIENCE_SECONDS)
        try:
            admitter.tick(name)
        except (FairlineError, Crash):
            pass
        except BaseException as error:  # noqa: BLE001 - handed to the test, which fails with it
            self._broken.append(error)
        finally:
            self.over = True
            self._rests.release()
