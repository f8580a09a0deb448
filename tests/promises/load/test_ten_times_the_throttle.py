"""At ten times what a stage takes, refusals are such as a page waits out, the line moves, and memory stays flat."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from local.background import Room, Wish
from tests.journey.client import eventually
from tests.journey.conftest import keeping
from tests.promises.load.flood import Flood
from tests.support.processes import pids, resident

RATE, BURST, CAP = 10, 10, 24
THROTTLED = Wish(registration_throttle=f"{RATE},{BURST}", api_throttle="200,400")
POLICY = {"rate_per_minute": 120, "max_active": CAP, "session_seconds": 30}
WARMING_SECONDS, FEW_SECONDS, MANY_SECONDS = 1, 6, 300
PATIENT = 15
MARGIN = 1.25
"""Of memory: a function may start one more process, and the simulation of DynamoDB keeps all it is given."""

LONG = pytest.param(MANY_SECONDS, marks=[pytest.mark.soak, pytest.mark.timeout(900)])


@dataclass(frozen=True)
class Night:
    """A flood that is over, and the memory of the room before and after it, in kB."""

    flood: Flood
    before: int
    after: int


@pytest.fixture(scope="module", params=[FEW_SECONDS, LONG])
def night(request: pytest.FixtureRequest) -> Iterator[Night]:
    with Room(THROTTLED) as room:
        operator = keeping(room)
        operator.onsale().join()
        Flood(operator.onsale(**POLICY)).comes(RATE, WARMING_SECONDS, 1)
        onsale = operator.onsale(**POLICY)
        onsale.join()
        before = memory(room)
        flood = Flood(onsale).comes(RATE, request.param, PATIENT)
        yield Night(flood, before, memory(room))


def memory(room: Room) -> int:
    """Of all processes of a room, in kB."""
    return sum(resident(pids(room)).values())


def test_every_answer_is_a_place_or_a_refusal_that_a_page_waits_out(night: Night) -> None:
    for answer in night.flood.restless:
        if answer.status == 429:
            assert (answer.body, answer.retry_after) == ({"message": "Too Many Requests"}, None)
        elif answer.status == 503:
            assert (answer.retry_after or 0) >= 1
        else:
            assert answer.ok, answer
    assert set(night.flood.refusals) <= {429, 503}


def test_no_more_pass_than_the_throttle_says(night: Night) -> None:
    answered = [*night.flood.restless, *night.flood.patient]
    assert sum(answer.ok for answer in answered) <= BURST + RATE * night.flood.seconds
    assert night.flood.refusals[429] > 0


def test_whoever_comes_back_as_the_page_does_has_a_place_in_the_end(night: Night) -> None:
    flood = night.flood
    assert flood.refusals.total() > sum(not answer.ok for answer in flood.restless), "nobody had to come back"
    assert len(flood.patient) == PATIENT
    assert [answer for answer in flood.patient if answer.status != 201] == []
    assert len({answer.body["position"] for answer in flood.patient}) == PATIENT


def test_people_are_let_in_all_the_while_and_never_more_than_the_cap(night: Night) -> None:
    serving = [status["serving"] for status in night.flood.statuses]
    assert serving == sorted(serving)
    assert len(set(serving)) >= 3
    assert max(status["active"] for status in night.flood.statuses) <= CAP


def test_the_cap_is_reached_and_kept(night: Night) -> None:
    seen = [status["active"] for status in night.flood.statuses]
    seen.append(eventually(lambda: int(night.flood.onsale.status()["active"]), lambda active: active >= CAP))
    assert max(seen) == CAP


def test_memory_stays_flat(night: Night) -> None:
    assert night.after <= night.before * MARGIN
