"""Requests that advance one call to the store at a time, in whatever order a test says, and crash where it says."""

from collections.abc import Callable
from threading import Semaphore, Thread
from typing import Any, Literal, cast

from fairline.domain.errors import FairlineError
from fairline.usecases.book import Seats

Fate = Literal["runs", "crashes before", "crashes after"]
PATIENCE_SECONDS = 20


class CrashedError(Exception):
    """The process is gone: before the call was made, or after it was and before the answer came."""


class SteppedSeats:
    """A store whose every call waits for its turn."""

    def __init__(self, seats: Seats, turn: Callable[[], Fate]) -> None:
        self._seats = seats
        self._turn = turn

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            fate = self._turn()
            if fate == "crashes before":
                raise CrashedError
            answer = getattr(self._seats, name)(*args, **named)
            if fate == "crashes after":
                raise CrashedError
            return answer

        return call


class Stepped:
    """One request of a session in flight. `work` is handed the store it must use."""

    def __init__(self, session: str, seats: Seats, work: Callable[[Seats], object]) -> None:
        self.session = session
        self.alone = True
        """Whether the session has asked for nothing else since shortly before."""
        self._go, self._rests = Semaphore(0), Semaphore(0)
        self._fate: Fate = "runs"
        self.over = False
        self.outcome: object = None
        self.broken: BaseException | None = None
        self._thread = Thread(target=self._run, args=(SteppedSeats(seats, self._turn), work), daemon=True)
        self._thread.start()
        self._rest()

    def step(self, fate: Fate) -> None:
        """Let the next call to the store happen."""
        self._fate = fate
        self._go.release()
        self._rest()

    def finish(self) -> None:
        """Let every call that is left happen."""
        while not self.over:
            self.step("runs")
        self._thread.join()

    def _rest(self) -> None:
        assert self._rests.acquire(timeout=PATIENCE_SECONDS)

    def _turn(self) -> Fate:
        self._rests.release()
        assert self._go.acquire(timeout=PATIENCE_SECONDS)
        return self._fate

    def _run(self, seats: SteppedSeats, work: Callable[[Seats], object]) -> None:
        try:
            self.outcome = work(cast("Seats", seats))
        except (FairlineError, CrashedError):
            pass
        except BaseException as exc:  # noqa: BLE001 (handed to the test, which fails with it)
            self.broken = exc
        finally:
            self.over = True
            self._rests.release()
