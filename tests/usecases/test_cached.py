from concurrent.futures import ThreadPoolExecutor

import pytest

from fairline.domain.errors import Unavailable
from fairline.usecases.cached import Cached, CachedByName


class Source:
    """Counts, as long as it answers."""

    def __init__(self) -> None:
        self.loads, self.now, self.away = 0, 100.0, False

    def load(self, name: str = "") -> str:
        if self.away:
            raise Unavailable("away")
        self.loads += 1
        return f"{name}{self.loads}"

    def clock(self) -> float:
        return self.now


def test_a_value_is_read_once_until_it_reaches_its_age() -> None:
    source = Source()
    cached = Cached(source.load, 60, source.clock)
    assert (cached.get(), cached.get()) == ("1", "1")
    source.now += 59.9
    assert cached.get() == "1"
    source.now += 0.1
    assert cached.get() == "2"


def test_an_old_value_is_better_than_none() -> None:
    source = Source()
    cached = Cached(source.load, 60, source.clock)
    cached.get()
    source.now, source.away = 1_000.0, True
    assert cached.get() == "1"
    source.away = False
    assert cached.get() == "1", "and is not asked for again at once"
    source.now += 60
    assert cached.get() == "2"


def test_without_an_old_value_the_trouble_is_told() -> None:
    source = Source()
    source.away = True
    cached = Cached(source.load, 60, source.clock)
    with pytest.raises(Unavailable):
        cached.get()
    source.away = False
    assert cached.get() == "1"


def test_an_error_that_is_no_outage_is_not_hidden() -> None:
    source = Source()
    answers = iter(["1"])
    cached = Cached(lambda: next(answers), 60, source.clock)
    cached.get()
    source.now += 60
    with pytest.raises(StopIteration):
        cached.get()


def test_many_threads_read_once() -> None:
    source = Source()
    cached = Cached(source.load, 60, source.clock)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: cached.get(), range(64))) == {"1"}


def test_each_name_has_its_own_value_and_age() -> None:
    source = Source()
    cached = CachedByName(source.load, 60, source.clock)
    assert [cached.get(name) for name in ("a", "b", "a")] == ["a1", "b2", "a1"]
    source.now += 60
    assert cached.get("b") == "b3"


def test_names_from_outside_do_not_fill_the_memory() -> None:
    source = Source()
    cached = CachedByName(source.load, 60, source.clock, most=3)
    for number in range(50):
        cached.get(f"name-{number}")
    assert len(cached._held) <= 3
