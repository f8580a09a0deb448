import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fairline.adapters.memory_ledger import MemoryOnsales, MemoryRecords
from fairline.domain.errors import FairlineError, InvalidRequest, StaleVersion, Unavailable, UnknownOnsale
from fairline.domain.onsale import Onsale
from fairline.usecases.operate import Operations
from tests.support.clock import HOUR_MS, START_MS, Clock

VALUES: dict[str, Any] = {
    "onsale": "demo",
    "name": "The Band",
    "lobby_opens_at_ms": START_MS,
    "sale_starts_at_ms": START_MS + 1,
    "closes_at_ms": START_MS + HOUR_MS,
    "rate_per_minute": 600,
    "max_active": 50,
}


class Backstage:
    """Operations in memory, with a sample backend that remembers what it was handed."""

    def __init__(self) -> None:
        self.onsales, self.records, self.clock = MemoryOnsales(), MemoryRecords(), Clock()
        self.handed: list[tuple[str, str]] = []
        self.operations = Operations(self.onsales, self.records, self.clock, self.hand)

    def hand(self, onsale: Onsale, key: str) -> None:
        self.handed.append((onsale.onsale, key))


@pytest.fixture
def stage() -> Backstage:
    return Backstage()


@pytest.fixture
def demo(stage: Backstage) -> Onsale:
    return stage.operations.create("kim", **VALUES).onsale


def test_a_new_onsales_key_is_shown_once_and_kept_as_a_hash(stage: Backstage) -> None:
    issued = stage.operations.create("kim", **VALUES)
    assert len(issued.completion_key) >= 43
    assert issued.onsale.completion_key_sha256 == hashlib.sha256(issued.completion_key.encode()).hexdigest()
    assert stage.handed == [("demo", issued.completion_key)]
    assert issued.handed_over
    assert issued.completion_key not in str(stage.onsales.versions("demo"))
    assert stage.operations.read("demo") == issued.onsale


def test_a_key_that_could_not_be_handed_over_is_shown_all_the_same(stage: Backstage) -> None:
    def away(_: Onsale, __: str) -> None:
        raise Unavailable("away")

    issued = Operations(stage.onsales, stage.records, stage.clock, away).create("kim", **VALUES)
    assert issued.completion_key
    assert not issued.handed_over


def test_a_name_is_taken_once(stage: Backstage, demo: Onsale) -> None:
    with pytest.raises(FairlineError) as refused:
        stage.operations.create("lee", **VALUES | {"name": "Other"})
    assert refused.value.status == 409
    assert stage.operations.read("demo") == demo
    assert len(stage.handed) == 1


def test_an_onsale_that_does_not_fit_is_not_made(stage: Backstage) -> None:
    with pytest.raises(InvalidRequest):
        stage.operations.create("kim", **VALUES | {"rate_per_minute": -5})
    assert stage.operations.every() == []


def test_a_new_key_ends_the_old_one(stage: Backstage, demo: Onsale) -> None:
    issued = stage.operations.new_key("demo", 1, "kim")
    assert issued.onsale.completion_key_sha256 != demo.completion_key_sha256
    assert stage.handed[-1] == ("demo", issued.completion_key)


def test_each_change_is_a_version_with_who_when_and_what(stage: Backstage, demo: Onsale) -> None:
    operations, clock = stage.operations, stage.clock
    clock.passes(1)
    operations.change("demo", 1, "lee", rate_per_minute=1200, max_active=70)
    clock.passes(1)
    operations.pause("demo", 2, "kim", "Half a minute")
    operations.resume("demo", 3, "kim")
    operations.notice("demo", 4, "kim", "Hello")
    operations.close("demo", 5, "lee")
    told = [(v.onsale.version, v.by, v.at_ms - START_MS, v.action) for v in operations.audit("demo")]
    assert told == [
        (6, "lee", 2, "close"),
        (5, "kim", 2, "notice"),
        (4, "kim", 2, "resume"),
        (3, "kim", 2, "pause"),
        (2, "lee", 1, "change max_active, rate_per_minute"),
        (1, "kim", 0, "create"),
    ]
    assert demo.rate_per_minute == 600


def test_changes_keep_what_they_do_not_name(stage: Backstage, demo: Onsale) -> None:
    changed = stage.operations.change("demo", 1, "kim", rate_per_minute=1200)
    expected = demo.as_dict() | {"rate_per_minute": 1200, "version": 2}
    assert changed.as_dict() == expected
    assert stage.operations.read("demo") == changed


def test_every_change_names_the_newest_version(stage: Backstage, demo: Onsale) -> None:
    del demo
    operations = stage.operations
    operations.change("demo", 1, "kim", rate_per_minute=1200)
    stale: list[Any] = [
        lambda: operations.change("demo", 1, "lee", rate_per_minute=3),
        lambda: operations.pause("demo", 1, "lee"),
        lambda: operations.resume("demo", 3, "lee"),
        lambda: operations.close("demo", 1, "lee"),
        lambda: operations.notice("demo", 1, "lee", "Hello"),
        lambda: operations.new_key("demo", 1, "lee"),
    ]
    for change in stale:
        with pytest.raises(StaleVersion) as refused:
            change()
        assert refused.value.extras == {"current_version": 2}
    assert len(operations.audit("demo")) == 2


def test_of_many_operators_who_change_the_same_version_one_does(stage: Backstage, demo: Onsale) -> None:
    del demo

    def change(number: int) -> bool:
        try:
            stage.operations.change("demo", 1, f"operator-{number}", rate_per_minute=number)
        except StaleVersion:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(change, range(1, 33))).count(True) == 1


@pytest.mark.parametrize("changes", [{}, {"max_active": 0}, {"closed": True}, {"paused": True}, {"version": 9}])
def test_changes_that_do_not_fit_change_nothing(stage: Backstage, demo: Onsale, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        stage.operations.change("demo", 1, "kim", **changes)
    assert stage.operations.read("demo") == demo


@pytest.mark.parametrize("text", ["x" * 281, 7])
def test_a_notice_is_a_short_text(stage: Backstage, demo: Onsale, text: Any) -> None:
    with pytest.raises(InvalidRequest):
        stage.operations.notice("demo", 1, "kim", text)
    with pytest.raises(InvalidRequest):
        stage.operations.pause("demo", 1, "kim", text)
    assert stage.operations.read("demo") == demo


def test_what_nobody_made_is_unknown(stage: Backstage) -> None:
    operations = stage.operations
    for ask in (operations.read, operations.audit, operations.progress):
        with pytest.raises(UnknownOnsale):
            ask("no-such-sale")
    with pytest.raises(UnknownOnsale):
        operations.close("no-such-sale", 1, "kim")


def test_every_onsale_is_told_in_its_newest_version(stage: Backstage, demo: Onsale) -> None:
    del demo
    stage.operations.create("kim", **VALUES | {"onsale": "other"})
    stage.operations.close("demo", 1, "kim")
    assert [(o.onsale, o.version, o.closed) for o in stage.operations.every()] == [
        ("demo", 2, True),
        ("other", 1, False),
    ]
