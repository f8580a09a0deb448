import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from local.background import ROOT, Room, Wish
from tests.local.fetching import fetch
from tests.local.paths import LAMBDAS
from tests.local.test_functions import alive
from tests.local.waiting import eventually


def start(directory: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-X", "dev", "-m", "local", "--directory", str(directory), "--lambdas", str(LAMBDAS)]
    return subprocess.Popen(
        [*command, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def described(directory: Path) -> dict[str, object]:
    path = directory / "room.json"
    eventually(path.exists)
    return dict(json.loads(path.read_text()))


def descendants_of(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    children = [int(word) for word in found.split()]
    return children + [pid for child in children for pid in descendants_of(child)]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_room_and_leaves_nothing_behind(tmp_path: Path, end: signal.Signals) -> None:
    directory = tmp_path / "room"
    process = start(directory)
    described(directory)
    descendants = descendants_of(process.pid)
    process.send_signal(end)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "/?onsale=demo" in output
    assert "Traceback" not in errors
    assert "Warning" not in errors
    assert len(descendants) >= 4
    assert not [pid for pid in descendants if alive(pid)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_room_that_is_killed_takes_all_its_processes_with_it(tmp_path: Path) -> None:
    process = start(tmp_path / "room", "--no-demo")
    described(tmp_path / "room")
    descendants = descendants_of(process.pid)
    process.kill()
    process.communicate()
    assert len(descendants) >= 4
    assert eventually(lambda: not [pid for pid in descendants if alive(pid)])


def test_a_second_room_does_not_open_in_the_folder_of_the_first(room: Room) -> None:
    process = start(room.directory)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "a room is already open here" in errors
    assert (room.directory / "room.json").exists()


def test_a_port_that_is_taken_is_said_to_be(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(tmp_path / "room", "--port", str(taken.getsockname()[1]))
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "choose another with --port or PORT=" in errors


def test_a_function_that_is_needed_to_open_and_fails_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"rotate.*does not exist"), Room(Wish(lambdas=tmp_path)):
        pass


def test_the_stores_are_real_and_are_the_rooms_own(room: Room) -> None:
    with Redis.from_url(room.environment["REDIS_URL"]) as store:
        assert store.info("server")["process_id"] == room.engines["valkey"]
        assert store.config_get("save") == {"save": ""}


def test_a_killed_store_stays_dead_while_the_front_still_answers() -> None:
    with Room(Wish(lambdas=LAMBDAS)) as room:
        os.kill(room.engines["valkey"], signal.SIGKILL)
        os.kill(room.engines["aws"], signal.SIGKILL)
        eventually(lambda: not alive(room.engines["valkey"]))
        with Redis.from_url(room.environment["REDIS_URL"]) as store, pytest.raises(RedisConnectionError):
            store.ping()
        assert fetch(f"{room.url}/status/other.json").status == 502
        assert fetch(f"{room.url}/v1/elsewhere").status == 200
        assert "valkey has ended (-9)" in room.output


def test_a_killed_fork_server_ends_every_function_and_the_room_says_so() -> None:
    with Room(Wish(lambdas=LAMBDAS)) as room:
        os.kill(room.report()["fork_server"], signal.SIGKILL)
        eventually(lambda: "the fork server has ended (-9)" in room.output)
        assert room.invoke("onsale", {})["errorType"] == "ServiceException"
        assert "the fork server has ended; its own account is in" in room.output
