"""A crowd of buyers after the same seats, one call to the store at a time, any of whom may be cut off at any call."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

from fairline.domain.errors import FairlineError
from fairline.domain.seats import AlreadyBought, Choice, House, NothingHeld, Seat, order_of
from fairline.usecases.book import BoxOffice, Purchase, Seats, Written
from tests.booking.office import Office
from tests.booking.stepping import CrashedError, Fate, Stepped

LAPSE_MS = 120_000
TRIES = 8
"""How often somebody tries for a seat before they give up."""
SHOWN = 20
"""Seats that a page shows at a time."""

FATES: tuple[Fate, ...] = ("crashes before", "crashes after")
PAUSES_MS = (5, 200, 4_000, 30_000)


class Auditor:
    """Stands between the buyers and the store, and holds each sale against all that were made before."""

    def __init__(self, seats: Seats) -> None:
        self._seats = seats
        self.sold: dict[str, str] = {}
        self.calls: Counter[str] = Counter()

    def take(self, house: House, seat: Seat, now_ms: int) -> Written:
        self.calls["take"] += 1
        written = self._seats.take(house, seat, now_ms)
        assert not (written.made and seat.label in self.sold), "a hold was put over a sale"
        return written

    def sell(self, house: House, choice: Choice, order: str, now_ms: int) -> Written:
        self.calls["sell"] += 1
        written = self._seats.sell(house, choice, order, now_ms)
        if written.made:
            assert written.seat is not None
            self._note(written.seat, house.onsale)
        return written

    def give_back(self, house: House, choice: Choice) -> Written:
        self.calls["give_back"] += 1
        written = self._seats.give_back(house, choice)
        assert not (written.made and choice.label in self.sold), "a sold seat was given back"
        return written

    def _note(self, seat: Seat, onsale: str) -> None:
        assert seat.label not in self.sold, "a seat was sold twice"
        assert seat.session not in self.sold.values(), "somebody bought two seats"
        assert seat.order == order_of(onsale, seat.session), "somebody paid for another's seat"
        self.sold[seat.label] = seat.session

    def __getattr__(self, name: str) -> Any:
        self.calls[name] += 1
        return getattr(self._seats, name)


@dataclass
class Buyer:
    """One session, on one page or on two at once, and what it was told."""

    session: str
    rng: Random
    bought: set[tuple[str, str]] = field(default_factory=set)
    free: list[str] = field(default_factory=list)
    held: bool = False

    def visits(self, box: BoxOffice) -> None:
        """Look, hold, perhaps think better of it, buy, perhaps press twice; ask again when no answer comes, or go."""
        for _ in range(TRIES):
            try:
                if not self._tries(box):
                    return
            except CrashedError:
                if self.rng.random() < 0.3:
                    return  # for good: nobody comes back for what they held
            except NothingHeld:
                self.held = False
            except AlreadyBought as told:
                self.bought.add((str(told.extras["seat"]), str(told.extras["order"])))
                return
            except FairlineError:
                self.held = self.held and self.rng.random() < 0.5

    def _tries(self, box: BoxOffice) -> bool:
        """Whether there is a reason to try again."""
        if not self.free:
            self._looks(box)
        if not self.held or self.rng.random() < 0.2:
            if not self.free:
                return False
            label = self._chosen()
            self.free.remove(label)
            box.hold("demo", self.session, label)
            self.held = True
        if self.rng.random() < 0.1:
            return True
        for _ in range(self.rng.choice((1, 1, 2))):
            self._told(box.purchase("demo", self.session))
        return False

    def _looks(self, box: BoxOffice) -> None:
        """The map as it is now, of which a page shows some rows; it grows old from here on."""
        seats = box.seats("demo", self.session)
        taken = set(seats.taken)
        free = [label for label in seats.house.labels if label not in taken]
        first = self.rng.randrange(max(1, len(free) - SHOWN))
        self.free, self.held = free[first : first + SHOWN], seats.yours is not None

    def _chosen(self) -> str:
        """Everybody wants to sit in front."""
        return self.rng.choice(self.free[:4] if self.rng.random() < 0.8 else self.free)

    def _told(self, purchase: Purchase) -> None:
        self.bought.add((purchase.seat, purchase.order))


class Evening:
    """So many buyers after the seats of a house, some at a time. Everything that happens follows from the seed."""

    def __init__(self, office: Office, seed: int, *, buyers: int, at_once: int, crashes: float = 0.04) -> None:
        self.auditor = Auditor(office.store)
        self.office = office
        self.buyers: list[Buyer] = []
        self.crashes = 0
        self._rng = Random(seed)
        self._seed, self._many, self._at_once, self._risk = seed, buyers, at_once, crashes

    def passes(self) -> None:
        """Let everybody come, and everybody go."""
        arriving, inside = self._arrivals(), list[Stepped]()
        while True:
            while len(inside) < self._at_once and (more := next(arriving, None)):
                inside += more
            if not inside:
                return
            page = self._rng.choice(inside)
            page.step(self._fate())
            self._wait()
            if page.over:
                page.finish()
                inside.remove(page)
                assert page.broken is None, page.broken

    def summary(self) -> str:
        """What an evening came to."""
        calls = sum(self.auditor.calls.values())
        return f"{self._many} buyers, {len(self.auditor.sold)} seats sold, {self.crashes} crashes at {calls} calls"

    def _arrivals(self) -> Iterator[list[Stepped]]:
        for number in range(1, self._many + 1):
            buyer = Buyer(f"{number}.fan", Random(f"{self._seed} {number}"))
            self.buyers.append(buyer)
            pages = 2 if self._rng.random() < 0.1 else 1
            yield [page for page in (self._page(buyer) for _ in range(pages)) if not page.over]

    def _page(self, buyer: Buyer) -> Stepped:
        def visit(seats: Seats) -> None:
            buyer.visits(self.office.over(seats))

        return Stepped(buyer.session, cast("Seats", self.auditor), visit)

    def _fate(self) -> Fate:
        if self._rng.random() >= self._risk:
            return "runs"
        self.crashes += 1
        return self._rng.choice(FATES)

    def _wait(self) -> None:
        if self._rng.random() < 0.1:
            self.office.clock.now_ms += self._rng.choice(PAUSES_MS)
