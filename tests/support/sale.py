"""A whole onsale in memory, under a clock that only tests move, with every call countable and breakable."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from fairline.adapters.access_tokens import AccessTokens, generate
from fairline.adapters.memory_ledger import (
    MemoryConnections,
    MemoryDocuments,
    MemoryOnsales,
    MemoryRecords,
    MemorySessions,
    MemorySockets,
)
from fairline.adapters.memory_samples import MemorySamples
from fairline.domain.keys import Key
from fairline.domain.onsale import Onsale
from fairline.domain.place import Place
from fairline.domain.session import Session, Start
from fairline.domain.visitor_token import VisitorClaims
from fairline.usecases.admit import Admitter, TickReport
from fairline.usecases.answer import SocketAnswers
from fairline.usecases.complete import Completion, new_completion_key
from fairline.usecases.connect import SocketRegister
from fairline.usecases.desk import AdmissionDesk, PlaceView
from fairline.usecases.figures import Figures
from fairline.usecases.gate import Gate
from fairline.usecases.lookup import Lookup
from fairline.usecases.notify import Notifier
from fairline.usecases.places import Absence, Places
from fairline.usecases.ports import Onsales, Records, Sessions, Version
from fairline.usecases.register import Registrar, Registration, VisitorTokens
from tests.support.builders import any_onsale
from tests.support.clock import Clock
from tests.support.fragile import Fragile
from tests.support.stores import Store, memory_store

ISSUER = "https://status.example"
PUBLIC_URL = "https://tickets.example"
PERIOD_MS = 750
VISITOR_KEY = Key("visitor", "visitor-1", "a secret of the tests", 0)


@cache
def access_key() -> Key:
    """One RSA key for all tests: making it is what takes time."""
    return generate("access-1", 0)


@dataclass(frozen=True)
class Ledger:
    """What a sale has written down for good; unless a test says otherwise, in memory."""

    sessions: Sessions = field(default_factory=MemorySessions)
    records: Records = field(default_factory=MemoryRecords)
    onsales: Onsales = field(default_factory=MemoryOnsales)


class Sale:
    """One onsale and its use cases; `values` are fields of the onsale. It is on sale and was ticked twice."""

    def __init__(
        self, *, store: Store | None = None, clock: Clock | None = None, ledger: Ledger | None = None, **values: Any
    ) -> None:
        self.clock = clock or Clock()
        self.store = store or memory_store(self.clock)
        self.line, self.admissions = Fragile(self.store.line), Fragile(self.store.admissions)
        ledger = ledger or Ledger()
        self.sessions, self.records = Fragile(ledger.sessions), Fragile(ledger.records)
        self.onsales, self.documents = Fragile(ledger.onsales), Fragile(MemoryDocuments())
        self.samples = Fragile(MemorySamples())
        self.connections, self.sockets = Fragile(MemoryConnections()), MemorySockets()
        self.completion_key, digest = new_completion_key()
        self.onsale = any_onsale(self.store.time.now_ms(), completion_key_sha256=digest, **values)
        self.name = self.onsale.onsale
        self.puts()
        self.admitter = self.another_ticker()
        self._people()
        self.ticks(2, every_ms=0)

    def _people(self) -> None:
        latest, clock = self.onsales.latest, self.clock
        self.desk = AdmissionDesk(AccessTokens(ISSUER), lambda: [access_key()], PUBLIC_URL)
        self.tokens = VisitorTokens(lambda: [VISITOR_KEY], clock)
        self.absence = Absence(latest, clock)
        self.places = Places(self.line, self.sessions, self.desk, self.absence, clock)
        self.registrar = Registrar(self.line, self.places, self.tokens, self.absence)
        self.completion = Completion(self.line, self.sessions, latest, clock)
        self.gate = Gate(AccessTokens(ISSUER), lambda: [access_key()], self.sessions, clock)
        self.notifier = Notifier(self.connections, self.sockets, self.desk, clock)
        self.socket_register = SocketRegister(self.connections, self.sockets, clock)
        self.socket_answers = SocketAnswers(self.sessions, self.desk, self.status, clock)
        self.figures = Figures(self.onsales, self.records, self.samples, clock)
        self.lookup = Lookup(self.line, self.sessions, clock)

    def another_ticker(self) -> Admitter:
        world = (self.admissions, self.sessions, self.records, self.onsales, self.documents, self.samples)
        return Admitter(*world, clock=lambda: self.clock() / 1000)

    def puts(self) -> None:
        assert self.onsales.put(Version(self.onsale, "kim", self.clock(), "change"))

    def changes(self, **values: Any) -> Onsale:
        self.onsale = replace(self.onsale, **values, version=self.onsale.version + 1)
        self.puts()
        return self.onsale

    def ticks(self, many: int = 1, *, every_ms: int = PERIOD_MS) -> list[TickReport | None]:
        reports = []
        for _ in range(many):
            self.clock.passes(every_ms)
            reports.append(self.admitter.tick(self.name))
        return reports

    def ticks_for(self, seconds: int) -> list[TickReport | None]:
        return self.ticks(seconds * 1000 // PERIOD_MS)

    def registers(self, visitor: str) -> Registration:
        return self.registrar.register(self.name, visitor)

    def joins(self, *visitors: str) -> list[VisitorClaims]:
        return [self.claims(self.registers(visitor).visitor_token) for visitor in visitors]

    def claims(self, token: str) -> VisitorClaims:
        return self.tokens.read(token, self.name)

    def sees(self, claims: VisitorClaims) -> PlaceView:
        return self.places.read(claims)

    def admitted(self, visitor: str = "ann") -> VisitorClaims:
        """A visitor with a running session."""
        (claims,) = self.joins(visitor)
        while self.sees(claims).state == "waiting":
            self.ticks()
        return claims

    def completes(self, place: Place) -> None:
        self.completion.complete(self.name, place.id, self.completion_key)

    def starts(self) -> list[Start]:
        """Every start row, by position; copied before it is looked through, since tickers may be writing."""
        rows = [row for of_place in list(self.sessions._rows.values()) for row in list(of_place.values())]
        return sorted((row for row in rows if isinstance(row, Start)), key=lambda start: start.place.position)

    def called(self) -> list[str]:
        return [start.place.visitor for start in self.starts()]

    def running(self) -> Sequence[Session]:
        """Sessions that are running now, as the ledger has them."""
        found: list[Session] = self.sessions.since(self.name, 0)
        return [session for session in found if session.state(self.clock()) == "admitted"]

    def status(self, onsale: str | None = None) -> dict[str, Any] | None:
        document: dict[str, Any] | None = self.documents.read(f"status/{onsale or self.name}.json")
        return document

    def is_wiped(self) -> None:
        self.store.time.is_wiped(self.name)
