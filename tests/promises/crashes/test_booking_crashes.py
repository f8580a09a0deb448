"""The process dies at any remote call of the sample backend: no seat is sold twice or lost, no order differs."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from fairline.domain.seats import order_of
from fairline.usecases.book import HOLD_SECONDS
from tests.handlers.cloud import Answer
from tests.handlers.events import gate_event
from tests.promises.crashes.crowd import Crowd
from tests.promises.crashes.deployment import Deployment
from tests.promises.crashes.replay import (
    Story,
    Teller,
    everybody_gets_in_past_another_gate,
    everywhere,
    faults,
    nothing,
)
from tests.support.crash_points import CrashPoints


def at_the_office(crowd: Crowd, name: str, method: str, what: str, body: Any = None) -> Answer:
    """A request that passes the gate on its way."""
    token, path = crowd.fans[name].access_token, crowd.path(f"booking/{what}")
    passed = crowd.deployment.call("authorize", gate_event(method, path, token=token))
    assert passed["isAuthorized"]
    headers = {f"x-fairline-{key}": value for key, value in passed["context"].items()}
    return crowd.deployment.http(method, path, body, token=token, headers=headers)


def holds(crowd: Crowd, name: str, seat: str) -> None:
    answer = at_the_office(crowd, name, "POST", "holds", {"seat": seat})
    assert (answer.status, answer.body["seat"]) == (201, seat)


def purchases(crowd: Crowd, name: str, seat: str) -> None:
    answer = at_the_office(crowd, name, "POST", "purchases", {})
    assert answer.status in (200, 201), answer.body
    assert answer.body == {"order": order_of(crowd.onsale, crowd.place(name).id), "seat": seat}


def two_are_in(crowd: Crowd) -> None:
    crowd.opens()
    crowd.comes("ann", "bob", "cat")
    crowd.lets_in("ann")
    crowd.lets_in("bob")


def ann_holds_one(crowd: Crowd) -> None:
    two_are_in(crowd)
    holds(crowd, "ann", "A-1")


def ann_holds_another(crowd: Crowd) -> None:
    two_are_in(crowd)
    holds(crowd, "ann", "A-2")


def ann_holds(crowd: Crowd) -> None:
    holds(crowd, "ann", "A-1")


def ann_purchases(crowd: Crowd) -> None:
    purchases(crowd, "ann", "A-1")


def each_has_one_seat(crowd: Crowd) -> None:
    """And the waiting room is told of it."""
    ann_purchases(crowd)
    taken = at_the_office(crowd, "bob", "POST", "holds", {"seat": "A-1"})
    assert (taken.status, taken.slug) == (409, "seat-taken")
    holds(crowd, "bob", "A-2")
    purchases(crowd, "bob", "A-2")
    assert sold(crowd) == {"A-1": order(crowd, "ann"), "A-2": order(crowd, "bob")}
    for name in ("ann", "bob"):
        assert reported(crowd, name)
        crowd.buys(name)
    everybody_gets_in_past_another_gate(crowd)


def ann_is_gone(crowd: Crowd) -> None:
    """What she held is bought by the next one, unless it is hers; her slot is free sooner or later."""
    hers = sold(crowd)
    assert hers in ({}, {"A-1": order(crowd, "ann")})
    lapse(crowd)
    seat = "A-2" if hers else "A-1"
    holds(crowd, "bob", seat)
    purchases(crowd, "bob", seat)
    crowd.buys("bob")
    assert hers or not reported(crowd, "ann"), "a purchase was reported that there is not"
    if reported(crowd, "ann"):
        crowd.buys("ann")
    else:
        crowd.expires("ann")
    everybody_gets_in_past_another_gate(crowd)


def order(crowd: Crowd, name: str) -> str:
    return order_of(crowd.onsale, crowd.place(name).id)


def reported(crowd: Crowd, name: str) -> bool:
    """Whether the waiting room has been told that somebody bought."""
    return crowd.path(f"sessions/{crowd.place(name).id}/completion") in crowd.deployment.gateway.completed


def seats(crowd: Crowd) -> Iterator[dict[str, Any]]:
    """What stands on the seats of the house."""
    table = crowd.deployment.environment["SEATS_TABLE"]
    yield from (item for item in boto3.client("dynamodb").scan(TableName=table)["Items"] if "held_until_ms" in item)


def sold(crowd: Crowd) -> dict[str, str]:
    """The orders, by seat."""
    found = {item["item"]["S"]: item["order"]["S"] for item in seats(crowd) if "order" in item}
    return {seat.removeprefix("seat#"): number for seat, number in found.items()}


def lapse(crowd: Crowd) -> None:
    """So much time has passed that no hold stands any more."""
    for item in seats(crowd):
        earlier = {"held_until_ms": {"N": str(int(item["held_until_ms"]["N"]) - HOLD_SECONDS * 1000)}}
        boto3.client("dynamodb").put_item(TableName=crowd.deployment.environment["SEATS_TABLE"], Item=item | earlier)


STORIES = {
    "hold": Story(two_are_in, ann_holds, ends=each_has_one_seat),
    "hold another seat": Story(ann_holds_another, ann_holds, ends=each_has_one_seat),
    "purchase": Story(ann_holds_one, ann_purchases, ends=each_has_one_seat),
    "purchase that nobody asks for again": Story(ann_holds_one, ann_purchases, nothing, ends=ann_is_gone),
}


@pytest.mark.parametrize("name", STORIES)
def test_wherever_it_breaks_off_each_seat_is_sold_once_or_to_be_had(
    deployment: Deployment, points: CrashPoints, name: str
) -> None:
    teller = Teller(deployment, points, STORIES[name])
    calls = teller.calls()
    assert calls
    assert faults(teller, calls) == []


def test_the_report_of_a_purchase_is_among_the_calls(deployment: Deployment, points: CrashPoints) -> None:
    assert "http" in Teller(deployment, points, STORIES["purchase"]).calls()


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("name", [name for name, story in STORIES.items() if story.again is None])
def test_wherever_it_breaks_off_and_its_repetition_too_each_seat_is_sold_once(
    deployment: Deployment, points: CrashPoints, name: str
) -> None:
    teller = Teller(deployment, points, STORIES[name])
    calls = teller.calls()
    assert [fault for again in everywhere(calls) for fault in faults(teller, calls, again)] == []
