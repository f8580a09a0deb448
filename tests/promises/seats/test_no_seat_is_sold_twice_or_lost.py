"""5,000 buyers after 500 seats, each of whom may be cut off at any call to the store, and 200 over DynamoDB."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fairline.adapters.dynamodb_seats import DynamoDBHouses, DynamoDBSeats
from fairline.domain.seats import order_of
from tests.booking.conftest import TABLE, OneAtATime, dynamodb
from tests.booking.office import HOUSE, Office
from tests.promises.seats.buyers import LAPSE_MS, Evening

__all__ = ["dynamodb"]

HALL = replace(HOUSE, rows=20, seats_per_row=25)
CLUB = replace(HOUSE, rows=2, seats_per_row=10)
SEED = 20261122


Record = Callable[[str, object], None]


def test_five_thousand_buyers_buy_five_hundred_seats_once_each(record_property: Record) -> None:
    five_thousand(SEED, record_property)


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(1, 21))
def test_five_thousand_buyers_buy_five_hundred_seats_once_each_on_other_evenings(
    seed: int, record_property: Record
) -> None:
    five_thousand(seed, record_property)


def five_thousand(seed: int, record: Record) -> None:
    evening = Evening(Office(house=HALL), seed, buyers=5_000, at_once=100)
    goes_well(evening, seed, record)
    assert (len(HALL.labels), len(evening.buyers)) == (500, 5_000)
    assert evening.crashes > 500


def test_two_hundred_buyers_buy_twenty_seats_once_each_in_dynamodb(
    dynamodb: OneAtATime, record_property: Record
) -> None:
    client: object = dynamodb
    office = Office(DynamoDBHouses(client, TABLE), DynamoDBSeats(client, TABLE), CLUB)  # type: ignore[arg-type]
    evening = Evening(office, SEED, buyers=200, at_once=20)
    goes_well(evening, SEED, record_property)
    assert evening.crashes > 20


def goes_well(evening: Evening, seed: int, record: Record) -> None:
    """An evening, and the morning after: what was told is so, and every seat is sold once or to be had."""
    try:
        evening.passes()
        everybody_was_told_the_truth(evening)
        every_seat_is_sold_once_or_to_be_had(evening)
    finally:
        record("buyers", len(evening.buyers))
        record("times that a buyer was cut off", evening.crashes)
        print(f"seed {seed}: {evening.summary()}")  # noqa: T201 - how to have it again, and what it came to


def everybody_was_told_the_truth(evening: Evening) -> None:
    sold = evening.auditor.sold
    standing = {seat.label: seat for seat in evening.office.store.standing(evening.office.house) if seat.order}
    assert {label: seat.session for label, seat in standing.items()} == sold
    assert len(set(sold.values())) == len(sold)
    for buyer in evening.buyers:
        told = {(label, order_of("demo", session)) for label, session in sold.items() if session == buyer.session}
        assert buyer.bought <= told, f"{buyer.session} was told of a purchase that there is not"
    assert {session for _, session, _ in evening.office.reports.told} <= set(sold.values())


def every_seat_is_sold_once_or_to_be_had(evening: Evening) -> None:
    """Whoever vanished in the middle of it has at most a hold, and holds lapse."""
    office, sold = evening.office, dict(evening.auditor.sold)
    assert len(sold) > len(office.house.labels) * 0.9
    office.clock.now_ms += LAPSE_MS
    for label, session in sold.items():
        again = office.purchase(session)
        assert (again.seat, again.order, again.repeated) == (label, order_of("demo", session), True)
    for number, label in enumerate(label for label in office.house.labels if label not in sold):
        office.hold(f"{number}.late", label)
        assert not office.purchase(f"{number}.late").repeated
    assert sorted(office.sold()) == sorted(office.house.labels)
    assert len(set(office.sold().values())) == len(office.house.labels)
