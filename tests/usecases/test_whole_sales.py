"""Whole sales as hypothesis makes them up: visitors come, buy, leave; ticks break off anywhere; the store is lost."""

import itertools
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fairline.domain.admission import DEPTH_MS, VISITOR
from fairline.domain.errors import AlreadyExtended, SessionEnded, Unavailable
from fairline.domain.place import Place
from fairline.domain.session import Start
from fairline.domain.tick import Taken, View
from tests.support.fragile import Crash, Fragile
from tests.support.sale import Sale

VISITORS = st.sampled_from(["ann", "bob", "cat"])
BREAKS = [
    None,
    None,
    None,
    *itertools.product(
        [
            ("records", "read"),
            ("records", "begin"),
            ("admissions", "begin"),
            ("admissions", "reload"),
            ("admissions", "take"),
            ("sessions", "start"),
            ("records", "advance"),
            ("admissions", "confirm"),
            ("documents", "write"),
        ],
        ["before", "after"],
    ),
]


class WholeSale(RuleBasedStateMachine):
    """Every visitor keeps the newest token, as a browser does, and never meets a refusal but "in a moment"."""

    @initialize(rate=st.sampled_from([60, 100, 6_000]), cap=st.integers(1, 2))
    def opens(self, rate: int, cap: int) -> None:
        self.sale = Sale(rate_per_minute=rate, max_active=cap, session_seconds=30)
        self.tokens: dict[str, str] = {}
        self.holders: dict[int, str] = {}
        self.written: dict[Place, Start] = {}
        self.running = 0
        self.calls: list[tuple[int, int]] = []
        self._listens_to_takes()

    def _listens_to_takes(self) -> None:
        inner = self.sale.admissions.inner
        take = inner.take

        def heard(onsale: str, view: View, *args: Any) -> Taken | None:
            taken: Taken | None = take(onsale, view, *args)
            if taken:
                self.calls.append((self.sale.clock(), len(taken.starts)))
                self._in_order([start.place.position for start in taken.starts])
            return taken

        inner.take = heard

    def _in_order(self, called: list[int]) -> None:
        """With both present, the lower position is never called after the higher one."""
        waiting = self.sale.admissions.inner._store.states[self.sale.name].line.values()
        assert called == sorted(called)
        assert not called or not waiting or max(called) < min(waiting)

    @rule(visitor=VISITORS)
    def comes(self, visitor: str) -> None:
        try:
            token = self.tokens.get(visitor)
            registrar = self.sale.registrar
            there = registrar.return_with(token, self.sale.name) if token else self.sale.registers(visitor)
        except Unavailable:
            return
        place = there.view.place
        assert place.visitor == visitor
        assert self.holders.setdefault(place.position, visitor) == visitor
        assert not there.is_new or place.position == max(self.holders)
        self.tokens[visitor] = there.visitor_token

    @rule(gap=st.sampled_from([0, 100, 750, 750, 750, 1_000, 5_000, 40_000]), breaks=st.sampled_from(BREAKS))
    def ticks(self, gap: int, breaks: Any) -> None:
        if breaks:
            (name, method), when = breaks
            there: Fragile = getattr(self.sale, name)
            there.breaks(method, when)
        try:
            self.sale.ticks(1, every_ms=gap)
        except Crash:
            return
        finally:
            for wrapped in (self.sale.records, self.sale.admissions, self.sale.sessions, self.sale.documents):
                wrapped.mends()

    @rule(visitor=VISITORS)
    def buys(self, visitor: str) -> None:
        place = self._inside(visitor)
        if place:
            self.sale.completes(place)

    @rule(visitor=VISITORS)
    def leaves(self, visitor: str) -> None:
        if visitor in self.tokens:
            self.sale.places.leave(self.sale.claims(self.tokens[visitor]))

    @rule(visitor=VISITORS)
    def leaves_and_thinks_again(self, visitor: str) -> None:
        self.leaves(visitor)
        self.comes(visitor)

    @rule()
    def everybody_comes(self) -> None:
        for visitor in ("ann", "bob", "cat"):
            self.comes(visitor)

    @rule(visitor=VISITORS)
    def asks_for_more_time(self, visitor: str) -> None:
        if self._inside(visitor):
            try:
                self.sale.places.extend(self.sale.claims(self.tokens[visitor]))
            except (AlreadyExtended, SessionEnded):
                return

    @rule(cap=st.integers(1, 3), paused=st.booleans())
    def changes(self, cap: int, *, paused: bool) -> None:
        self.sale.changes(max_active=cap, paused=paused)

    @rule()
    def loses_the_store(self) -> None:
        self.sale.is_wiped()

    def _inside(self, visitor: str) -> Place | None:
        running = [session.place for session in self.sale.running() if session.place.visitor == visitor]
        return running[0] if running else None

    @invariant()
    def no_session_begins_twice_or_is_changed(self) -> None:
        for start in self.sale.starts():
            assert self.written.setdefault(start.place, start) == start
            assert start.ends_at_ms - start.started_at_ms == 30_000

    @invariant()
    def nobody_is_inside_twice(self) -> None:
        visitors = [session.place.visitor for session in self.sale.running()]
        assert len(set(visitors)) == len(visitors)

    @invariant()
    def nobody_is_let_in_above_the_cap(self) -> None:
        running = len(self.sale.running())
        assert running <= max(self.running, self.sale.onsale.max_active)
        self.running = running

    @invariant()
    def no_window_has_more_than_its_rate_and_one_tick_s_worth(self) -> None:
        rate = self.sale.onsale.rate_per_minute
        for first, (opened, _) in enumerate(self.calls):
            entered = 0
            for closed, many in self.calls[first:]:
                entered += many
                assert entered <= -(-rate * (closed - opened + DEPTH_MS) // VISITOR)

    def teardown(self) -> None:
        """Everybody who keeps coming gets in, and when all is over every slot is free."""
        self.sale.changes(max_active=100, paused=False)
        for _ in range(30):
            self.ticks(1_000, None)
            for visitor in list(self.tokens):
                self.comes(visitor)
        for visitor in self.tokens:
            assert any(place.visitor == visitor for place in self.written | self._now()), visitor
        for gap in (*[1_000] * 10, 120_000, 750):
            self.ticks(gap, None)
        view = self.sale.admissions.observe(self.sale.onsale, self.sale.records.read(self.sale.name))
        assert (view.progress.active, view.unconfirmed) == (0, ())

    def _now(self) -> dict[Place, Start]:
        return {start.place: start for start in self.sale.starts()}


TestWholeSale = WholeSale.TestCase
TestWholeSale.settings = settings(
    max_examples=80,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
