import pytest

from fairline.adapters.memory_ledger import MemoryOriginSecrets
from fairline.domain.errors import NotFromTheEdge
from fairline.domain.keys import DAY_MS
from fairline.domain.origin import OriginSecret, digest
from fairline.usecases.origin import OriginCheck, OriginRenewal
from tests.support.clock import START_MS, Clock


class Front:
    """A CDN whose secret is changed by `sends`, and what the API makes of it."""

    def __init__(self) -> None:
        self.clock, self.rows, self.secret = Clock(), MemoryOriginSecrets(), "one"
        self.renewal = OriginRenewal(lambda: self.secret, self.rows, self.clock)
        self.check = OriginCheck(self.rows.all, self.clock)
        self.renewal.renew()

    def sends(self, secret: str, *, after_ms: int = 1) -> None:
        self.clock.passes(after_ms)
        self.secret = secret
        self.renewal.renew()


@pytest.fixture
def front() -> Front:
    return Front()


def test_what_the_cdn_sends_passes_and_nothing_else(front: Front) -> None:
    front.check.require("one")
    for claimed in (None, "", "two"):
        with pytest.raises(NotFromTheEdge):
            front.check.require(claimed)


def test_only_a_hash_is_kept(front: Front) -> None:
    assert front.rows.all() == [OriginSecret(digest("one"), START_MS)]


def test_renewing_the_same_secret_changes_nothing_for_it(front: Front) -> None:
    front.sends("one", after_ms=5 * DAY_MS)
    assert front.rows.all() == [OriginSecret(digest("one"), START_MS)]


def test_after_a_change_both_pass_for_a_day(front: Front) -> None:
    front.sends("two")
    assert front.check.passes("one")
    assert front.check.passes("two")
    front.clock.passes(DAY_MS)
    assert not front.check.passes("one")
    assert front.check.passes("two")


def test_a_secret_that_is_taken_back_into_use_goes_on_passing(front: Front) -> None:
    front.sends("two", after_ms=DAY_MS)
    front.sends("one", after_ms=DAY_MS)
    front.clock.passes(10 * DAY_MS)
    assert front.check.passes("one")
    assert not front.check.passes("two")
