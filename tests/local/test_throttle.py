"""The throttle of a stage, by a clock that the test moves."""

import pytest

from local.__main__ import arguments
from local.throttle import Bucket, Throttle, stage

REGISTER, PLACE = "POST /v1/onsales/{onsale}/registrations", "GET /v1/onsales/{onsale}/place"
OTHER = ("GET /v1/onsales/{onsale}", "GET /v1/admin/onsales", "$default")


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


def passed(throttle: Throttle, route_key: str, many: int) -> int:
    return sum(throttle.lets_through(route_key) for _ in range(many))


@pytest.mark.parametrize(
    ("waits", "pass_then"),
    [(0, 0), (0.12, 0), (0.125, 1), (0.3, 2), (1, 8), (2.5, 20), (3, 24), (3_600, 24)],
)
def test_a_bucket_is_full_at_first_and_fills_at_its_rate_up_to_its_burst(
    clock: Seconds, waits: float, pass_then: int
) -> None:
    bucket = Bucket(8, 24, clock)
    assert sum(bucket.take() for _ in range(100)) == 24
    clock.now += waits
    assert sum(bucket.take() for _ in range(100)) == pass_then


def test_at_ten_times_the_rate_one_in_ten_passes_however_long_it_lasts(clock: Seconds) -> None:
    bucket, taken = Bucket(20, 40, clock), 0
    for _ in range(200 * 60):
        clock.now += 1 / 200
        taken += bucket.take()
    assert taken == pytest.approx(40 + 20 * 60, abs=1)


def test_each_route_that_gives_or_shows_places_has_a_bucket_of_its_own_and_the_rest_share_one(clock: Seconds) -> None:
    throttle = stage((10, 20), (100, 50), clock)
    assert [passed(throttle, route, 1_000) for route in (REGISTER, PLACE, *OTHER)] == [20, 20, 50, 0, 0]


def test_routes_that_are_not_throttled_apart_count_with_the_rest(clock: Seconds) -> None:
    throttle = stage((), (100, 50), clock)
    assert [passed(throttle, route, 1_000) for route in (REGISTER, *OTHER)] == [50, 0, 0, 0]


def test_a_room_throttles_nothing_unless_it_is_told_to() -> None:
    told = arguments([])
    throttle = stage(told.registration_throttle, told.api_throttle)
    assert passed(throttle, REGISTER, 10_000) == 10_000
    assert arguments(["--registration-throttle", "20,40"]).registration_throttle == (20, 40)


@pytest.mark.parametrize("text", ["20", "20,40,60", "a,b", ""])
def test_a_throttle_that_is_no_pair_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments([f"--api-throttle={text}"])
    assert "--api-throttle" in capsys.readouterr().err
