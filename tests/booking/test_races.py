"""Real threads after few seats."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from fairline.adapters.memory_seats import MemorySeats
from fairline.domain.errors import FairlineError
from fairline.domain.seats import NothingHeld, SeatTaken
from tests.booking.office import HOUSE, Office


@pytest.fixture(autouse=True)
def _eager_switching() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """What came of each, an exception where it raised one of ours."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        barrier.wait(timeout=20)
        try:
            return work()
        except FairlineError as refused:
            return refused

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def buyer(office: Office, session: str, labels: list[str]) -> Callable[[], object]:
    """Somebody who takes the first seat to be had."""

    def buy() -> object:
        for label in labels:
            try:
                office.hold(session, label)
            except SeatTaken:
                continue
            return office.purchase(session)
        return None

    return buy


def test_fifty_buyers_after_five_seats_buy_exactly_five(office: Office) -> None:
    labels, buyers = HOUSE.labels[:5], 50 if isinstance(office.store, MemorySeats) else 10
    outcomes = at_once([buyer(office, f"{number}.fan", labels) for number in range(buyers)])
    assert sorted(office.sold()) == labels
    assert len(set(office.sold().values())) == 5
    assert outcomes.count(None) == buyers - 5


def test_one_session_that_asks_for_everything_at_once_buys_one_seat(office: Office) -> None:
    works = [buyer(office, "1.ann", [label]) for label in HOUSE.labels * 2]
    at_once(works)
    try:
        office.purchase("1.ann")
    except NothingHeld:  # the last to settle may have been refused the seat it left the others for
        office.hold("1.ann", "A-1")
        office.purchase("1.ann")
    assert list(office.sold().values()) == ["1.ann"]


def test_a_purchase_pressed_many_times_at_once_is_one_order_and_new_once(office: Office) -> None:
    office.hold("1.ann", "A-1")
    purchases = at_once([lambda: office.purchase("1.ann")] * 8)
    assert len({(p.order, p.seat) for p in purchases}) == 1  # type: ignore[attr-defined]
    assert sorted(p.repeated for p in purchases) == [False] + [True] * 7  # type: ignore[attr-defined]
