"""The sample booking backend: the map of a house, a hold, a purchase.

Three rules make it safe without a transaction. The sale is one conditional write of the seat's own row, so seat and
order cannot disagree. A session can buy only the hold it has settled on, its choice. And a choice moves on only after
the hold it leaves was given back, which fails once that one is sold: so a session never buys twice.
A crash anywhere leaves at most a hold, and holds lapse by themselves.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from fairline.domain.errors import Unavailable, UnknownOnsale
from fairline.domain.seats import AlreadyBought, Choice, House, NothingHeld, Seat, SeatTaken, order_of
from fairline.domain.status import iso
from fairline.usecases.cached import CachedByName

HOLD_SECONDS = 120
ATTEMPTS = 5
"""How often a hold starts over because another request of the same session came between."""


@dataclass(frozen=True)
class Written:
    """What a conditional write came to: whether it was made, and what stands on the seat afterwards."""

    made: bool
    seat: Seat | None


class Houses(Protocol):
    """Where the houses are written down."""

    def open(self, house: House) -> None:
        """Write the house, over an earlier one of the same onsale."""

    def find(self, onsale: str) -> House | None:
        """The house of an onsale."""


class Seats(Protocol):
    """Where holds and sales are kept. Each method is one atomic step; all raise Unavailable."""

    def standing(self, house: House) -> list[Seat]:
        """Every seat that was ever held or sold; lapsed holds may be among them."""

    def take(self, house: House, seat: Seat, now_ms: int) -> Written:
        """Put a hold where nothing stands; a hold of the same session stands like any other."""

    def sell(self, house: House, choice: Choice, order: str, now_ms: int) -> Written:
        """Give this very hold its order, unless it has one or has lapsed."""

    def give_back(self, house: House, choice: Choice) -> Written:
        """Remove this very hold, unless it is sold."""

    def choice(self, house: House, session: str) -> Choice | None:
        """What the session has settled on, standing or not."""

    def choose(self, house: House, session: str, choice: Choice, instead_of: Choice | None) -> bool:
        """Settle on another hold; false when the session's choice is no longer `instead_of`."""


class Completions(Protocol):
    """How the waiting room learns of a purchase."""

    def report(self, onsale: str, session: str, key: str) -> Literal["reported", "over", "failed"]:
        """Say that the session has bought. Never raises: `over` when the session had ended before, `failed` else."""


@dataclass(frozen=True)
class SeatMap:
    """A house as one session sees it."""

    house: House
    taken: list[str]
    yours: Seat | None

    def document(self) -> dict[str, Any]:
        """The answer to `GET seats`."""
        return {
            "rows": self.house.row_names,
            "seats_per_row": self.house.seats_per_row,
            "price": {"amount": self.house.price_amount, "currency": self.house.currency},
            "taken": self.taken,
            "yours": _yours(self.yours) if self.yours else None,
        }


def _yours(seat: Seat) -> dict[str, Any]:
    if seat.order:
        return {"seat": seat.label, "state": "sold", "held_until": None, "order": seat.order}
    return {"seat": seat.label, "state": "held", "held_until": iso(seat.held_until_ms)}


@dataclass(frozen=True)
class Purchase:
    """A sold seat. `repeated`: it had been sold to this session before."""

    order: str
    seat: str
    repeated: bool


def open_house(houses: Houses, onsale: str, completion_key: str, closes_at_ms: int) -> None:
    """Give an onsale the sample house. Doing it again changes nothing but the key and the time it is given."""
    houses.open(House(onsale, completion_key, closes_at_ms))


class BoxOffice:
    """What a visitor with a session can do.

    `house_of` finds the house of an onsale, perhaps some seconds old; `now_ms` tells the time in milliseconds.
    Visitors share a look at the house for `seen_seconds`, but each sees what they themselves have done.
    """

    def __init__(  # noqa: PLR0913 - its world, handed in by name
        self,
        *,
        house_of: Callable[[str], House | None],
        seats: Seats,
        completions: Completions,
        now_ms: Callable[[], int],
        hold_seconds: int = HOLD_SECONDS,
        seen_seconds: float = 0,
    ) -> None:
        self._house_of = house_of
        self._seats = seats
        self._completions = completions
        self._now_ms = now_ms
        self._hold_ms = hold_seconds * 1000
        self._standing = CachedByName(self._read_standing, seen_seconds, lambda: now_ms() / 1000)

    def _read_standing(self, onsale: str) -> list[Seat]:
        return self._seats.standing(self._house(onsale))

    def seats(self, onsale: str, session: str) -> SeatMap:
        """The house, what is taken and what is this session's. Raises UnknownOnsale."""
        house, now_ms = self._house(onsale), self._now_ms()
        choice = self._seats.choice(house, session)
        seats = self._standing.get(onsale)
        if choice and all(seat.choice != choice for seat in seats):
            seats = self._seats.standing(house)
        yours = next((s for s in seats if s.choice == choice and s.stands(now_ms)), None)
        return SeatMap(house, house.taken(seats, session, now_ms), yours)

    def hold(self, onsale: str, session: str, label: object) -> Seat:
        """Hold a seat, giving back the earlier one; the same seat again is the same hold, not a longer one.

        Raises UnknownOnsale, InvalidRequest, SeatTaken (the earlier hold stays), AlreadyBought.
        """
        house = self._house(onsale)
        label = house.check(label)
        for _ in range(ATTEMPTS):
            seat = self._take(house, session, label)
            if self._settle(house, seat):
                return seat
        self._let_go(house, seat)
        raise Unavailable("Too many requests of one session at once; try again.", retry_after_seconds=1)

    def purchase(self, onsale: str, session: str) -> Purchase:
        """Buy the seat held, and tell the waiting room; repeating gives the same order and tells it again.

        Raises UnknownOnsale and NothingHeld. A purchase stands whether or not the waiting room could be told.
        """
        house = self._house(onsale)
        choice = self._seats.choice(house, session)
        if choice is None:
            raise NothingHeld("Hold a seat first.")
        sale = self._seats.sell(house, choice, order_of(onsale, session), self._now_ms())
        if not (sale.seat and sale.seat.order and sale.seat.session == session):
            raise NothingHeld(f"The hold on {choice.label} has lapsed; hold a seat again.")
        self._completions.report(onsale, session, house.completion_key)
        return Purchase(sale.seat.order, sale.seat.label, repeated=not sale.made)

    def _house(self, onsale: str) -> House:
        if (house := self._house_of(onsale)) is None:
            raise UnknownOnsale(f"No seats are sold here for {onsale}.")
        return house

    def _take(self, house: House, session: str, label: str) -> Seat:
        now_ms = self._now_ms()
        # A name of its own for every attempt: a name may be in another request's hands as soon as it was written.
        asked = Seat(label, session, secrets.token_urlsafe(9), now_ms + self._hold_ms)
        seat = self._seats.take(house, asked, now_ms).seat
        if seat is None or seat.session != session:
            raise SeatTaken(f"{label} is taken; choose another seat.")
        if seat.order:
            raise AlreadyBought(f"{label} is yours.", order=seat.order, seat=label)
        return seat

    def _settle(self, house: House, seat: Seat) -> bool:
        """Move the session's choice to this hold; false when another request moved it meanwhile."""
        before = self._seats.choice(house, seat.session)
        if before == seat.choice:
            return True
        if before is not None:
            self._leave(house, before, seat)
        return self._seats.choose(house, seat.session, seat.choice, instead_of=before)

    def _leave(self, house: House, before: Choice, seat: Seat) -> None:
        earlier = self._seats.give_back(house, before).seat
        if earlier is not None and earlier.sold_to(seat.session):
            self._seats.give_back(house, seat.choice)
            raise AlreadyBought(f"{earlier.label} is yours.", order=earlier.order, seat=earlier.label)

    def _let_go(self, house: House, seat: Seat) -> None:
        if self._seats.choice(house, seat.session) != seat.choice:
            self._seats.give_back(house, seat.choice)
