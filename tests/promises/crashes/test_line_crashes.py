"""The process dies at any remote call of what visitors and the ticker do; everybody keeps one place and gets in."""

import pytest

from tests.promises.crashes.crowd import Crowd
from tests.promises.crashes.deployment import Deployment
from tests.promises.crashes.replay import Story, Teller, everybody_gets_in, everywhere, faults, nothing
from tests.support.crash_points import CrashPoints


def open_sale(crowd: Crowd) -> None:
    crowd.opens()
    crowd.comes("ann", "bob", "cat")


def ann_is_in(crowd: Crowd) -> None:
    open_sale(crowd)
    crowd.lets_in("ann")


def ann_has_left(crowd: Crowd) -> None:
    open_sale(crowd)
    crowd.leaves("ann")


def ann_has_run_out(crowd: Crowd) -> None:
    ann_is_in(crowd)
    crowd.expires("ann")


def nobody_has_ticked(crowd: Crowd) -> None:
    ann_is_in(crowd)
    crowd.deployment.lapses(crowd.onsale)


def the_line_is_wiped(crowd: Crowd) -> None:
    ann_is_in(crowd)
    crowd.is_wiped()


def a_new_epoch(crowd: Crowd) -> None:
    the_line_is_wiped(crowd)
    crowd.ticks()


def a_new_sale(crowd: Crowd) -> None:
    crowd.creates()


def opens_and_fills(crowd: Crowd) -> None:
    crowd.ticks()
    crowd.ticks()
    crowd.comes("ann", "bob", "cat")


def ann_has_more_time(crowd: Crowd) -> None:
    crowd.has_more_time("ann")
    crowd.holds()


def no_number_was_wasted(crowd: Crowd) -> None:
    crowd.comes(*crowd.fans)
    assert [fan.position for fan in crowd.fans.values()] == [1, 2, 3, 4]
    everybody_gets_in(crowd)


def everybody_gets_in_and_time_runs_out(crowd: Crowd) -> None:
    """Nobody asked again: a slot may be kept for somebody who is gone, for as long as a session lasts and no longer.

    The line then knows no other end than that, though nobody gets past the gate who has another one.
    """
    crowd.settles()
    for name, fan in crowd.fans.items():
        crowd.is_refused_at_the_gate(fan)
        crowd.deployment.run_out(crowd.place(name).id, crowd.onsale)
        told = crowd.asks(fan)
        assert told in {fan.ended, "expired"}
        fan.ended = told
    crowd.is_over()


SHORT = {
    "register": Story(open_sale, lambda crowd: crowd.comes("dan"), ends=no_number_was_wasted),
    "leave the line": Story(open_sale, lambda crowd: crowd.leaves("bob")),
    "leave a session": Story(ann_is_in, lambda crowd: crowd.leaves("ann")),
    "tick that admits": Story(open_sale, Crowd.ticks),
    "tick that takes back": Story(ann_has_run_out, Crowd.ticks),
    "tick that begins an epoch": Story(the_line_is_wiped, Crowd.ticks),
    "first tick": Story(a_new_sale, Crowd.ticks, opens_and_fills),
    "complete": Story(ann_is_in, lambda crowd: crowd.buys("ann")),
    "leave the line once": Story(
        open_sale, lambda crowd: crowd.leaves("bob"), nothing, everybody_gets_in_and_time_runs_out
    ),
    "leave a session once": Story(
        ann_is_in, lambda crowd: crowd.leaves("ann"), nothing, everybody_gets_in_and_time_runs_out
    ),
    "complete once": Story(ann_is_in, lambda crowd: crowd.buys("ann"), nothing, everybody_gets_in_and_time_runs_out),
    "extension": Story(ann_is_in, lambda crowd: crowd.extends("ann"), ends=ann_has_more_time),
}
LONG = SHORT | {
    "read a place": Story(ann_is_in, lambda crowd: crowd.asks(crowd.fans["ann"])),
    "tick after a leave": Story(ann_has_left, Crowd.ticks),
    "tick after a lapse": Story(nobody_has_ticked, Crowd.ticks),
    "tick while all return": Story(a_new_epoch, Crowd.ticks),
    "return after a wipe": Story(a_new_epoch, lambda crowd: crowd.asks(crowd.fans["bob"])),
}


@pytest.mark.parametrize("name", SHORT)
def test_wherever_it_breaks_off_the_promises_hold(deployment: Deployment, points: CrashPoints, name: str) -> None:
    teller = Teller(deployment, points, SHORT[name])
    calls = teller.calls()
    assert calls
    assert faults(teller, calls) == []


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("name", LONG)
def test_wherever_it_breaks_off_and_its_repetition_too_the_promises_hold(
    deployment: Deployment, points: CrashPoints, name: str
) -> None:
    """Of the repetition only what every one has: its calls as far as the first that broke off went."""
    teller = Teller(deployment, points, LONG[name])
    calls = teller.calls()
    assert calls
    assert faults(teller, calls) == []
    assert [fault for again in everywhere(calls) for fault in faults(teller, calls, again)] == []
