"""Nothing is faked around the parts of the room: without one of them the journey breaks, and says so."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.background import Room, Wish
from tests.journey.client import Onsale, eventually
from tests.journey.conftest import keeping

LAMBDAS = Path(__file__).resolve().parents[2] / "lambdas"
BROKEN = "def handler(event, context):\n    raise RuntimeError('broken on purpose')\n"


@pytest.fixture
def room() -> Iterator[Room]:
    with Room() as room:
        yield room


def without(function: str, folder: Path) -> Path:
    """The functions, one of them broken."""
    for real in LAMBDAS.iterdir():
        if real.is_dir() and real.name != function:
            (folder / real.name).symlink_to(real)
    (folder / function).mkdir()
    (folder / function / "handler.py").write_text(BROKEN)
    return folder


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_without_valkey_nobody_joins_and_everybody_is_told_to_come_back(room: Room) -> None:
    onsale = keeping(room).onsale()
    fan = onsale.join()
    kill(room.engines["valkey"])
    for answer in (onsale.register(), fan.place()):
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) > 0
    assert onsale.describe()["onsale"] == onsale.name


def test_without_dynamodb_nobody_is_let_in_and_joining_ends_with_the_lease(room: Room) -> None:
    onsale = keeping(room).onsale(starts_in=600)
    onsale.join()
    kill(room.engines["aws"])
    refused = eventually(onsale.register, lambda answer: answer.status == 503)
    assert refused.body["type"] == "urn:fairline:problem:unavailable"


def test_a_killed_function_is_replaced_at_the_next_request(room: Room) -> None:
    onsale = keeping(room).onsale(starts_in=600)
    fan = onsale.join()
    assert fan.place().status == 200
    before = room.worker_pids("place")
    for pid in before:
        kill(pid)
    again = eventually(fan.place, lambda answer: answer.status == 200)
    assert again.body["position"] == fan.position
    assert not set(before) & set(room.worker_pids("place"))


def test_a_broken_function_breaks_its_step(tmp_path: Path) -> None:
    with Room(Wish(lambdas=without("register", tmp_path))) as room:
        onsale = keeping(room).onsale()
        answer = onsale.register()
        assert (answer.status, answer.body) == (500, {"message": "Internal Server Error"})
        assert onsale.describe()["phase"] == "on_sale"


def test_with_the_push_path_broken_the_next_poll_lets_them_in(tmp_path: Path) -> None:
    with Room(Wish(lambdas=without("notify", tmp_path))) as room:
        onsale: Onsale = keeping(room).onsale()
        fan = onsale.join()
        with fan.socket():
            assert fan.buy(fan.admitted()["access_token"], "A-1").status == 201
        eventually(room.report, lambda report: bool(report["records"]["failed"]))
