"""Whole nights as hypothesis makes them up. Each step is something that visitors, tickers, operators or faults do."""

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from fairline.domain.errors import AlreadyExtended, Closed, SessionEnded, Superseded, Unavailable
from fairline.domain.session import Extension, Start
from fairline.domain.tick import HEADROOM
from fairline.usecases.ports import Socket
from tests.promises.model.room import Host, Room
from tests.promises.model.stalling import StalledTick
from tests.promises.model.steps import (
    BREAKS,
    CAPS,
    ENDS,
    HOSTS,
    MEANWHILE,
    MINUTES_MS,
    NAMES,
    RATES,
    STALLS_MS,
    VISITORS,
    tried_again,
)
from tests.support.fragile import Crash


class Night(RuleBasedStateMachine):
    """A night on which the store is sound. `opened` makes a room of a rate and a cap."""

    def __init__(self, opened: Callable[[int, int], Room], tally: Callable[[int], None]) -> None:
        super().__init__()
        self._opened, self._tally, self._steps = opened, tally, 0
        self.tokens: dict[str, str] = {}
        self.stalled: list[StalledTick] = []

    @initialize(rate=RATES, cap=CAPS, crowd=st.sampled_from([8, 8, 8, 0]), headroom=st.sampled_from([HEADROOM, 3]))
    def opens(self, rate: int, cap: int, crowd: int, headroom: int) -> None:
        """On some nights the line comes up against its limit in nearly every tick."""
        self._few = pytest.MonkeyPatch()
        self._few.setattr("fairline.domain.tick.HEADROOM", headroom)
        self.room = self._opened(rate, cap)
        self.sale, self.model, self.onsale = self.room.sale, self.room.model, self.room.sale.onsale
        ahead = {"right": 0, "ahead": MINUTES_MS, "behind": -MINUTES_MS}
        self.hosts = {name: Host(self.sale, ahead_ms) for name, ahead_ms in ahead.items()}
        for visitor in NAMES[:crowd]:
            self.comes(visitor)

    # Visitors

    @rule(visitor=VISITORS, host=HOSTS, hears=st.sampled_from([True, True, True, False]), shows=st.booleans())
    def comes(self, visitor: str, host: str = "right", *, hears: bool = True, shows: bool = True) -> None:
        """Arrives, returns with or without showing a token, or tries again; sometimes the answer is lost."""
        registrar = self.hosts[host].registrar
        token = self.tokens.get(visitor) if shows else None
        with suppress(Unavailable, Closed):
            try:
                there = registrar.return_with(token, self.sale.name) if token else self._registers(visitor, host)
            except Superseded:
                self._has_another(visitor)
                there = self._registers(visitor, host)
            if hears:
                self._hears(visitor, there)

    @rule()
    def all_come(self) -> None:
        for visitor in NAMES:
            self.comes(visitor)

    def _registers(self, visitor: str, host: str) -> Any:
        held = self.model.place.get(visitor)
        if held not in self.model.waiting | self.model.inside.keys():
            self.model.place.pop(visitor, None)  # lost with the store, and the visitor has no token to show
        return self.hosts[host].registrar.register(self.sale.name, visitor)

    def _hears(self, visitor: str, there: Any) -> None:
        number = there.view.place.position
        assert there.view.place.visitor == visitor
        self.tokens[visitor] = there.visitor_token
        self.sale.socket_register.opened(there.view.place, Socket(number, there.view.place.id))
        if number not in self.room.doubtful:
            self.model.told(visitor, number, new=there.is_new)
            if there.view.state == "waiting" and number not in self.model.inside.keys() | self.model.over:
                self.model.waiting.add(number)

    @rule(visitor=VISITORS)
    def vanishes(self, visitor: str) -> None:
        """With their token; their place stays behind."""
        self.tokens.pop(visitor, None)
        self.model.place.pop(visitor, None)

    @rule(visitor=VISITORS, host=HOSTS, breaks=ENDS)
    def leaves(self, visitor: str, host: str, breaks: Any) -> None:
        if visitor in self.tokens:
            claims = self.sale.claims(self.tokens[visitor])
            try:
                tried_again(self.sale, breaks, lambda: self.hosts[host].places.leave(claims))
                self.room.ended(claims.place.position, by=self.hosts[host])
            except Superseded:
                self._has_another(visitor)

    def _has_another(self, visitor: str) -> None:
        """Nobody is told so who holds a place; but for one whose session goes on since a clock was wrong at its end."""
        number = self.model.place.get(visitor)
        assert number is None or self.room.goes_on_for(visitor), "1, 7: they hold a place"
        if number is not None:
            self.model.leaves(number)

    @rule(host=HOSTS, breaks=ENDS, many=st.integers(1, 3))
    def buys(self, host: str, breaks: Any, many: int = 1) -> None:
        for number in self._inside()[:many]:
            session = self.room.rows[number][Start].place.id
            complete = partial(self.hosts[host].completion.complete, self.sale.name, session, self.sale.completion_key)
            try:
                tried_again(self.sale, breaks, complete)
            except SessionEnded:
                assert number in self.room.doubtful or host != "right"
            self.room.ended(number, by=self.hosts[host])

    @rule()
    def asks_for_more_time(self) -> None:
        for number in self._inside()[:1]:
            token = self.tokens.get(self.model.holders[number])
            if token and self.sale.claims(token).place.position == number:
                with suppress(AlreadyExtended, SessionEnded):
                    self.hosts["right"].places.extend(self.sale.claims(token))
                    assert Extension in self.room.rows[number]

    def _inside(self) -> list[int]:
        """Numbers of running sessions that the ledger has."""
        running = [number for number, until_ms in self.model.inside.items() if until_ms > self.sale.clock()]
        return [number for number in running if Start in self.room.rows.get(number, {})]

    # Tickers

    @rule(gap_ms=st.sampled_from([0, 100, 750, 1_000, 6_000, 40_000]), breaks=BREAKS)
    def ticks(self, gap_ms: int, breaks: Any = None) -> None:
        self._passes(gap_ms)
        if breaks:
            (name, method), when = breaks
            getattr(self.sale, name).breaks(method, when)
        with suppress(Crash):
            self.sale.ticks(1, every_ms=0)
            newest = self.model.newest
            assert newest is None or newest.version == self.onsale.version, "9: this tick went by older rules"
        sale = self.sale
        for each in (sale.onsales, sale.records, sale.admissions, sale.sessions, sale.documents):
            each.mends()

    @rule(takes=st.booleans())
    def the_ledger_takes_starts_or_not(self, *, takes: bool) -> None:
        self.room.sessions.takes_starts = takes

    @rule(many=st.integers(1, 3))
    def time_goes_by(self, many: int) -> None:
        for _ in range(many):
            self.ticks(750)

    @rule(calls=st.sampled_from([1, 1, 2, 3, 4, 5, 6, 7]))
    def another_ticker_stalls(self, calls: int) -> None:
        if len(self.stalled) < 2:
            self.stalled.append(StalledTick(self.sale, calls))
            self._sweeps()

    @precondition(lambda self: self.stalled)
    @rule(which=st.integers(0, 1), calls=st.integers(1, 12))
    def goes_on(self, which: int, calls: int) -> None:
        self.stalled[which % len(self.stalled)].goes_on(calls)
        self._sweeps()

    @rule(
        calls=st.sampled_from([1, 2, 2, 3, 4, 5, 6, 7]),
        meanwhile=st.lists(st.sampled_from(sorted(MEANWHILE)), min_size=1, max_size=3),
        gap_ms=st.sampled_from([0, 1_000, 1_000, 6_000]),
    )
    def a_ticker_is_overtaken(self, calls: int, meanwhile: list[str], gap_ms: int) -> None:
        """It stands still, everybody else does not, and then it goes on where it was."""
        ticker = StalledTick(self.sale, calls)
        self.stalled.append(ticker)
        for what in meanwhile:
            getattr(self, what)(**MEANWHILE[what])
            self.ticks(750)
        self._passes(gap_ms)
        ticker.goes_on(20)
        self._sweeps()

    def _passes(self, ms: int) -> None:
        """Time; whatever has stood still for too long is cut off."""
        self.sale.clock.passes(ms)
        self.room.time_is_up()
        for tick in self.stalled:
            if self.sale.clock() - tick.since_ms > STALLS_MS:
                tick.dies()
        self._sweeps()

    def _sweeps(self) -> None:
        self.stalled = [tick for tick in self.stalled if not tick.over]

    # Operators

    @rule(rate=RATES, cap=CAPS)
    def changes(self, rate: int, cap: int) -> None:
        self._operates(self.room.operations.change, rate_per_minute=rate, max_active=cap)

    @rule(paused=st.booleans())
    def pauses_or_resumes(self, *, paused: bool) -> None:
        self._operates(self.room.operations.pause if paused else self.room.operations.resume)

    @precondition(lambda self: self._steps > 15)
    @rule(at_last=st.sampled_from([False, False, False, True]))
    def closes(self, *, at_last: bool) -> None:
        if at_last:
            self._operates(self.room.operations.close)

    def _operates(self, action: Callable[..., Any], **changes: int) -> None:
        self.onsale = self.sale.onsale = action(self.sale.name, self.onsale.version, "kim", **changes)

    # Messages

    @rule(which=st.lists(st.integers(0, 20), max_size=4), host=HOSTS)
    def messages_arrive(self, which: list[int], host: str) -> None:
        """Any of the stream's, in any order, any number of times."""
        stream = self.room.stream
        news: Any = [stream[number % len(stream)] for number in which if stream]
        self.hosts[host].notifier.notify([row for row in news if not isinstance(row, Extension)])
        for connection, messages in self.sale.sockets.sent.items():
            assert all(message.get("access_token", connection) == connection for message in messages)

    def check_invariants(self, *args: Any, **named: Any) -> None:
        self._steps += 1
        super().check_invariants(*args, **named)

    # The end

    def teardown(self) -> None:
        """Everybody who keeps coming gets in unless the doors are closed, and when all is over every slot is free."""
        if sys.exception() is None and hasattr(self, "room"):
            self._ends_well()
        for tick in self.stalled:
            with suppress(AssertionError):
                tick.dies()
        if hasattr(self, "room"):
            self.room.store.time.is_forgotten(self.sale.name)
            self._few.undo()
        if sys.exception() is None:  # hypothesis breaks some off before their end
            self._tally(self._steps)

    def _ends_well(self) -> None:
        self.room.sessions.takes_starts = True
        self._operates(self.room.operations.change, rate_per_minute=6_000, max_active=100)
        self.pauses_or_resumes(paused=False)
        for gap_ms in (750, 16_000, 1_000):
            self.ticks(gap_ms)
            for visitor, number in list(self.model.place.items()):
                if number not in self.model.waiting | self.model.inside.keys():
                    self.comes(visitor)
        self.ticks(1_000)
        outside = self.model.place.keys() - {self.model.holders[number] for number in self.model.inside}
        assert self.onsale.closed or not outside, f"5: never called: {outside}"
        self.ticks(120_000)
        view = self.sale.admissions.observe(self.onsale, self.sale.records.read(self.sale.name))
        assert (view.progress.active, view.unconfirmed) == (0, ()), "5: a slot is lost"
