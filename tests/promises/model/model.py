"""What a fair line owes everybody, kept as with pencil and paper. The figures are the promises'.

1. One visitor, one place.
2. Numbers are given out once, and rise in the order of arrival.
3. Of all who stand in line, those with the lowest numbers are called.
4. Never more are inside than the cap, and in no time more are called than the rate lets in plus a second's worth.
5. Nobody is called again whose turn is over.
7. Whoever holds a number keeps it: when the store is lost, nobody stands in line, until they show it again.
9. Whoever is called is called by the newest rules that anybody has gone by.
"""

from dataclasses import dataclass, replace

from fairline.domain.onsale import Onsale


@dataclass(frozen=True)
class Call:
    """Visitors by number, called together: by which look at the line, when, until when, by which rules."""

    visitors: dict[int, str]
    looked_ms: int
    at_ms: int
    until_ms: int
    rules: Onsale
    replaced: bool
    """Whether anybody had gone by newer ones before that call."""


class Model:
    """Told of everything that happens; objects to what may not."""

    def __init__(self) -> None:
        self.holders: dict[int, str] = {}  # number -> whose it is, for ever
        self.place: dict[str, int] = {}  # visitor -> the number they hold
        self.waiting: set[int] = set()  # numbers that stand in line for certain
        self.inside: dict[int, int] = {}  # number that was called -> when its time is up
        self.over: set[int] = set()  # numbers whose turn is over
        self.calls: list[Call] = []
        self.newest: Onsale | None = None  # the newest rules that anybody has gone by

    def told(self, visitor: str, number: int, *, new: bool) -> None:
        assert self.holders.setdefault(number, visitor) == visitor, "2: this number is another's"
        assert not new or number == max(self.holders), "2: a later arrival has a lower number"
        assert number in self.over or self.place.setdefault(visitor, number) == number, "1, 7: not the place they hold"

    def called(self, call: Call) -> None:
        for number, visitor in call.visitors.items():
            assert self.holders.setdefault(number, visitor) == visitor, "2: this number is another's"
        assert list(call.visitors) == sorted(call.visitors), "3: called out of order"
        self.waiting -= call.visitors.keys()
        assert all(number < min(self.waiting, default=number + 1) for number in call.visitors), "3: somebody is passed"
        assert not self.over & call.visitors.keys(), "5: their turn is over"
        self.inside |= dict.fromkeys(call.visitors, call.until_ms)
        assert not call.visitors or self._how_many(call.at_ms) <= call.rules.max_active, "4: above the cap"
        assert not call.visitors or call.rules.phase(call.looked_ms) == "on_sale", "9: nobody is to be called now"
        assert not call.visitors or not call.replaced, "9: by rules that were replaced"
        self.calls.append(call)
        self._keeps_to_the_rate(call)

    def begins_again(self, number: int, *, at_ms: int, until_ms: int, cap: int) -> None:
        """A turn that was never written down: what counts is when it begins, at the rate by which it was called."""
        has_a_slot = self.inside.get(number, 0) > at_ms
        self.waiting.discard(number)  # a copy of the store remembers the call
        assert number < min(self.waiting, default=number + 1), "3: somebody is passed"
        self.inside[number] = until_ms
        assert has_a_slot or self._how_many(at_ms) <= cap, "4: above the cap"
        for call in self.calls:
            if call.visitors.pop(number, None):
                self.calls.append(replace(call, visitors={number: self.holders[number]}, at_ms=at_ms))
                return self._keeps_to_the_rate(self.calls[-1])
        return None

    def _how_many(self, at_ms: int) -> int:
        inside = [self.holders[number] for number, until_ms in self.inside.items() if until_ms > at_ms]
        assert len(inside) == len(set(inside)), "1: somebody is inside twice"
        return len(inside)

    def _keeps_to_the_rate(self, last: Call) -> None:
        entered, per_minute = 0, 0
        for first in reversed(self.calls):
            entered += len(first.visitors)
            per_minute = max(per_minute, first.rules.rate_per_minute)
            a_second_and_the_window_ms = 1_000 + last.at_ms - first.at_ms
            assert entered <= -(-per_minute * a_second_and_the_window_ms // 60_000), "4: above the rate"

    def ends(self, number: int) -> None:
        self.over.add(number)
        self.leaves(number)

    def leaves(self, number: int) -> None:
        self.waiting.discard(number)
        self.inside.pop(number, None)
        if self.place.get(self.holders[number]) == number:
            del self.place[self.holders[number]]

    def lost(self, written: set[int]) -> None:
        self.waiting.clear()
        self.newest = None
        self.inside = {number: until for number, until in self.inside.items() if number in written}
