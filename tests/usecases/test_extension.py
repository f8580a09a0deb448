"""More time for a session: once, and only where its slot is held."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from fairline.domain.errors import AlreadyExtended, SessionEnded
from fairline.domain.session import Extension
from fairline.domain.status import iso
from tests.support.fragile import Crash
from tests.support.sale import Sale


def test_more_time_is_the_same_length_again(sale: Sale) -> None:
    ann = sale.admitted("ann")
    (start,) = sale.starts()
    session = sale.places.extend(ann)
    assert session.ends_at_ms == start.started_at_ms + 360_000
    sale.clock.now_ms = start.ends_at_ms + 1
    sale.ticks()
    view = sale.sees(ann)
    assert view.state == "admitted"
    assert view.admission is not None
    assert (view.admission.ends_at_ms, view.admission.extendable) == (session.ends_at_ms, False)
    assert (sale.status() or {})["active"] == 1


def test_more_time_is_granted_once(sale: Sale) -> None:
    ann = sale.admitted("ann")
    ends_at_ms = sale.places.extend(ann).ends_at_ms
    with pytest.raises(AlreadyExtended) as refused:
        sale.places.extend(ann)
    assert refused.value.extras == {"session_expires_at": iso(ends_at_ms)}


def test_of_many_who_ask_for_more_time_at_once_one_gets_it(sale: Sale) -> None:
    ann = sale.admitted("ann")

    def ask(_: int) -> bool:
        try:
            sale.places.extend(ann)
        except AlreadyExtended:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(16))).count(True) == 1


@pytest.mark.parametrize("how", ["waiting", "expired", "completed", "left"])
def test_only_a_running_session_can_be_extended(sale: Sale, how: str) -> None:
    ann = sale.joins("ann")[0] if how == "waiting" else sale.admitted("ann")
    if how == "expired":
        sale.clock.passes(180_000)
    elif how == "completed":
        sale.completes(ann.place)
    elif how == "left":
        sale.places.leave(ann)
    with pytest.raises(SessionEnded):
        sale.places.extend(ann)
    assert not any(isinstance(row, Extension) for row in sale.sessions.rows(ann.place))


def test_more_time_is_not_promised_before_its_slot_is_held(sale: Sale) -> None:
    """The slot is refused: nothing is written. The call breaks off after the slot: asking again grants it."""
    ann = sale.admitted("ann")
    sale.line.breaks("extend")
    with pytest.raises(Crash):
        sale.places.extend(ann)
    assert not any(isinstance(row, Extension) for row in sale.sessions.rows(ann.place))
    sale.sessions.breaks("add")
    with pytest.raises(Crash):
        sale.places.extend(ann)
    assert sale.sees(ann).admission == sale.sees(ann).admission
    assert sale.places.extend(ann).extended


def test_a_slot_that_has_just_run_out_cannot_be_extended(sale: Sale) -> None:
    ann = sale.admitted("ann")
    sale.store.time.runs_out(ann.place)
    with pytest.raises(SessionEnded):
        sale.places.extend(ann)
    assert not any(isinstance(row, Extension) for row in sale.sessions.rows(ann.place))
