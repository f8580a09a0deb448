"""Every store accepts a connection and never answers: each call is given up, after so many tries and no more."""

import inspect
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from fairline import clients, console, stores
from fairline.domain.errors import Unavailable
from fairline.domain.figures import sample_of
from fairline.domain.seats import House
from fairline.domain.tick import Record
from tests.support.builders import any_onsale, any_place
from tests.support.clock import START_MS

GIVEN_UP_SECONDS = 60
"""Several times what the longest may take: whoever waits for longer waits for ever."""
TRIES = 3
REDIS_TRIES = 4
"""A second try, and as many connections for each: a new one is greeted before it is used, and may be tried again."""

HOUSE = House("demo", "the key", START_MS)

CALLS: dict[Callable[..., Any], Callable[[Any], object]] = {
    stores.line: lambda line: line.register("demo", "ann"),
    stores.admissions: lambda admissions: admissions.observe(any_onsale(), Record()),
    stores.sessions: lambda sessions: sessions.rows(any_place()),
    stores.onsales: lambda onsales: onsales.latest("demo"),
    stores.records: lambda records: records.read("demo"),
    stores.samples: lambda samples: samples.at("demo", [START_MS]),
    stores.keys: lambda keys: keys.all("visitor"),
    stores.origin_secrets: lambda secrets: secrets.all(),
    stores.origin_secret: lambda secret: secret.current(),
    stores.connections: lambda connections: connections.of([any_place()]),
    stores.sockets: lambda sockets: sockets.post("a", {}),
    stores.documents: lambda documents: documents.read("status/demo.json"),
    stores.houses: lambda houses: houses.find("demo"),
    stores.seats: lambda seats: seats.choice(HOUSE, "17.ann"),
    console.traffic: lambda traffic: traffic.minutes(START_MS),
}
SETTINGS = (
    *("SESSIONS_TABLE", "ONSALES_TABLE", "KEYS_TABLE", "CONNECTIONS_TABLE", "SEATS_TABLE", "STATUS_BUCKET"),
    *("ORIGIN_SECRET", "API_ID", "POWERTOOLS_METRICS_NAMESPACE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
)


@dataclass
class Silence:
    """A server that takes every connection and says nothing on it; and what became of a call that was made there."""

    server: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=64))
    taken: list[socket.socket] = field(default_factory=list)
    ended: list[BaseException] = field(default_factory=list)

    def listens(self) -> None:
        while True:
            try:
                self.taken.append(self.server.accept()[0])
            except OSError:
                return

    def hears(self, call: Callable[[], object]) -> None:
        try:
            call()
        except BaseException as error:  # noqa: BLE001 - whatever it is, a test looks at it
            self.ended.append(error)

    def close(self) -> None:
        self.server.shutdown(socket.SHUT_RDWR)
        for each in (self.server, *self.taken):
            each.close()


def made_once(*modules: ModuleType) -> set[Any]:
    """What modules make on first use."""
    return {made for each in modules for _, made in inspect.getmembers(each) if hasattr(made, "cache_clear")}


def begun(target: Callable[..., object], *args: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=args, daemon=True)
    thread.start()
    return thread


@pytest.fixture(scope="module")
def silences() -> Iterator[dict[Any, Silence]]:
    """Every store is asked at the same time, each with a client and a silent server of its own."""
    with pytest.MonkeyPatch.context() as environment, ExitStack() as servers:
        for name in SETTINGS:
            environment.setenv(name, "test")
        environment.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        found, asked = {}, []
        for store in (*CALLS, samples_of_ticks):
            silence = found[store] = servers.enter_context(closing(Silence()))
            begun(silence.listens)
            asked.append(begun(silence.hears, _call(environment, silence, store)))
        for each in asked:
            each.join(GIVEN_UP_SECONDS)
        yield found
    _forget()


def _call(environment: pytest.MonkeyPatch, silence: Silence, store: Callable[[], Any]) -> Callable[[], object]:
    """As a function makes it that was started this moment."""
    address = f"127.0.0.1:{silence.server.getsockname()[1]}"
    environment.setenv("REDIS_URL", f"redis://{address}")
    for name in ("AWS_ENDPOINT_URL", "SOCKETS_URL"):
        environment.setenv(name, f"http://{address}")
    _forget()
    made, call = store(), CALLS.get(store, put)
    return lambda: call(made)


def _forget() -> None:
    for each in made_once(clients, stores, console):
        each.cache_clear()


def samples_of_ticks() -> Any:
    return stores.samples(ticking=True)


def put(samples: Any) -> None:
    samples.put("demo", sample_of(Record(), any_onsale()), 0)


@pytest.mark.parametrize("store", CALLS, ids=lambda store: store.__name__)
def test_a_store_that_never_answers_is_unavailable_after_a_few_tries(
    silences: dict[Any, Silence], store: Callable[[], Any]
) -> None:
    silence = silences[store]
    assert [type(error) for error in silence.ended] == [Unavailable]
    assert 1 <= len(silence.taken) <= (REDIS_TRIES if store in {stores.line, stores.admissions} else TRIES)


def test_a_tick_asks_once_to_keep_a_sample(silences: dict[Any, Silence]) -> None:
    silence = silences[samples_of_ticks]
    assert [type(error) for error in silence.ended] == [Unavailable]
    assert len(silence.taken) == 1


def test_every_store_is_asked_here() -> None:
    assert made_once(stores, console) - made_once(clients) - {console.figures} == CALLS.keys()
