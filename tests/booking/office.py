"""A box office under a clock that only tests move."""

from typing import Literal

from fairline.adapters.memory_seats import MemoryHouses, MemorySeats
from fairline.domain.seats import House, Seat
from fairline.usecases.book import BoxOffice, Houses, Purchase, SeatMap, Seats

START_MS = 1_800_000_000_000
CLOSES_MS = START_MS + 3_600_000
HOUSE = House("demo", "the-key", CLOSES_MS, rows=2, seats_per_row=3)


class Clock:
    def __init__(self) -> None:
        self.now_ms = START_MS

    def __call__(self) -> int:
        return self.now_ms


class Reports:
    """A waiting room that answers as told and remembers what it was told."""

    def __init__(self) -> None:
        self.answer: Literal["reported", "over", "failed"] = "reported"
        self.told: list[tuple[str, str, str]] = []

    def report(self, onsale: str, session: str, key: str) -> Literal["reported", "over", "failed"]:
        self.told.append((onsale, session, key))
        return self.answer


class Office:
    """The use case with everything around it, for one onsale."""

    def __init__(self, houses: Houses | None = None, seats: Seats | None = None, house: House = HOUSE) -> None:
        self.houses: Houses = houses or MemoryHouses()
        self.store: Seats = seats or MemorySeats()
        self.clock, self.reports, self.house = Clock(), Reports(), house
        self.houses.open(house)
        self.box = self.over(self.store)

    def over(self, seats: Seats) -> BoxOffice:
        """Another office, over the same house and clock, that reaches its seats this way."""
        return BoxOffice(house_of=self.houses.find, seats=seats, completions=self.reports, now_ms=self.clock)

    def hold(self, session: str, label: str) -> Seat:
        return self.box.hold("demo", session, label)

    def purchase(self, session: str) -> Purchase:
        return self.box.purchase("demo", session)

    def seats(self, session: str) -> SeatMap:
        return self.box.seats("demo", session)

    def sold(self) -> dict[str, str]:
        """Who has bought which seat, by label."""
        return {seat.label: seat.session for seat in self.store.standing(self.house) if seat.order}
