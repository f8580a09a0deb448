"""What the functions may do in the cache: everything that they do, shown on a real server, and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, ResponseError

from fairline import clients
from fairline.adapters.redis_admissions import RedisAdmissions
from fairline.adapters.redis_line import RedisLine
from fairline.domain.place import Place
from fairline.domain.session import Session
from stacks.stateful.access import ACCESS, NO_ACCESS, SCRIPTED
from tests.support.keeper import Keeper
from tests.support.stores import redis_store

PASSWORD = "stands for a token that a role signs"
OLDEST = (7, 0, 0)
"""Of the engines that a cache may have: ElastiCache calls what it has made of Redis 7.0 its 7.1."""


def say(client: Any, *words: str) -> Any:
    return client.execute_command(*words)


@pytest.fixture
def functions(valkey: Redis, valkey_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """The client that the functions have, signed in as their user."""
    say(valkey, "ACL", "SETUSER", "fairline", "reset", f">{PASSWORD}", *ACCESS.split())
    say(valkey, "ACL", "LOG", "RESET")
    monkeypatch.setenv("REDIS_URL", f"redis://fairline:{quote(PASSWORD)}@127.0.0.1:{valkey_port}")
    with clients.redis.__wrapped__() as client:
        yield client


@pytest.fixture
def keeper(valkey: Redis, functions: Redis) -> Keeper:
    """A line that the functions' user keeps; only time is moved by somebody else."""
    store = replace(redis_store(valkey), line=RedisLine(functions), admissions=RedisAdmissions(functions))
    return Keeper(store)


def test_a_whole_sale_passes_without_anything_being_refused(valkey: Redis, keeper: Keeper) -> None:
    """Every script, each sent to a server that has not seen it, and whatever the client says by itself."""
    valkey.script_flush()
    ann, bob, cat = keeper.joins("ann", "bob", "cat")
    view = keeper.looks()
    taken = keeper.takes(view, 2)
    assert [start.place for start in taken.starts] == [ann, bob]
    keeper.store.time.abandoned(bob)
    assert [start.place for start in keeper.admissions.retime(keeper.looks().abandoned)] == [bob]
    keeper.confirms(view, taken)
    assert keeper.line.extend(ann, view.now_ms + 600_000)
    assert keeper.line.end(bob, "completed")
    assert keeper.line.visitor_at(keeper.name, cat.position) == "cat"
    assert [keeper.state_of(place) for place in (ann, bob, cat)] == ["admitted", "completed", "waiting"]
    keeper.store.time.is_wiped(keeper.name)
    keeper.begins()
    keeper.admissions.reload([_running(ann, view.now_ms)], keeper.name)
    keeper.ticks()
    assert keeper.found(cat, epoch=1, restore=True) is not None
    assert valkey.acl_log() == []


def _running(place: Place, now_ms: int) -> Session:
    return Session(place, now_ms, now_ms + 600_000, extended=False, ended=None)


def test_no_command_is_allowed_that_no_script_calls() -> None:
    scripts = [path.read_text() for path in files("fairline.adapters").joinpath("lua").iterdir()]
    called = {name.lower() for text in scripts for name in re.findall(r"redis\.p?call\(\s*['\"](\w+)", text)}
    assert called == set(SCRIPTED)


def test_no_command_is_younger_than_the_oldest_engine(valkey: Redis) -> None:
    """ElastiCache gives no user to a cache whose engine does not know a command of the user's list."""
    allowed = re.findall(r"\+(\S+)", ACCESS)
    since = {command: _since(valkey, command) for command in allowed}
    assert {command: version for command, version in since.items() if version > OLDEST} == {}
    assert _since(valkey, "client|setinfo") > OLDEST


def _since(valkey: Redis, command: str) -> tuple[int, ...]:
    """The version that brought a command, as the server itself documents it."""
    [docs] = say(valkey, "COMMAND DOCS", command).values()
    return tuple(map(int, docs["since"].split(".")))


@pytest.mark.parametrize(
    "command",
    [
        "FLUSHALL",
        "FLUSHDB",
        "KEYS *",
        "SCAN 0",
        "CONFIG GET *",
        "CONFIG SET maxmemory-policy allkeys-lru",
        "ACL LIST",
        "CLIENT LIST",
        "INFO",
        "MONITOR",
        "SCRIPT FLUSH",
        "FUNCTION FLUSH",
        "DEL {sale}:line",
        "HSET elsewhere field value",
    ],
)
def test_whatever_empties_lists_or_changes_the_cache_is_refused(functions: Redis, command: str) -> None:
    with pytest.raises(NoPermissionError):
        say(functions, *command.split())


@pytest.mark.parametrize("call", ["'FLUSHALL'", "'KEYS', '*'", "'HSET', 'elsewhere', 'field', 'value'"])
def test_a_script_may_do_no_more_than_who_sent_it(functions: Redis, call: str) -> None:
    with pytest.raises(ResponseError, match="permission"):
        functions.eval(f"return redis.call({call})", 0)


def test_nobody_comes_in_as_the_user_that_every_cache_has(valkey: Redis, valkey_port: int) -> None:
    say(valkey, "ACL", "SETUSER", "nobody", "reset", "nopass", *NO_ACCESS.split())
    with Redis(port=valkey_port, username="nobody", password="") as client, pytest.raises(AuthenticationError):
        client.ping()
