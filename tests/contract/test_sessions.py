"""The rows of sessions: the same in memory and in DynamoDB."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from fairline.domain.place import Place
from fairline.domain.session import End, Extension, Session, Start
from fairline.usecases.ports import Sessions
from tests.contract.conftest import Ledger
from tests.support.builders import any_name, any_place
from tests.support.clock import START_MS

KEPT = START_MS // 1000 + 86_400


@pytest.fixture
def sessions(ledger: Ledger) -> Sessions:
    return ledger.sessions


def start_of(place: Place, at_ms: int = START_MS) -> Start:
    return Start(place, at_ms, at_ms + 180_000)


def test_a_place_without_rows_has_none(sessions: Sessions) -> None:
    assert sessions.rows(any_place()) == []
    assert sessions.started([any_place()]) == set()
    assert sessions.started([]) == set()
    assert sessions.since(any_name(), 0) == []


def test_rows_come_back_as_they_were_written(sessions: Sessions) -> None:
    place = any_place()
    start, extension = start_of(place), Extension(place, START_MS + 360_000)
    end = End(place, "completed", START_MS + 200_000)
    assert sessions.start([start], KEPT) == []
    assert sessions.add(extension, KEPT) is True
    assert sessions.add(end, KEPT) is True
    assert set(sessions.rows(place)) == {start, extension, end}


def test_writing_a_start_again_changes_nothing(sessions: Sessions) -> None:
    place = any_place()
    end = End(place, "left", START_MS + 1)
    sessions.start([start_of(place)], KEPT)
    sessions.add(end, KEPT)
    assert sessions.start([start_of(place)], KEPT) == []
    assert set(sessions.rows(place)) == {start_of(place), end}


@pytest.mark.parametrize("many", [1, 25, 26, 101])
def test_many_starts_are_written_and_found_at_once(sessions: Sessions, many: int) -> None:
    onsale = any_name()
    places = [any_place(number, onsale) for number in range(1, many + 1)]
    assert sessions.start([start_of(place) for place in places], KEPT) == []
    assert sessions.started([*places, any_place(7_777, onsale)]) == set(places)


def test_a_session_ends_once(sessions: Sessions) -> None:
    place = any_place()
    first, second = End(place, "left", START_MS + 5), End(place, "completed", START_MS + 6)
    assert [sessions.add(first, KEPT), sessions.add(second, KEPT), sessions.add(first, KEPT)] == [True, False, False]
    assert sessions.rows(place) == [first]


def test_a_session_is_extended_once(sessions: Sessions) -> None:
    first = Extension(any_place(), START_MS)
    assert [sessions.add(first, KEPT), sessions.add(first, KEPT)] == [True, False]


def test_of_many_who_end_a_session_at_once_one_does(sessions: Sessions) -> None:
    place = any_place()
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda n: sessions.add(End(place, "completed", START_MS + n), KEPT), range(24)))
    assert added.count(True) == 1


def test_an_end_alone_is_no_start(sessions: Sessions) -> None:
    place = any_place()
    sessions.add(End(place, "left", START_MS), KEPT)
    assert sessions.started([place]) == set()


def test_places_of_one_visitor_and_of_two_onsales_are_apart(sessions: Sessions) -> None:
    one, later = any_place(1, visitor="ann"), any_place(2, visitor="ann")
    sessions.start([start_of(one)], KEPT)
    assert sessions.rows(later) == sessions.rows(Place(later.onsale, 1, "ann")) == []


def test_sessions_are_found_by_when_they_end_or_ended(sessions: Sessions) -> None:
    onsale = any_name()
    over, running, extended, ended, left = (any_place(number, onsale) for number in range(1, 6))
    at_ms = START_MS
    sessions.start([start_of(over, at_ms - 180_000), start_of(running, at_ms - 179_999)], KEPT)
    sessions.start([start_of(extended, at_ms - 180_000), start_of(ended, at_ms - 100_000)], KEPT)
    sessions.add(Extension(extended, at_ms + 180_000), KEPT)
    sessions.add(End(ended, "completed", at_ms + 1), KEPT)
    sessions.add(End(left, "left", at_ms + 1), KEPT)
    sessions.start([start_of(any_place())], KEPT)
    found = {session.place: session for session in sessions.since(onsale, at_ms - 1)}
    assert set(found) == {over, running, extended, ended, left}
    assert found[extended] == Session(extended, at_ms - 180_000, at_ms + 180_000, extended=True, ended=None)
    assert found[ended].ended == "completed"
    assert (found[left].started_at_ms, found[left].ended) == (None, "left")
    assert over not in {session.place for session in sessions.since(onsale, at_ms)}
