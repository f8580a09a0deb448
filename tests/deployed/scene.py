"""Four onsales with fans in every state, brought about before anything is taken away."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from websockets.sync.client import ClientConnection, connect

from fairline.adapters.dynamodb_onsales import ROSTER
from tests.deployed.deployment import Deployed
from tests.journey.client import Fan, Onsale, Operator
from tests.journey.test_journey import claims

AT_ONCE = 4
IN_LINE = 6
SOCKETS = 5
SLOWLY = 12
"""Visitors a minute: one every five seconds, of those who are in the third line."""


@dataclass(frozen=True)
class Admitted:
    """A fan inside, with the access token."""

    fan: Fan
    access_token: str

    @property
    def session(self) -> str:
        """The session's id."""
        return claims(self.access_token)["jti"]

    @property
    def key(self) -> str:
        """The place's in the ledger."""
        return f"{self.fan.onsale.name}#{self.session}"


@dataclass(frozen=True)
class Scene:
    """`lobby` lets nobody in yet, `sale` everybody at once, `queue` one after the other.

    `lost` has a place in an onsale that is over. `listener` is a socket of the first who is inside, `expectant` one of
    the last who is waiting, `crowded` the five that the third who is inside may have.
    """

    deployed: Deployed
    operator: Operator
    lobby: Onsale
    sale: Onsale
    queue: Onsale
    lost: Fan
    waiting: list[Fan]
    inside: list[Admitted]
    socket_url: str
    status_url: str
    listener: ClientConnection
    expectant: ClientConnection
    crowded: list[ClientConnection]

    def lose(self, onsale: Onsale) -> None:
        """Let the store forget a line."""
        redis = self.deployed.redis
        if keys := redis.keys(f"{{{onsale.name}}}:*"):
            redis.delete(*keys)

    def client(self, service: str) -> Any:
        """A client with the rights of whoever deploys."""
        return self.deployed.emulator.client(service)


@contextmanager
def scene(deployed: Deployed, operator: Operator) -> Iterator[Scene]:
    """Bring it about, with everything as it should be; and let it be forgotten afterwards."""
    lobby, sale, queue = operator.onsale(starts_in=600), operator.onsale(), operator.onsale(rate_per_minute=SLOWLY)
    with ThreadPoolExecutor(AT_ONCE) as pool, ExitStack() as stack:
        stack.callback(_forget, deployed, operator)
        waiting = list(pool.map(lambda _: lobby.join(), range(3)))
        inside = list(pool.map(lambda _: _admitted(sale), range(6)))
        url, status_url = sale.describe()["websocket_url"], queue.describe()["status_url"]

        def listening(fan: Fan) -> ClientConnection:
            return stack.enter_context(opened(url, fan))

        made = Scene(
            deployed,
            operator,
            lobby=lobby,
            sale=sale,
            queue=queue,
            lost=_lost(operator),
            waiting=waiting,
            inside=inside,
            socket_url=url,
            status_url=status_url,
            listener=listening(inside[0].fan),
            expectant=listening(waiting[2]),
            crowded=[listening(inside[2].fan) for _ in range(SOCKETS)],
        )
        list(pool.map(lambda _: queue.join(), range(IN_LINE)))  # last, since they are let in from now on
        yield made


def _forget(deployed: Deployed, operator: Operator) -> None:
    """Close every onsale and take it from the roster: the ticker would go on with those of fifty scenes for an hour."""
    while operator.made:
        onsale = operator.made.pop()
        onsale.act("close")
        row = {"onsale": {"S": ROSTER}, "item": {"S": onsale.name}}
        deployed.emulator.client("dynamodb").delete_item(TableName=deployed.outputs["OnsalesTable"], Key=row)


def _admitted(onsale: Onsale) -> Admitted:
    fan = onsale.join()
    return Admitted(fan, fan.admitted()["access_token"])


def _lost(operator: Operator) -> Fan:
    onsale = operator.onsale(starts_in=600)
    fan = onsale.join()
    onsale.act("close")
    return fan


@contextmanager
def opened(url: str, fan: Fan) -> Iterator[ClientConnection]:
    """A socket of a fan."""
    query = urlencode({"onsale": fan.onsale.name, "visitor_token": fan.token})
    with connect(f"{url}?{query}", open_timeout=20, close_timeout=2) as socket:
        yield socket


def told(socket: ClientConnection, kind: str, within: float) -> bool:
    """Whether a message of a kind comes within so many seconds."""
    try:
        return bool(json.loads(socket.recv(timeout=within))["type"] == kind)
    except TimeoutError:
        return False
