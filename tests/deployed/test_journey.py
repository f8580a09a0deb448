"""The journey through the deployment: the tests of the one-machine room, as they are.

Where many devices ask at once, fewer do here: each call that comes at the same time is a process more.
"""

import secrets
from concurrent.futures import ThreadPoolExecutor

from tests.journey import test_journey
from tests.journey.client import Onsale
from tests.journey.test_journey import (
    test_a_fan_is_let_in_by_push_buys_a_seat_and_the_slot_passes_to_the_next,
    test_a_pause_lets_nobody_in_and_tells_why,
    test_a_session_is_extended_once,
    test_a_token_handed_over_opens_the_same_place_on_a_second_device,
    test_an_operators_change_takes_effect_and_stands_in_the_audit_trail,
    test_anyone_can_verify_an_access_token_with_the_published_keys,
    test_the_backends_report_ends_a_session_once_and_only_with_the_onsales_own_key,
    test_the_line_moves_in_order_and_the_status_document_says_how_far,
    test_two_onsales_do_not_touch_each_other,
    test_whoever_leaves_a_session_gives_its_slot_to_the_next,
    test_whoever_leaves_the_line_lets_the_others_move_up,
    test_without_a_socket_the_next_poll_tells,
)

__all__ = [
    "test_a_fan_is_let_in_by_push_buys_a_seat_and_the_slot_passes_to_the_next",
    "test_a_pause_lets_nobody_in_and_tells_why",
    "test_a_session_is_extended_once",
    "test_a_token_handed_over_opens_the_same_place_on_a_second_device",
    "test_an_operators_change_takes_effect_and_stands_in_the_audit_trail",
    "test_anyone_can_verify_an_access_token_with_the_published_keys",
    "test_the_backends_report_ends_a_session_once_and_only_with_the_onsales_own_key",
    "test_the_line_moves_in_order_and_the_status_document_says_how_far",
    "test_two_onsales_do_not_touch_each_other",
    "test_whoever_leaves_a_session_gives_its_slot_to_the_next",
    "test_whoever_leaves_the_line_lets_the_others_move_up",
    "test_without_a_socket_the_next_poll_tells",
]

DEVICES = 3


def test_no_test_of_the_room_is_left_out() -> None:
    there = {name for name in vars(test_journey) if name.startswith("test_")}
    assert there - set(__all__) == {"test_asking_again_gives_the_same_place_even_from_many_devices_at_once"}


def test_asking_again_gives_the_same_place_even_from_a_few_devices_at_once(onsale: Onsale) -> None:
    key = secrets.token_hex(16)
    first = onsale.join(key)
    with ThreadPoolExecutor(DEVICES) as pool:
        again = list(pool.map(lambda _: onsale.join(key), range(DEVICES)))
    assert {fan.position for fan in again} == {first.position}
