"""Houses and seats in memory, each method under one lock."""

from dataclasses import replace
from threading import Lock
from typing import TypeGuard

from fairline.domain.seats import Choice, House, Seat
from fairline.usecases.book import Written


class MemoryHouses:
    """Houses by onsale."""

    def __init__(self) -> None:
        self._houses: dict[str, House] = {}

    def open(self, house: House) -> None:
        """As `Houses.open`."""
        self._houses[house.onsale] = house

    def find(self, onsale: str) -> House | None:
        """As `Houses.find`."""
        return self._houses.get(onsale)


class MemorySeats:
    """Seats by onsale and label, choices by onsale and session."""

    def __init__(self) -> None:
        self._seats: dict[tuple[str, str], Seat] = {}
        self._choices: dict[tuple[str, str], Choice] = {}
        self._lock = Lock()

    def standing(self, house: House) -> list[Seat]:
        """As `Seats.standing`."""
        with self._lock:
            return [seat for (onsale, _), seat in self._seats.items() if onsale == house.onsale]

    def take(self, house: House, seat: Seat, now_ms: int) -> Written:
        """As `Seats.take`."""
        with self._lock:
            there = self._seats.get((house.onsale, seat.label))
            if there is not None and there.stands(now_ms):
                return Written(made=False, seat=there)
            self._seats[house.onsale, seat.label] = seat
            return Written(made=True, seat=seat)

    def sell(self, house: House, choice: Choice, order: str, now_ms: int) -> Written:
        """As `Seats.sell`."""
        with self._lock:
            there = self._seats.get((house.onsale, choice.label))
            if not _is_held(there, choice) or there.held_until_ms <= now_ms:
                return Written(made=False, seat=there)
            sold = replace(there, order=order)
            self._seats[house.onsale, choice.label] = sold
            return Written(made=True, seat=sold)

    def give_back(self, house: House, choice: Choice) -> Written:
        """As `Seats.give_back`."""
        with self._lock:
            there = self._seats.get((house.onsale, choice.label))
            if not _is_held(there, choice):
                return Written(made=False, seat=there)
            del self._seats[house.onsale, choice.label]
            return Written(made=True, seat=None)

    def choice(self, house: House, session: str) -> Choice | None:
        """As `Seats.choice`."""
        with self._lock:
            return self._choices.get((house.onsale, session))

    def choose(self, house: House, session: str, choice: Choice, instead_of: Choice | None) -> bool:
        """As `Seats.choose`."""
        with self._lock:
            if self._choices.get((house.onsale, session)) != instead_of:
                return False
            self._choices[house.onsale, session] = choice
            return True


def _is_held(seat: Seat | None, choice: Choice) -> TypeGuard[Seat]:
    return seat is not None and seat.choice == choice and seat.order is None
