"""What must be true of a night, whatever broke in it."""

from collections import Counter

from fairline.domain.session import Start
from tests.promises.faults.night import Fan, Night, Told
from tests.races.test_two_tickers import most_at_once, within_the_rate

REFUSALS = {503}


def held(night: Night) -> None:
    """Every promise that a store can break by failing. The store is whole again, and nobody acts any more."""
    nothing_but_answers_and_refusals(night)
    no_position_is_anothers_or_changed(night)
    nobody_was_let_in_twice(night)
    those_who_were_there_went_in_order(night)
    nobody_is_lost(night)
    the_cap_was_held(night)
    the_rate_was_held(night)


def nothing_but_answers_and_refusals(night: Night) -> None:
    """What cannot be served says so, and when to come back."""
    told = [told for fan in night.fans for told in fan.told]
    assert {each.status for each in told} <= {200, 201, 204, *REFUSALS}
    for each in told:
        if each.status in REFUSALS:
            assert int(each.headers["retry-after"]) >= 1
            assert "visitor_token" not in each.body


def no_position_is_anothers_or_changed(night: Night) -> None:
    """Promises 1, 2 and 7."""
    told = {fan.number: {each.body["position"] for each in fan.places} for fan in night.fans if fan.places}
    assert all(len(positions) == 1 for positions in told.values()), told
    holders = Counter(position for positions in told.values() for position in positions)
    assert set(holders.values()) == {1}, holders.most_common(3)
    created = [fan.number for fan in night.fans for each in fan.told if each.status == 201]
    assert len(created) == len(set(created))


def nobody_was_let_in_twice(night: Night) -> None:
    """Promise 5: one session for each visitor, for the place they hold."""
    visitors = Counter(start.place.visitor for start in night.sale.starts())
    assert set(visitors.values()) <= {1}, visitors.most_common(3)
    places = {fan.place for fan in night.fans if fan.token}
    assert {start.place for start in night.sale.starts()} <= places


def those_who_were_there_went_in_order(night: Night) -> None:
    """Promises 3 and 7: whoever was known to wait is called before everybody behind."""
    started = {start.place: start for start in night.sale.starts()}
    waited = {fan.place: _waited(fan) for fan in night.fans if fan.token}
    for place, start in started.items():
        if place in night.retimed:
            continue
        for other, told in waited.items():
            if other.position < place.position and other not in night.retimed:
                assert _called_before(started.get(other), start) or not _present(night, told, start), (place, other)


def _waited(fan: Fan) -> list[Told]:
    return [told for told in fan.places if told.body["state"] == "waiting"]


def _called_before(one: Start | None, other: Start) -> bool:
    return one is not None and one.started_at_ms <= other.started_at_ms


def _present(night: Night, waited: list[Told], start: Start) -> bool:
    """Whether one asked after the last fault and was told to wait before somebody's session began."""
    since = max([fault.over_ms for fault in night.faults if fault.began_ms <= start.started_at_ms], default=0)
    return any(since < told.asked_ms and told.at_ms < start.started_at_ms for told in waited)


def nobody_is_lost(night: Night) -> None:
    """Promises 5 and 7: every session stands, every slot is held by a session, and everybody's turn came."""
    for fan in night.fans:
        fan.asks()
        assert fan.state in ("admitted", "completed"), (fan.number, fan.told[-1])
        assert fan.told[-1].body.get("access_token") or fan.state == "completed"
    running = {session.place for session in night.sale.running()}
    view = night.sale.admissions.observe(night.sale.onsale, night.sale.records.read(night.sale.name))
    assert view.progress.active == len(running)
    assert view.progress.waiting == 0
    assert running == {fan.place for fan in night.fans if fan.state == "admitted"}


def the_cap_was_held(night: Night) -> None:
    """Promise 4, until the cap was raised so that the night comes to its end."""
    *later, first = night.sale.onsales.versions(night.sale.name)
    raised_ms = min(version.at_ms for version in later)
    before = [start for start in night.sale.starts() if start.started_at_ms < raised_ms]
    assert len(before) > first.onsale.max_active / 2
    assert most_at_once(night.sale, before) <= first.onsale.max_active


def the_rate_was_held(night: Night) -> None:
    """Promise 4: no outage is made up for. Whose session began anew was called earlier than their start says."""
    called = [start for start in night.sale.starts() if start.place not in night.retimed]
    in_time = sorted(called, key=lambda start: start.started_at_ms)
    within_the_rate(in_time, 0, night.sale.onsale.rate_per_minute)
