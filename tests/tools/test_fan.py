"""A fan's journey where the room refuses, loses answers or forgets."""

import asyncio
from random import Random

import pytest

from tests.tools.stand_in import StandIn, lose, playing, problem, send
from tools.behaviour import STRAIGHT, Behaviour, Ending
from tools.fan import REGISTRATION_TRIES, Fan
from tools.record import Outcome, Record
from tools.shopping import HOLD_TRIES


def record_of(room: StandIn, behaviour: Behaviour = STRAIGHT) -> Record:
    return send(room, behaviour).record


def test_a_fan_near_the_front_is_let_in_by_push_and_buys() -> None:
    record = record_of(StandIn(serving=0))
    assert (record.outcome, record.learned, record.position, record.errors) == ("bought", "push", 1, [])
    assert record.push_due
    assert record.pushed_ms


def test_without_a_push_the_poll_lets_a_fan_in() -> None:
    record = record_of(StandIn(pushes=False))
    assert (record.outcome, record.learned, record.push_due) == ("bought", "poll", True)


def test_a_fan_far_from_the_front_opens_no_socket_until_it_is_near() -> None:
    room = StandIn(ahead=5_000, wait_seconds=900, serving=1)
    record = record_of(room)
    assert (record.outcome, record.learned, room.asked["socket"]) == ("bought", "poll", 0)


def test_a_socket_that_does_not_open_leaves_the_polls() -> None:
    room = StandIn()
    room.stunts["socket"].extend([problem(403, ""), lose])
    assert record_of(room).learned == "poll"


def test_a_lost_answer_to_the_registration_is_asked_for_again_with_the_same_key() -> None:
    room = StandIn()
    room.stunts["register"].extend([lose, problem(500, "internal"), problem(503, "unavailable")])
    assert record_of(room).outcome == "bought"
    assert len(room.keys) == 4
    assert len(set(room.keys)) == 1


def test_two_fans_have_different_keys_even_with_the_same_habits() -> None:
    room = StandIn()
    assert record_of(room).outcome == record_of(room).outcome == "bought"
    assert len(set(room.keys)) == 2


def test_retries_are_bounded() -> None:
    room = StandIn()
    room.stunts["register"].extend([problem(503, "unavailable")] * 50)
    record = record_of(room)
    assert (record.outcome, record.errors) == ("failed", ["register: 503 unavailable"])
    assert room.asked["register"] == REGISTRATION_TRIES


def test_a_room_that_stops_publishing_its_status_is_given_up() -> None:
    room = StandIn(pushes=False)
    room.stunts["status"].extend([problem(503, "")] * 50)
    assert record_of(room).errors == ["status: 503"]


def test_one_missing_status_document_is_no_reason_to_give_up() -> None:
    room = StandIn(pushes=False)
    room.stunts["status"].extend([lose, problem(404, "not-found")])
    assert record_of(room).outcome == "bought"


@pytest.mark.parametrize("ahead", [0, 5_000], ids=["near", "far"])
def test_in_a_new_epoch_a_fan_shows_its_token_to_be_known_again(ahead: int) -> None:
    room = StandIn(pushes=False, admits=False, ahead=ahead, wait_seconds=ahead, serving=0)

    async def lose_the_line() -> tuple[float | None, Record]:
        async with playing(room) as venue, asyncio.timeout(30):
            fan = Fan(venue, STRAIGHT, Random(1))
            task = asyncio.create_task(fan.live())
            await room.has_heard("status")
            before = fan.record.present_ms
            room.epoch = 2
            await room.has_heard("place")
            room.admits, room.serving = True, 1
            return before, await task

    before, record = asyncio.run(lose_the_line())
    assert record.outcome == "bought"
    assert before
    assert record.present_ms
    assert record.present_ms > before


def test_a_place_that_has_closed_or_been_superseded_ends_the_journey_without_an_error() -> None:
    for slug, outcome in (("closed", "closed"), ("superseded", "superseded")):
        room = StandIn(pushes=False)
        room.stunts["place"].append(problem(410, slug))
        record = record_of(room)
        assert (record.outcome, record.errors) == (outcome, [])


def test_who_waits_in_an_onsale_that_closes_goes_home() -> None:
    assert record_of(StandIn(phase="closed", pushes=False, serving=0)).outcome == "closed"


def test_a_seat_somebody_else_was_quicker_to_take_is_replaced_by_another() -> None:
    room = StandIn()
    room.stunts["hold"].extend([problem(409, "seat-taken")] * 3)
    assert record_of(room).outcome == "bought"
    assert (room.asked["seats"], room.asked["hold"]) == (4, 4)


def test_a_hold_that_lapsed_is_taken_once_more_before_buying() -> None:
    room = StandIn()
    room.stunts["purchase"].append(problem(409, "nothing-held"))
    assert record_of(room).outcome == "bought"
    assert (room.asked["hold"], room.asked["purchase"]) == (2, 2)


def test_a_fan_that_others_always_beat_to_its_seat_gives_up_as_if_all_were_gone() -> None:
    room = StandIn()
    room.stunts["hold"].extend([problem(409, "seat-taken")] * 50)
    assert (record_of(room).outcome, room.asked["hold"]) == ("sold out", HOLD_TRIES)


def test_a_fan_of_the_crowd_leaves_the_last_seats_to_a_person() -> None:
    room = StandIn()
    assert record_of(room, Behaviour(name="buys", leaves_free=1)).outcome == "sold out"
    assert room.asked["hold"] == 0


def test_when_all_seats_are_gone_a_fan_gives_its_session_back() -> None:
    room = StandIn(taken=["A-1", "A-2"])
    assert (record_of(room).outcome, room.asked["leave"]) == ("sold out", 1)


@pytest.mark.parametrize(
    ("ended", "outcome"), [("expired", "expired"), ("completed", "bought"), ("left", "left"), ("", "failed")]
)
def test_refused_at_the_gate_a_fan_asks_its_place_why(ended: str, outcome: Outcome) -> None:
    room = StandIn(serving=0, ended=ended)
    room.stunts["purchase"].extend([lose, problem(403, "")])
    assert record_of(room).outcome == outcome


@pytest.mark.parametrize(("ending", "outcome", "left"), [("leave", "left line", 1), ("vanish", "vanished", 0)])
def test_an_impatient_fan_leaves_the_line_and_a_vanishing_one_says_nothing(
    ending: Ending, outcome: Outcome, left: int
) -> None:
    room = StandIn(serving=0, pushes=False)
    record = record_of(room, Behaviour(name="leaves line", ending=ending, patience_seconds=0))
    assert (record.outcome, room.asked["leave"]) == (outcome, left)
    assert record.gone_ms


def test_sessions_are_left_abandoned_or_extended_by_habit() -> None:
    room = StandIn()
    assert record_of(room, Behaviour(name="leaves session", ending="leave")).outcome == "left session"
    assert record_of(room, Behaviour(name="vanishes", ending="vanish")).outcome == "vanished"
    assert (room.asked["leave"], room.asked["purchase"]) == (1, 0)
    assert record_of(room, Behaviour(name="dawdles", extends=True)).outcome == "bought"
    assert room.asked["extend"] == 1


def test_an_address_of_somebody_else_named_by_an_answer_is_not_called() -> None:
    record = record_of(StandIn(websocket_host="sockets.example.com"))
    assert record.outcome == "failed"
    assert "sockets.example.com" in record.errors[0]


def test_an_answer_that_lacks_a_field_fails_the_fan_and_not_the_program() -> None:
    room = StandIn()
    room.stunts["register"].append(problem(200, "nothing-of-use"))
    assert record_of(room).outcome == "failed"
