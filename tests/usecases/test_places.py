import pytest

from fairline.domain.errors import Closed, Superseded, UnknownOnsale
from fairline.domain.estimate import Polls
from fairline.domain.place import LineAbsent, Place
from fairline.domain.session import End
from fairline.domain.visitor_token import VisitorClaims
from tests.support.fragile import Crash
from tests.support.sale import PUBLIC_URL, Sale

# Reading


def test_the_admitted_enter_with_a_token_that_stays_the_same(sale: Sale) -> None:
    claims = sale.admitted()
    view = sale.sees(claims)
    (start,) = sale.starts()
    assert (view.state, view.ahead, view.reason) == ("admitted", 0, None)
    assert view.admission is not None
    assert view.admission.ends_at_ms == start.ends_at_ms == start.started_at_ms + 180_000
    assert view.admission.booking_url == f"{PUBLIC_URL}/v1/onsales/{sale.name}/booking"
    assert view.admission.extendable
    sale.clock.passes(10_000)
    assert sale.sees(claims).admission == view.admission


def test_whoever_is_called_and_not_yet_written_is_asked_to_come_back_at_once(sale: Sale) -> None:
    (claims,) = sale.joins("ann")
    sale.sessions.breaks("start")
    with pytest.raises(Crash):
        sale.ticks(3)
    view = sale.sees(claims)
    assert (view.state, view.ahead, view.admission) == ("waiting", 0, None)
    assert view.wait is not None
    assert view.wait.poll_after_seconds(Polls(5, 60)) == 1


def test_a_session_is_over_when_its_time_is(sale: Sale) -> None:
    claims = sale.admitted()
    (start,) = sale.starts()
    sale.clock.now_ms = start.ends_at_ms - 1
    assert sale.sees(claims).state == "admitted"
    sale.clock.passes(1)
    view = sale.sees(claims)
    assert (view.state, view.reason, view.admission) == ("expired", "expired", None)


def test_while_the_line_is_away_a_session_is_shown_from_the_ledger(sale: Sale) -> None:
    claims = sale.admitted()
    before = sale.sees(claims)
    sale.is_wiped()
    assert sale.sees(claims) == before


@pytest.mark.parametrize("how", ["live", "closed", "unknown"])
def test_while_the_line_is_away_a_waiting_place_is_explained(sale: Sale, how: str) -> None:
    (claims,) = sale.joins("ann")
    sale.is_wiped()
    if how == "closed":
        sale.changes(closed=True)
    elif how == "unknown":
        claims = VisitorClaims(Place("other", 1, "ann"), 1, claims.expires_at)
    with pytest.raises({"live": LineAbsent, "closed": Closed, "unknown": UnknownOnsale}[how]):
        sale.sees(claims)


# Leaving


def test_whoever_leaves_the_line_is_never_called(sale: Sale) -> None:
    ann, _ = sale.joins("ann", "bob")
    sale.places.leave(ann)
    assert sale.sees(ann).reason == "left"
    sale.ticks_for(5)
    assert sale.called() == ["bob"]


def test_whoever_gives_a_session_back_frees_its_slot() -> None:
    sale = Sale(max_active=1)
    ann = sale.admitted("ann")
    sale.joins("bob")
    sale.places.leave(ann)
    assert sale.sees(ann).reason == "left"
    sale.ticks_for(2)
    assert [session.place.visitor for session in sale.running()] == ["bob"]


def test_leaving_again_is_fine_and_changes_nothing(sale: Sale) -> None:
    ann = sale.admitted("ann")
    sale.completes(ann.place)
    sale.places.leave(ann)
    sale.places.leave(ann)
    assert sale.sees(ann).reason == "completed"


def test_what_is_left_is_ended_in_the_ledger_before_the_line_hears_of_it(sale: Sale) -> None:
    """The call broke off between the two: the gate is shut already, and leaving again frees the slot."""
    ann = sale.admitted("ann")
    sale.line.breaks("end")
    with pytest.raises(Crash):
        sale.places.leave(ann)
    assert sale.running() == []
    assert sale.sees(ann).reason == "left"
    sale.places.leave(ann)
    sale.ticks()
    assert (sale.status() or {})["active"] == 0


def test_whoever_had_left_in_the_ledger_only_is_called_to_nothing(sale: Sale) -> None:
    ann, _ = sale.joins("ann", "bob")
    sale.line.breaks("end")
    with pytest.raises(Crash):
        sale.places.leave(ann)
    sale.ticks_for(5)
    assert sale.sees(ann).reason == "left"
    assert [session.place.visitor for session in sale.running()] == ["bob"]


def test_whoever_leaves_between_being_called_and_being_written_has_left() -> None:
    """The tick is repeated, the session written, and still the slot goes to the next in line."""
    sale = Sale(max_active=1)
    ann, _ = sale.joins("ann", "bob")
    sale.sessions.breaks("start")
    with pytest.raises(Crash):
        sale.ticks(3)
    sale.places.leave(ann)
    sale.ticks_for(12)
    assert sale.sees(ann).reason == "left"
    assert [session.place.visitor for session in sale.running()] == ["bob"]


def test_whoever_leaves_after_the_time_ran_out_unwritten_takes_no_slot() -> None:
    """The tick that took the place died, and before the next one came the slot had run out."""
    sale = Sale(max_active=1, rate_per_minute=600)
    ann, _ = sale.joins("ann", "bob")
    sale.sessions.breaks("start")
    with pytest.raises(Crash):
        sale.ticks(1)
    sale.store.time.runs_out(ann.place)
    sale.store.time.abandoned(ann.place)
    sale.places.leave(ann)
    sale.ticks(2)
    assert [session.place.visitor for session in sale.running()] == ["bob"]
    assert sale.sees(ann).reason == "left"


def test_a_token_of_a_former_place_leaves_nothing(sale: Sale) -> None:
    (former,) = sale.joins("ann")
    sale.places.leave(former)
    (newer,) = sale.joins("ann")
    with pytest.raises(Superseded):
        sale.places.leave(former)
    assert sale.sees(newer).state == "waiting"


@pytest.mark.parametrize("how", ["closed", "wiped"])
def test_leaving_again_is_fine_whatever_became_of_the_line(sale: Sale, how: str) -> None:
    (ann,) = sale.joins("ann")
    sale.places.leave(ann)
    if how == "closed":
        sale.changes(closed=True)
        sale.ticks(1)
    else:
        sale.is_wiped()
    sale.places.leave(ann)
    assert sale.sees(ann).reason == "left"


# After the line was lost


def test_whoever_presents_a_token_keeps_the_place(sale: Sale) -> None:
    ann, bob = sale.joins("ann", "bob")
    sale.is_wiped()
    sale.ticks(2)
    assert (sale.sees(bob).state, sale.sees(bob).ahead) == ("waiting", 0)
    assert (sale.sees(ann).place, sale.sees(ann).ahead) == (ann.place, 0)
    assert sale.sees(bob).ahead == 1


@pytest.mark.parametrize("seconds", [0, 200, 400, 900])
@pytest.mark.parametrize("how", ["completed", "left", "left the line", "expired"])
def test_a_place_that_was_used_is_not_put_back(sale: Sale, how: str, seconds: int) -> None:
    """Whether its session is reloaded or, long after, only the ledger knows."""
    claims = sale.joins("ann")[0] if how == "left the line" else sale.admitted("ann")
    if how == "completed":
        sale.completes(claims.place)
    elif how.startswith("left"):
        sale.places.leave(claims)
    else:
        sale.ticks_for(200)
    sale.ticks_for(seconds)
    sale.is_wiped()
    sale.ticks(2)
    assert sale.sees(claims).reason == how.removesuffix(" the line")
    sale.ticks_for(20)
    assert sale.called() in ([], ["ann"])
    assert sale.running() == []


def test_a_running_session_runs_on(sale: Sale) -> None:
    claims = sale.admitted("ann")
    before = sale.sees(claims).admission
    sale.is_wiped()
    sale.ticks(3)
    assert sale.sees(claims).admission == before
    sale.completes(claims.place)
    sale.ticks()
    assert (sale.status() or {})["active"] == 0


def test_a_place_without_a_token_is_lost_and_found_once_the_token_is(sale: Sale) -> None:
    (older,) = sale.joins("ann")
    sale.is_wiped()
    sale.ticks(2)
    (newer,) = sale.joins("ann")
    assert newer.place.position > 100_000
    assert sale.sees(older).place == older.place
    with pytest.raises(Superseded):
        sale.sees(newer)
    sale.ticks_for(20)
    assert [start.place for start in sale.starts()] == [older.place]


def test_an_end_that_came_before_the_wipe_stays(sale: Sale) -> None:
    (claims,) = sale.joins("ann")
    sale.places.leave(claims)
    assert sale.sessions.rows(claims.place) == [End(claims.place, "left", sale.clock())]
    sale.is_wiped()
    sale.ticks(2)
    assert sale.sees(claims).reason == "left"
