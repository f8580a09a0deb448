import pytest

from fairline.domain.errors import Closed, InvalidToken, NotOpenYet, Superseded, Unavailable, UnknownOnsale
from fairline.domain.estimate import Wait
from fairline.domain.place import LineAbsent
from tests.support.clock import HOUR_MS, MINUTE_MS
from tests.support.sale import Sale


def test_a_newcomer_gets_a_place_and_a_token_that_proves_it(sale: Sale) -> None:
    registration = sale.registers("ann")
    claims = sale.claims(registration.visitor_token)
    assert registration.is_new
    assert claims.place == registration.view.place
    assert (claims.place.position, claims.place.visitor, claims.epoch) == (1, "ann", 1)
    assert claims.expires_at == (sale.onsale.closes_at_ms + 24 * HOUR_MS) // 1000


def test_asking_again_gives_the_same_place_and_the_same_token(sale: Sale) -> None:
    first, again = sale.registers("ann"), sale.registers("ann")
    assert not again.is_new
    assert (again.view, again.visitor_token) == (first.view, first.visitor_token)


def test_whoever_waits_is_told_how_many_are_ahead_and_how_long_it_may_take() -> None:
    sale = Sale(rate_per_minute=60, max_active=2, session_seconds=100)
    sale.joins("ann", "bob", "cat", "dan")
    view = sale.registers("eve").view
    assert (view.state, view.ahead, view.wait) == ("waiting", 4, Wait(5, 200))
    assert view.admission is None
    assert view.reason is None


def test_registering_costs_one_call_of_the_line_and_none_of_the_ledger(sale: Sale) -> None:
    for wrapped in (sale.line, sale.sessions, sale.onsales):
        wrapped.calls.clear()
    sale.registers("ann")
    assert sale.line.calls == {"register": 1}
    assert not sale.sessions.calls
    assert not sale.onsales.calls


def test_whoever_is_admitted_registers_to_the_session_there_is(sale: Sale) -> None:
    claims = sale.admitted("ann")
    again = sale.registers("ann")
    assert not again.is_new
    assert again.view == sale.sees(claims)
    assert again.view.admission is not None


def test_an_onsale_that_nobody_made_is_unknown(sale: Sale) -> None:
    with pytest.raises(UnknownOnsale):
        sale.registrar.register("no-such-sale", "ann")


def test_without_a_line_one_is_told_when_the_lobby_opens(sale: Sale) -> None:
    opens_at_ms = sale.clock() + 90_001
    sale.changes(lobby_opens_at_ms=opens_at_ms, sale_starts_at_ms=opens_at_ms)
    sale.is_wiped()
    with pytest.raises(NotOpenYet) as refused:
        sale.registers("ann")
    assert refused.value.retry_after_seconds == 91


def test_without_a_line_a_closed_onsale_says_so(sale: Sale) -> None:
    sale.changes(closed=True)
    sale.is_wiped()
    with pytest.raises(Closed):
        sale.registers("ann")


def test_without_a_line_a_live_onsale_asks_for_another_try(sale: Sale) -> None:
    sale.is_wiped()
    with pytest.raises(LineAbsent) as refused:
        sale.registers("ann")
    assert refused.value.retry_after_seconds == 2


def test_nobody_gets_a_place_while_nobody_ticks(sale: Sale) -> None:
    """Positions are only issued while the record is being kept."""
    sale.clock.passes(5_000)
    with pytest.raises(Unavailable):
        sale.registers("ann")
    sale.ticks()
    assert sale.registers("ann").is_new


def test_a_token_finds_its_place_again(sale: Sale) -> None:
    first = sale.registers("ann")
    sale.registers("bob")
    back = sale.registrar.return_with(first.visitor_token, sale.name)
    assert (back.view, back.visitor_token, back.is_new) == (first.view, first.visitor_token, False)


@pytest.mark.parametrize("how", ["left", "expired"])
def test_the_token_of_a_place_that_has_ended_gives_a_new_one_at_the_end(sale: Sale, how: str) -> None:
    claims = sale.admitted("ann")
    token = sale.registers("ann").visitor_token
    if how == "left":
        sale.places.leave(claims)
    else:
        sale.ticks_for(200)
    sale.registers("bob")
    back = sale.registrar.return_with(token, sale.name)
    assert back.is_new
    assert (back.view.place.visitor, back.view.place.position, back.view.ahead) == ("ann", 3, 1)
    assert sale.claims(back.visitor_token).place == back.view.place
    with pytest.raises(Superseded):
        sale.registrar.return_with(token, sale.name)


def test_without_rejoin_the_token_of_an_ended_place_shows_its_end() -> None:
    sale = Sale(rejoin=False)
    (claims,) = sale.joins("ann")
    token = sale.registers("ann").visitor_token
    sale.places.leave(claims)
    back = sale.registrar.return_with(token, sale.name)
    assert (back.is_new, back.view.reason, back.view.place) == (False, "left", claims.place)


def test_whoever_has_bought_does_not_queue_again(sale: Sale) -> None:
    claims = sale.admitted("ann")
    token = sale.registers("ann").visitor_token
    sale.completes(claims.place)
    for again in (sale.registrar.return_with(token, sale.name), sale.registers("ann")):
        assert (again.is_new, again.view.state, again.view.reason) == (False, "completed", "completed")


def test_a_token_of_another_onsale_is_refused(sale: Sale) -> None:
    token = sale.registers("ann").visitor_token
    with pytest.raises(InvalidToken):
        sale.registrar.return_with(token, "other")


def test_before_the_sale_starts_the_wait_counts_from_the_start() -> None:
    sale = Sale()
    sale.changes(sale_starts_at_ms=sale.clock() + MINUTE_MS)
    sale.ticks(every_ms=0)
    assert sale.registers("ann").view.wait == Wait(61, 61)
