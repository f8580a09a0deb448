"""The sample backend's house: its seats, what stands on each, and the order a session's purchase gets."""

import base64
import hashlib
import string
from collections.abc import Iterable
from dataclasses import dataclass, field

from fairline.domain.errors import FairlineError, InvalidRequest
from fairline.domain.onsale import KEPT_MS

LARGEST = {"rows": 26, "seats_per_row": 50}


class SeatTaken(FairlineError):
    """Somebody else holds the seat or has bought it."""

    slug, status, title = "seat-taken", 409, "This seat is taken"


class NothingHeld(FairlineError):
    """The session holds no seat, or its hold has lapsed."""

    slug, status, title = "nothing-held", 409, "There is no seat held for you"


class AlreadyBought(FairlineError):
    """The session has bought a seat and gets no other; `order` and `seat` say which."""

    slug, status, title = "already-bought", 409, "You have bought a seat already"


@dataclass(frozen=True)
class Seat:
    """What stands on one seat: a hold until `held_until_ms`, or a sale once it has an `order`.

    `claim` is the name of this very hold, never used again: what was meant for one hold cannot touch a later one.
    """

    label: str
    session: str
    claim: str
    held_until_ms: int
    order: str | None = None

    def stands(self, now_ms: int) -> bool:
        """Whether the seat is sold, or held and not lapsed."""
        return self.order is not None or self.held_until_ms > now_ms

    def sold_to(self, session: str) -> bool:
        """Whether this session has bought the seat."""
        return self.order is not None and self.session == session

    @property
    def choice(self) -> "Choice":
        """This hold as its session remembers it."""
        return Choice(self.label, self.claim)


@dataclass(frozen=True)
class Choice:
    """The hold a session has settled on: the only one it can buy."""

    label: str
    claim: str


@dataclass(frozen=True)
class House:
    """The seats of one onsale. `price_amount` in the currency's minor unit (cents)."""

    onsale: str
    completion_key: str = field(repr=False)
    closes_at_ms: int
    rows: int = 26
    seats_per_row: int = 30
    price_amount: int = 4500
    currency: str = "EUR"

    def __post_init__(self) -> None:
        faults = [
            (name, f"a whole number from 1 to {most}")
            for name, most in LARGEST.items()
            if not 1 <= getattr(self, name) <= most
        ]
        if faults:
            raise InvalidRequest(faults)

    @property
    def row_names(self) -> list[str]:
        """`["A", "B", …]`, from the stage backwards."""
        return list(string.ascii_uppercase[: self.rows])

    @property
    def labels(self) -> list[str]:
        """Every seat, such as `A-1`, row by row."""
        return [f"{row}-{number}" for row in self.row_names for number in range(1, self.seats_per_row + 1)]

    @property
    def delete_after(self) -> int:
        """When every row about this house may go: epoch seconds."""
        return (self.closes_at_ms + KEPT_MS) // 1000

    def check(self, label: object) -> str:
        """The label of a seat there is. Raises InvalidRequest."""
        if not isinstance(label, str) or label not in self.labels:
            raise InvalidRequest([("seat", f"a seat of this house, from A-1 to {self.labels[-1]}")])
        return label

    def taken(self, seats: Iterable[Seat], session: str, now_ms: int) -> list[str]:
        """Labels of the seats this session cannot have: sold ones, and those others hold."""
        gone = {s.label for s in seats if s.order or (s.session != session and s.stands(now_ms))}
        return [label for label in self.labels if label in gone]


def order_of(onsale: str, session: str) -> str:
    """The one order a session can have, the same however often it is asked for: `FL-` and 60 bits."""
    digest = hashlib.sha256(f"{onsale} {session}".encode()).digest()
    return f"FL-{base64.b32encode(digest).decode()[:12]}"
