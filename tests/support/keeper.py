"""A line kept going by hand: what a tick does to the store, with as many admissions as a test wants."""

from dataclasses import replace
from typing import Any

from fairline.domain.admission import Bucket
from fairline.domain.place import Place, Standing
from fairline.domain.session import Start
from fairline.domain.tick import Record, Taken, View, advanced
from tests.support.builders import any_onsale
from tests.support.stores import Store

FAST = 60_000
"""A thousand may be taken at once."""


class Keeper:
    """One onsale of its own in a store, begun and ticked once, so that its line can be joined."""

    def __init__(self, store: Store, **values: Any) -> None:
        self.store, self.line, self.admissions = store, store.line, store.admissions
        self.onsale = any_onsale(store.time.now_ms(), **{"rate_per_minute": FAST} | values)
        self.name = self.onsale.onsale
        self.record = Record()
        self.begins()
        self.ticks()

    def begins(self, return_ms: int = 0) -> None:
        self.record = self.record.next_epoch()
        self.admissions.begin(self.onsale, self.record, return_ms=return_ms)

    def changes(self, **values: Any) -> None:
        self.onsale = replace(self.onsale, **values, version=self.onsale.version + 1)

    def looks(self) -> View:
        view = self.admissions.observe(self.onsale, self.record)
        assert view is not None
        return view

    def takes(self, view: View, many: int) -> Taken:
        taken = self.admissions.take(self.name, view, many, Bucket(0, view.now_ms), until_ms=view.now_ms + 60_000)
        assert taken is not None
        return taken

    def confirms(self, view: View, taken: Taken) -> None:
        self.record = advanced(self.record, view, taken)
        self.admissions.confirm(self.name, self.record, taken.starts)

    def ticks(self, many: int = 0) -> list[Start]:
        view = self.looks()
        taken = self.takes(view, many)
        self.confirms(view, taken)
        return list(taken.starts)

    def joins(self, *visitors: str) -> list[Place]:
        return [self.joined(visitor).place for visitor in visitors]

    def joined(self, visitor: str) -> Standing:
        return self.line.register(self.name, visitor)

    def found(self, place: Place, *, epoch: int | None = None, restore: bool = False) -> Standing | None:
        return self.line.find(place, self.record.epoch if epoch is None else epoch, restore=restore)

    def state_of(self, place: Place) -> str | None:
        standing = self.found(place)
        return standing.state if standing else None
