"""Nights on which the store is lost."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.promises.model.machine import Night


class NightOfLosses(Night):
    """The same, and the store is wiped, or fails over to a copy that has fallen behind."""

    copied = False
    """Whether the replica was ever up to date."""

    @rule()
    def the_store_is_wiped(self) -> None:
        self.room.store.time.is_wiped(self.sale.name)
        self.room.is_lost()

    @rule()
    def a_replica_is_up_to_date(self) -> None:
        self.copied = True
        self.room.store.time.is_copied(self.sale.name)

    @precondition(lambda self: self.copied)
    @rule(more_ms=st.sampled_from([0, 1_000, 30_000]))
    def the_replica_takes_over(self, more_ms: int) -> None:
        """Promoting it takes longer than the lease."""
        self._passes(5_000 + more_ms)
        self.room.store.time.falls_back(self.sale.name)
        self.room.is_lost()
