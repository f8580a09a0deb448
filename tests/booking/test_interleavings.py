"""No seat is sold twice and none is lost, whatever comes between any two calls to the store."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fairline.domain.seats import Seat, order_of
from fairline.usecases.book import Purchase, Seats
from tests.booking.office import HOUSE, Office
from tests.booking.stepping import Fate, Stepped

SMALL = replace(HOUSE, rows=1)
SESSIONS = ("1.ann", "2.bob")
LAPSE_MS = 120_000

requests = st.tuples(st.sampled_from(SESSIONS), st.sampled_from(["purchase", "purchase", *SMALL.labels]))
steps = st.tuples(st.integers(0, 5), st.sampled_from(["runs"] * 8 + ["crashes before", "crashes after"]))
pauses = st.sampled_from([1, LAPSE_MS // 2, LAPSE_MS])
schedules = st.lists(st.one_of(requests, steps, steps, steps, steps, pauses), max_size=70)


class Sale:
    """Requests in flight over one small house, and what must hold at every moment."""

    def __init__(self) -> None:
        self.office = Office(house=SMALL)
        self.flying: list[Stepped] = []
        self.sold: dict[str, str] = {}

    def start(self, session: str, what: str) -> None:
        def work(seats: Seats) -> object:
            box = self.office.over(seats)
            return box.purchase("demo", session) if what == "purchase" else box.hold("demo", session, what)

        request = Stepped(session, self.office.store, work)
        for other in self.flying:
            if other.session == session:
                request.alone = request.alone and other.over
                other.alone = False
        self.flying.append(request)

    def step(self, which: int, fate: Fate) -> None:
        waiting = [request for request in self.flying if not request.over]
        if waiting:
            waiting[which % len(waiting)].step(fate)

    def check(self) -> None:
        standing = self.office.store.standing(SMALL)
        now = {seat.label: seat.session for seat in standing if seat.order}
        assert self.sold.items() <= now.items(), "a sale was undone or went to another"
        assert len(set(now.values())) == len(now), "a session bought two seats"
        assert all(seat.order in {None, order_of("demo", seat.session)} for seat in standing)
        self.sold = now
        for request in self.flying:
            assert request.broken is None
            self.check_outcome(request, standing)

    def check_outcome(self, request: Stepped, standing: list[Seat]) -> None:
        """What a visitor was told is so: a purchase for good, a hold until it lapses or they ask for something else."""
        match request.outcome:
            case Purchase(order=order, seat=label):
                assert (self.sold[label], order) == (request.session, order_of("demo", request.session))
            case Seat() as held if request.alone and held.stands(self.office.clock.now_ms):
                assert held in standing
                assert self.office.seats(request.session).yours == held

    def land(self) -> None:
        for request in self.flying:
            request.finish()


@settings(max_examples=500, deadline=None)
@given(schedules)
def test_no_seat_is_sold_twice_and_none_is_lost(schedule: list[int | tuple[str, str] | tuple[int, Fate]]) -> None:
    sale = Sale()
    try:
        for event in schedule:
            match event:
                case int():
                    sale.office.clock.now_ms += event
                case (str() as session, str() as what):
                    sale.start(session, what)
                case (int() as which, fate):
                    sale.step(which, fate)
            sale.check()
    finally:
        sale.land()
    sale.check()
    every_seat_can_be_accounted_for(sale)


def every_seat_can_be_accounted_for(sale: Sale) -> None:
    """Sold seats are their buyers' for good; every other one can be bought once the holds have lapsed."""
    office = sale.office
    office.clock.now_ms += LAPSE_MS
    for label, session in sale.sold.items():
        again = office.purchase(session)
        assert (again.seat, again.repeated) == (label, True)
    for number, label in enumerate(label for label in SMALL.labels if label not in sale.sold):
        office.hold(f"{number}.late", label)
        assert not office.purchase(f"{number}.late").repeated


def test_two_presses_of_one_seat_at_once_are_one_hold_wherever_they_interleave() -> None:
    for first_steps in range(6):
        sale = Sale()
        for _ in range(2):
            sale.start("1.ann", "A-1")
        for _ in range(first_steps):
            sale.step(0, "runs")
        for request in reversed(sale.flying):
            request.finish()
        assert sale.office.purchase("1.ann").seat == "A-1"


def test_a_hold_that_crashed_anywhere_can_be_asked_for_again() -> None:
    fates: tuple[Fate, ...] = ("crashes before", "crashes after")
    for fate in fates:
        for calls in range(4):
            sale = Sale()
            sale.office.hold("1.ann", "A-1")
            sale.start("1.ann", "A-2")
            for _ in range(calls):
                sale.step(0, "runs")
            sale.step(0, fate)
            sale.office.hold("1.ann", "A-2")
            assert sale.office.purchase("1.ann").seat == "A-2"
            sale.land()


def test_a_sale_whose_answer_was_lost_is_found_by_asking_again() -> None:
    sale = Sale()
    sale.office.hold("1.ann", "A-1")
    sale.start("1.ann", "purchase")
    sale.step(0, "runs")
    sale.step(0, "crashes after")
    again = sale.office.purchase("1.ann")
    assert (again.seat, again.repeated) == ("A-1", True)
    assert len(sale.office.reports.told) == 1


def test_a_purchase_that_was_overtaken_by_two_holds_buys_nothing() -> None:
    sale = Sale()
    sale.office.hold("1.ann", "A-1")
    for what, calls in (("purchase", 1), ("A-2", 3), ("A-1", 1)):
        # the purchase has read its choice, the first hold has given that back, the second has taken it anew
        sale.start("1.ann", what)
        for _ in range(calls):
            sale.flying[-1].step("runs")
    for request in sale.flying[:2]:
        request.finish()
    assert sale.office.purchase("1.ann").seat == "A-2"
    sale.land()
    sale.check()
    assert sale.sold == {"A-2": "1.ann"}


def test_of_two_holds_at_once_the_later_finds_out_that_the_earlier_was_bought() -> None:
    sale = Sale()
    sale.office.hold("1.ann", "A-1")
    for label in ("A-2", "A-3"):
        sale.start("1.ann", label)
        for _ in range(3):
            sale.flying[-1].step("runs")
    earlier, later = sale.flying
    earlier.finish()
    sale.office.purchase("1.ann")
    later.finish()
    assert sale.office.purchase("1.ann").seat == "A-2"
    sale.check()
    assert sale.office.seats("2.bob").taken == ["A-2"]
