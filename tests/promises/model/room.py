"""A sale with the model as its witness: every call that the promises are about is overheard, whoever makes it."""

from collections.abc import Sequence
from typing import Any, cast

from fairline.domain.admission import Bucket
from fairline.domain.onsale import Onsale
from fairline.domain.session import End, Extension, Row, Session, Start, fold
from fairline.domain.tick import Record, Taken, View
from fairline.usecases.complete import Completion
from fairline.usecases.desk import AdmissionDesk
from fairline.usecases.notify import Notifier
from fairline.usecases.operate import Operations
from fairline.usecases.places import Absence, Places
from fairline.usecases.ports import Sessions
from fairline.usecases.register import Registrar, VisitorTokens
from tests.promises.model.model import Call, Model
from tests.support.clock import Clock
from tests.support.clocked import ClockedStore
from tests.support.sale import PUBLIC_URL, VISITOR_KEY, Ledger, Sale
from tests.support.stores import Store

SESSION_SECONDS = 30


class PlainMint:
    """Access tokens to be looked at, not verified: signing is what takes time."""

    def mint(self, session: Session, keys: object) -> str:  # noqa: ARG002 - a port
        return session.place.id


class Host:
    """The use cases as one machine runs them, with a clock of its own."""

    def __init__(self, sale: Sale, ahead_ms: int = 0) -> None:
        def clock() -> int:
            return sale.clock() + ahead_ms

        latest = sale.onsales.latest
        self.is_right = not ahead_ms
        self.desk = AdmissionDesk(PlainMint(), list, PUBLIC_URL)
        self.tokens = VisitorTokens(lambda: [VISITOR_KEY], clock)
        absence = Absence(latest, clock)
        self.places = Places(sale.line, sale.sessions, self.desk, absence, clock)
        self.registrar = Registrar(sale.line, self.places, self.tokens, absence)
        self.completion = Completion(sale.line, sale.sessions, latest, clock)
        self.notifier = Notifier(sale.connections, sale.sockets, self.desk, clock)


class Room:
    """The sale, its hosts, and what the ledger holds as its stream tells it."""

    def __init__(self, store: ClockedStore, clock: Clock, ledger: Ledger, **values: Any) -> None:
        self.model, self.clock, self.stream = Model(), clock, list[Row]()
        self.rows: dict[int, dict[type[Row], Row]] = {}
        self.doubtful: set[int] = set()
        """Numbers whose end was stamped by a clock that is wrong: the ledger may count it or not."""
        heard = Store(store.line, OverheardAdmissions(store.admissions, self), store.time)
        self.sessions = sessions = OverheardSessions(ledger.sessions, self)
        self.sale = Sale(
            store=heard,
            clock=clock,
            ledger=Ledger(cast("Sessions", sessions), ledger.records, ledger.onsales),
            session_seconds=SESSION_SECONDS,
            **values,
        )
        self.store = store
        self.operations = Operations(self.sale.onsales, self.sale.records, clock)

    def session(self, number: int) -> Session | None:
        return fold(self.rows.get(number, {}).values())

    def written(self, row: Row) -> None:
        number = row.place.position
        self.stream.append(row)
        self.rows.setdefault(number, {})[type(row)] = row
        session = self.session(number)
        if session and session.started_at_ms is not None and session.state(self.clock()) == "admitted":
            assert number not in self.model.over, "5: a session that is over runs again"
            if number not in self.doubtful:
                self.model.inside[number] = session.ends_at_ms
        elif number in self.doubtful:  # called by a copy to nothing: the ledger does count that end
            self.model.inside.pop(number, None)

    def time_is_up(self) -> None:
        """Sessions of the ledger that have run out are over."""
        for number, until_ms in list(self.model.inside.items()):
            if until_ms <= self.clock() and Start in self.rows.get(number, {}):
                self.model.ends(number)

    def is_lost(self) -> None:
        """Nobody stands in line for certain; who was called, and not written down, is as if they had not been."""
        self.model.lost({number for number, rows in self.rows.items() if Start in rows})

    def ended(self, number: int, *, by: Host) -> None:
        """Somebody was told that their place is over."""
        if by.is_right and number not in self.doubtful:
            self.model.ends(number)
        else:
            self.doubtful.add(number)
            self.model.leaves(number)

    def goes_on_for(self, visitor: str) -> bool:
        """Whether the ledger does not count an end that a clock which is wrong has stamped."""
        theirs = [self.session(number) for number in self.doubtful if self.model.holders.get(number) == visitor]
        return any(session and session.state(self.clock()) == "admitted" for session in theirs)


class OverheardAdmissions:
    """The line as tickers meet it."""

    def __init__(self, inner: Any, room: Room) -> None:
        self._inner, self._room = inner, room
        self._looks: dict[int, tuple[View, Onsale]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def observe(self, onsale: Onsale, record: Record) -> View | None:
        view: View | None = self._inner.observe(onsale, record)
        if view is not None:
            self._looks[id(view)] = (view, onsale)
            if not self._is_replaced(onsale):
                self._room.model.newest = onsale
        return view

    def begin(self, onsale: Onsale, record: Record, *, return_ms: int) -> None:
        self._inner.begin(onsale, record, return_ms=return_ms)
        self._room.is_lost()

    def take(self, onsale: str, view: View, visitors: int, bucket: Bucket, *, until_ms: int) -> Taken | None:
        taken: Taken | None = self._inner.take(onsale, view, visitors, bucket, until_ms=until_ms)
        if taken is not None:
            _, rules = self._looks[id(view)]
            now_ms = self._room.clock()
            called = {start.place.position: start.place.visitor for start in taken.starts}
            ends_at_ms = taken.starts[0].ends_at_ms if taken.starts else now_ms
            call = Call(called, view.now_ms, now_ms, ends_at_ms, rules, replaced=self._is_replaced(rules))
            self._room.model.called(call)
        return taken

    def _is_replaced(self, rules: Onsale) -> bool:
        newest = self._room.model.newest
        return newest is not None and newest.version > rules.version

    def retime(self, starts: Sequence[Start]) -> list[Start]:
        retimed: list[Start] = self._inner.retime(starts)
        model = self._room.model
        for start in retimed:
            times = {"at_ms": start.started_at_ms, "until_ms": start.ends_at_ms}
            model.begins_again(start.place.position, cap=model.newest.max_active if model.newest else 1, **times)
        return retimed


class OverheardSessions:
    """The ledger of sessions, and what its stream would tell."""

    def __init__(self, inner: Any, room: Room) -> None:
        self._inner, self._room = inner, room
        self.takes_starts = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def start(self, starts: Sequence[Start], delete_after: int) -> list[Start]:
        unwritten: list[Start] = self._inner.start(starts, delete_after) if self.takes_starts else list(starts)
        for start in starts:
            if start not in unwritten:
                self._room.written(start)
        return unwritten

    def add(self, row: End | Extension, delete_after: int) -> bool:
        added: bool = self._inner.add(row, delete_after)
        if added:
            self._room.written(row)
        return added
