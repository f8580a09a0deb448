"""The crowd: who is in it, and when it ends."""

import asyncio
from collections import Counter
from random import Random

import pytest

from tests.tools.stand_in import StandIn, playing
from tools import crowd
from tools.behaviour import WEIGHTS, Behaviour, draw
from tools.crowd import Crowd
from tools.options import UnfitError
from tools.status_desk import StatusDesk


def members(seed: int, count: int = 2_000) -> list[Behaviour]:
    rng = Random(seed)
    return [draw(rng) for _ in range(count)]


def test_the_same_seed_gives_the_same_crowd_and_another_seed_another() -> None:
    assert members(7) == members(7)
    assert members(7) != members(8)


def test_habits_come_in_the_share_of_their_weights() -> None:
    shares = Counter(member.name for member in members(7))
    assert shares.keys() == WEIGHTS.keys()
    for name, weight in WEIGHTS.items():
        assert shares[name] == pytest.approx(20 * weight, rel=0.25)


def test_each_habit_does_what_its_name_says() -> None:
    for member in members(7):
        assert (member.ending == "buy") == (member.name in {"buys", "dawdles"})
        assert (member.ending == "vanish") == (member.name == "vanishes")
        assert (member.patience_seconds is not None) or member.name != "leaves line"
        assert (member.dawdle_share >= 0.5) == (member.name == "dawdles")
        assert member.name == "dawdles" or not member.extends


def live(room: StandIn, *, stop: bool = False) -> str:
    """The last summary of a crowd of ten."""

    async def run() -> str:
        async with playing(room) as venue, asyncio.timeout(30):
            people, end = Crowd(venue, 10, 1), asyncio.Event()
            going = asyncio.create_task(people.go(end))
            await room.has_heard("onsale")
            if stop:
                await room.has_heard("purchase")
                end.set()
            await going
            return people.summary()

    return asyncio.run(run())


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "ARRIVAL_SECONDS", 0.1)
    monkeypatch.setattr(crowd, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(crowd, "WATCH_SECONDS", 0.05)
    monkeypatch.setattr(crowd, "GONE_SECONDS", 0.2)
    monkeypatch.setattr(crowd, "draw", lambda _: Behaviour(name="buys"))


def test_a_crowd_goes_on_until_it_is_told_to_end() -> None:
    assert "bought" in live(StandIn(), stop=True)


def test_a_crowd_ends_when_its_last_replacement_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "MOST_EVER", 1)
    assert live(StandIn()) == "crowd: 0 arriving, 0 waiting, 0 shopping, 10 bought"


def test_a_crowd_goes_home_when_the_onsale_has_closed() -> None:
    live(StandIn(phase="closed", serving=0, pushes=False))


def test_a_crowd_says_so_when_visitors_must_sign_in() -> None:
    with pytest.raises(UnfitError):
        live(StandIn(identity="oidc"))


def test_a_crowd_ends_when_nobody_answers_any_more() -> None:
    async def run() -> None:
        async with playing(StandIn()) as venue, asyncio.timeout(30):
            nowhere = type(venue)(venue.front, venue.desk, "http://127.0.0.1:9", "demo")
            await Crowd(nowhere, 3, 1).go(asyncio.Event())

    asyncio.run(run())


def test_a_crowd_is_for_this_machine_only_unless_the_operator_owns_the_target() -> None:
    assert crowd.main(["--url", "https://tickets.example.com"]) == 2


def test_a_crowd_reads_the_status_document_once_for_all() -> None:
    room = StandIn()

    async def run() -> None:
        async with playing(room) as venue:
            desk = StatusDesk(venue.front, max_age_seconds=60)
            await asyncio.gather(*(desk.read(f"{venue.url}/status/demo.json", Random(n)) for n in range(50)))

    asyncio.run(run())
    assert room.asked["status"] == 1
