"""Sessions come back to a line that was lost: the same in memory, in a simulated Redis and in a real Valkey."""

import pytest

from fairline.domain.errors import Superseded
from fairline.domain.place import Place
from fairline.domain.session import Session
from tests.support.keeper import Keeper
from tests.support.stores import Store


@pytest.fixture
def keeper(store: Store) -> Keeper:
    """A line that was lost a moment ago, and whose epoch has begun anew."""
    keeper = Keeper(store)
    store.time.is_wiped(keeper.name)
    keeper.begins()
    keeper.ticks()
    return keeper


def session(keeper: Keeper, position: int, visitor: str, how: str = "running") -> Session:
    now_ms = keeper.store.time.now_ms()
    ends_at_ms = now_ms - 1 if how == "expired" else now_ms + 60_000
    ended = {"completed": "completed", "left": "left", "left the line": "left"}.get(how)
    started_at_ms = None if how == "left the line" else now_ms - 120_000
    return Session(Place(keeper.name, position, visitor), started_at_ms, ends_at_ms, extended=False, ended=ended)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how", "state", "active"),
    [
        ("running", "admitted", 1),
        ("expired", "expired", 0),
        ("completed", "completed", 0),
        ("left", "left", 0),
        ("left the line", "left", 0),
    ],
)
def test_a_session_is_known_again_as_the_ledger_has_it(keeper: Keeper, how: str, state: str, active: int) -> None:
    known = session(keeper, 7, "ann", how)
    for _ in range(2):
        keeper.admissions.reload([known], keeper.name)
        assert keeper.state_of(known.place) == state
        assert keeper.looks().progress.active == active


def test_a_running_session_ends_when_the_ledger_says(keeper: Keeper) -> None:
    known = session(keeper, 7, "ann")
    keeper.admissions.reload([known], keeper.name)
    assert keeper.joined("ann").state == "admitted"
    assert keeper.line.end(known.place, "completed") is True
    keeper.admissions.reload([known], keeper.name)
    assert keeper.state_of(known.place) == "completed"
    assert keeper.looks().progress.active == 0


def test_an_extension_that_the_ledger_has_not_shown_yet_is_kept(keeper: Keeper) -> None:
    known = session(keeper, 7, "ann")
    keeper.admissions.reload([known], keeper.name)
    keeper.line.extend(known.place, known.ends_at_ms + 60_000)
    keeper.admissions.reload([known], keeper.name)
    keeper.store.time.runs_out(known.place)
    keeper.admissions.reload([known], keeper.name)
    assert keeper.state_of(known.place) == "admitted"


def test_who_has_a_session_does_not_wait(keeper: Keeper) -> None:
    """A visitor returned with the token before the session was known again."""
    place = Place(keeper.name, 7, "ann")
    keeper.found(place, epoch=1, restore=True)
    keeper.admissions.reload([session(keeper, 7, "ann")], keeper.name)
    view = keeper.looks()
    assert (view.progress.waiting, view.progress.active) == (0, 1)
    assert keeper.ticks(5) == []


def test_many_sessions_come_back_at_once(keeper: Keeper) -> None:
    many = [session(keeper, number, f"visitor-{number}") for number in range(1, 2_502)]
    keeper.admissions.reload(many, keeper.name)
    assert keeper.looks().progress.active == 2_501


def test_an_earlier_session_does_not_supersede_the_place_its_visitor_now_waits_at(keeper: Keeper) -> None:
    """The ticker paused for longer than the lease and reloads; meanwhile nobody lost anything."""
    earlier = session(keeper, 7, "ann", "expired")
    keeper.admissions.reload([earlier], keeper.name)
    newer = keeper.joined("ann").place
    keeper.admissions.reload([earlier], keeper.name)
    assert keeper.state_of(newer) == keeper.joined("ann").state == "waiting"
    with pytest.raises(Superseded):
        keeper.found(earlier.place)
    assert [start.place for start in keeper.ticks(5)] == [newer]


@pytest.mark.parametrize("how", ["expired", "left"])
def test_whoever_had_rejoined_before_the_loss_returns_to_the_newer_place(keeper: Keeper, how: str) -> None:
    earlier, newer = session(keeper, 7, "ann", how), Place(keeper.name, 9, "ann")
    keeper.admissions.reload([earlier], keeper.name)
    assert keeper.found(newer, epoch=1) is None
    restored = keeper.found(newer, epoch=1, restore=True)
    assert restored is not None
    assert (restored.place, restored.state) == (newer, "waiting")
    keeper.admissions.reload([earlier], keeper.name)
    assert keeper.state_of(newer) == keeper.joined("ann").state == "waiting"
    assert [start.place for start in keeper.ticks(5)] == [newer]
    assert keeper.state_of(newer) == "admitted"


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("earlier", ["left", "left the line"])
def test_how_an_earlier_place_ended_says_nothing_of_the_session_there_is_now(
    keeper: Keeper, earlier: str, *, newest_first: bool
) -> None:
    """Whoever left, joined again and was let in. Rows come in any order."""
    over, now = session(keeper, 3, "ann", earlier), session(keeper, 7, "ann")
    for known in (now, over) if newest_first else (over, now):
        keeper.admissions.reload([known], keeper.name)
    assert keeper.state_of(now.place) == "admitted"
    assert keeper.looks().progress.active == 1
    assert keeper.joined("ann").place == now.place


def test_a_copy_that_remembers_the_leaving_learns_of_the_session(keeper: Keeper) -> None:
    (before,) = keeper.joins("ann")
    keeper.line.end(before, "left")
    now = session(keeper, before.position + 1, "ann")
    keeper.admissions.reload([now], keeper.name)
    assert keeper.state_of(now.place) == "admitted"
    assert keeper.looks().progress.active == 1


@pytest.mark.parametrize("how", ["running", "completed"])
@pytest.mark.parametrize("restore", [True, False])
def test_no_later_place_is_taken_up_beside_a_session_or_after_a_purchase(
    keeper: Keeper, how: str, *, restore: bool
) -> None:
    """Somebody came twice after the loss, and has two tokens."""
    keeper.admissions.reload([session(keeper, 7, "ann", how)], keeper.name)
    with pytest.raises(Superseded) as superseded:
        keeper.found(Place(keeper.name, 9, "ann"), restore=restore)
    assert superseded.value.instead == 7


def test_nor_beside_one_that_is_not_written_yet(keeper: Keeper) -> None:
    (place,) = keeper.joins("ann")
    keeper.takes(keeper.looks(), 1)
    keeper.store.time.runs_out(place)
    with pytest.raises(Superseded):
        keeper.found(place._replace(position=place.position + 1), restore=True)


@pytest.mark.parametrize("how", ["expired", "left"])
def test_a_later_place_is_taken_up_after_a_session_that_came_to_nothing(keeper: Keeper, how: str) -> None:
    keeper.admissions.reload([session(keeper, 7, "ann", how)], keeper.name)
    later = Place(keeper.name, 9, "ann")
    restored = keeper.found(later, restore=True)
    assert restored is not None
    assert (restored.state, restored.place) == ("waiting", later)
