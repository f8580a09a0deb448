"""The rules of the sample backend, over every store."""

import pytest

from fairline.domain.errors import InvalidRequest, UnknownOnsale
from fairline.domain.seats import AlreadyBought, Choice, House, NothingHeld, Seat, SeatTaken, order_of
from fairline.usecases.book import Houses, Seats, open_house
from tests.booking.office import CLOSES_MS, HOUSE, START_MS, Office

LAPSE_MS = 120_000


def test_a_house_is_found_as_it_was_opened(stores: tuple[Houses, Seats]) -> None:
    houses, _ = stores
    open_house(houses, "demo", "the-key", CLOSES_MS)
    open_house(houses, "demo", "the-key", CLOSES_MS)
    assert houses.find("demo") == House("demo", "the-key", CLOSES_MS, 26, 30, 4500, "EUR")
    assert houses.find("other") is None


def test_the_map_of_an_untouched_house_has_nothing_taken(office: Office) -> None:
    assert office.seats("1.ann").document() == {
        "rows": ["A", "B"],
        "seats_per_row": 3,
        "price": {"amount": 4500, "currency": "EUR"},
        "taken": [],
        "yours": None,
    }


def test_a_hold_is_taken_for_others_and_yours_for_you(office: Office) -> None:
    office.hold("1.ann", "A-2")
    assert office.seats("2.bob").taken == ["A-2"]
    assert office.seats("1.ann").taken == []
    assert office.seats("1.ann").document()["yours"] == {
        "seat": "A-2",
        "state": "held",
        "held_until": "2027-01-15T08:02:00.000Z",
    }


def test_a_seat_somebody_holds_cannot_be_held_and_the_earlier_hold_stays(office: Office) -> None:
    office.hold("1.ann", "A-1")
    office.hold("2.bob", "A-2")
    with pytest.raises(SeatTaken):
        office.hold("2.bob", "A-1")
    assert office.purchase("2.bob").seat == "A-2"


def test_a_new_hold_gives_back_the_earlier_one(office: Office) -> None:
    office.hold("1.ann", "A-1")
    office.hold("1.ann", "A-2")
    assert office.hold("2.bob", "A-1").label == "A-1"
    assert office.purchase("1.ann").seat == "A-2"


def test_the_same_seat_again_is_the_same_hold_and_not_a_longer_one(office: Office) -> None:
    first = office.hold("1.ann", "A-1")
    office.clock.now_ms += 60_000
    assert office.hold("1.ann", "A-1") == first


def test_a_lapsed_hold_can_be_taken_by_others_and_bought_by_nobody(office: Office) -> None:
    office.hold("1.ann", "A-1")
    office.clock.now_ms += LAPSE_MS
    assert office.seats("1.ann").yours is None
    assert office.seats("2.bob").taken == []
    with pytest.raises(NothingHeld):
        office.purchase("1.ann")
    office.hold("2.bob", "A-1")
    with pytest.raises(NothingHeld):
        office.purchase("1.ann")
    assert office.purchase("2.bob").seat == "A-1"


def test_a_hold_that_lapsed_can_be_held_again_by_the_same_session(office: Office) -> None:
    office.hold("1.ann", "A-1")
    office.clock.now_ms += LAPSE_MS
    assert office.hold("1.ann", "A-1").held_until_ms == START_MS + 2 * LAPSE_MS
    assert office.purchase("1.ann").seat == "A-1"


def test_a_hold_can_be_bought_until_the_last_millisecond(office: Office) -> None:
    office.hold("1.ann", "A-1")
    office.clock.now_ms += LAPSE_MS - 1
    assert not office.purchase("1.ann").repeated


def test_a_purchase_without_a_hold_is_refused(office: Office) -> None:
    with pytest.raises(NothingHeld):
        office.purchase("1.ann")


def test_a_repeated_purchase_has_the_same_order_and_is_reported_again(office: Office) -> None:
    office.hold("1.ann", "A-1")
    first = office.purchase("1.ann")
    office.clock.now_ms += 10 * LAPSE_MS
    again = office.purchase("1.ann")
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.order, again.seat) == (first.order, "A-1") == (order_of("demo", "1.ann"), "A-1")
    assert office.reports.told == [("demo", "1.ann", "the-key")] * 2


def test_a_sold_seat_stays_sold_after_every_hold_would_have_lapsed(office: Office) -> None:
    office.hold("1.ann", "A-1")
    order = office.purchase("1.ann").order
    office.clock.now_ms += 10 * LAPSE_MS
    with pytest.raises(SeatTaken):
        office.hold("2.bob", "A-1")
    assert office.seats("2.bob").taken == ["A-1"]
    assert office.seats("1.ann").document()["yours"] == {
        "seat": "A-1",
        "state": "sold",
        "held_until": None,
        "order": order,
    }


@pytest.mark.parametrize("label", ["A-1", "A-2"])
def test_a_session_that_has_bought_can_hold_no_more_and_blocks_nothing(office: Office, label: str) -> None:
    office.hold("1.ann", "A-1")
    order = office.purchase("1.ann").order
    with pytest.raises(AlreadyBought) as refused:
        office.hold("1.ann", label)
    assert refused.value.extras == {"order": order, "seat": "A-1"}
    assert office.seats("2.bob").taken == ["A-1"]


def test_a_waiting_room_that_cannot_be_told_does_not_undo_the_sale(office: Office) -> None:
    office.reports.answer = "failed"
    office.hold("1.ann", "A-1")
    office.purchase("1.ann")
    assert office.sold() == {"A-1": "1.ann"}


@pytest.mark.parametrize("label", ["C-1", "A-4", "A-0", "a-1", "", None, 7, ["A-1"]])
def test_a_seat_that_is_not_in_the_house_is_an_invalid_request(office: Office, label: object) -> None:
    with pytest.raises(InvalidRequest) as refused:
        office.box.hold("demo", "1.ann", label)
    assert refused.value.extras["errors"] == [{"field": "seat", "reason": "a seat of this house, from A-1 to B-3"}]


def test_an_onsale_without_a_house_is_unknown(office: Office) -> None:
    for ask in (office.box.seats, office.box.purchase):
        with pytest.raises(UnknownOnsale):
            ask("other", "1.ann")


def test_two_onsales_do_not_touch_each_other(office: Office) -> None:
    office.houses.open(House("other", "its-key", CLOSES_MS))
    office.hold("1.ann", "A-1")
    office.box.hold("other", "1.bob", "A-1")
    office.box.purchase("other", "1.bob")
    assert office.purchase("1.ann").seat == "A-1"
    assert office.reports.told == [("other", "1.bob", "its-key"), ("demo", "1.ann", "the-key")]


def test_a_house_larger_than_the_alphabet_is_refused() -> None:
    with pytest.raises(InvalidRequest):
        House("demo", "the-key", CLOSES_MS, rows=27)


def test_the_completion_key_does_not_show_where_a_house_is_printed() -> None:
    assert "the-key" not in repr(HOUSE)


class TestStore:
    """What each step of a store promises on its own."""

    HELD = Seat("A-1", "1.ann", "c1", START_MS + 100)

    def test_what_was_meant_for_one_hold_cannot_touch_a_later_one(self, stores: tuple[Houses, Seats]) -> None:
        _, seats = stores
        later = Seat("A-1", "1.ann", "c2", START_MS + 300)
        seats.take(HOUSE, self.HELD, START_MS)
        assert seats.take(HOUSE, later, START_MS + 100).made
        for write in (
            seats.sell(HOUSE, self.HELD.choice, "FL-1", START_MS + 101),
            seats.give_back(HOUSE, self.HELD.choice),
        ):
            assert (write.made, write.seat) == (False, later)

    def test_a_seat_given_back_is_free_and_nothing_stands_there(self, stores: tuple[Houses, Seats]) -> None:
        _, seats = stores
        seats.take(HOUSE, self.HELD, START_MS)
        assert seats.give_back(HOUSE, self.HELD.choice).made
        assert seats.standing(HOUSE) == []
        again = seats.give_back(HOUSE, self.HELD.choice)
        sale = seats.sell(HOUSE, self.HELD.choice, "FL-1", START_MS)
        assert (again.made, again.seat, sale.made, sale.seat) == (False, None, False, None)

    def test_a_sold_seat_cannot_be_given_back_sold_again_or_taken(self, stores: tuple[Houses, Seats]) -> None:
        _, seats = stores
        seats.take(HOUSE, self.HELD, START_MS)
        sold = seats.sell(HOUSE, self.HELD.choice, "FL-1", START_MS).seat
        assert sold is not None
        assert sold.order == "FL-1"
        for write in (
            seats.give_back(HOUSE, self.HELD.choice),
            seats.sell(HOUSE, self.HELD.choice, "FL-2", START_MS),
            seats.take(HOUSE, Seat("A-1", "2.bob", "c2", START_MS + 9_000), START_MS + 5_000),
        ):
            assert (write.made, write.seat) == (False, sold)

    def test_a_choice_moves_only_from_where_it_was_seen(self, stores: tuple[Houses, Seats]) -> None:
        _, seats = stores
        first, second = Choice("A-1", "c1"), Choice("A-2", "c2")
        assert seats.choice(HOUSE, "1.ann") is None
        assert not seats.choose(HOUSE, "1.ann", second, instead_of=first)
        assert seats.choose(HOUSE, "1.ann", first, instead_of=None)
        assert not seats.choose(HOUSE, "1.ann", second, instead_of=None)
        assert seats.choose(HOUSE, "1.ann", second, instead_of=first)
        assert seats.choice(HOUSE, "1.ann") == second
