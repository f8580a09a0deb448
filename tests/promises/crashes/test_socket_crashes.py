"""The process dies at any remote call of the push path: no news is lost, and the newest sockets are the ones kept."""

import pytest

from fairline.usecases.connect import NEWEST
from tests.handlers.events import socket_event, stream_event
from tests.promises.crashes.crowd import Crowd
from tests.promises.crashes.deployment import Deployment
from tests.promises.crashes.replay import Story, Teller, faults
from tests.support.crash_points import CrashPoints

LATEST = "latest"
FEW = 3


def context(crowd: Crowd, name: str) -> dict[str, str]:
    return {"onsale": crowd.onsale, "place": crowd.place(name).key}


def connects(crowd: Crowd, connection: str, connected_at: int) -> None:
    event = socket_event("$connect", context(crowd, "ann"), connection=connection, connected_at=connected_at)
    assert crowd.deployment.call("connect", event) == {"statusCode": 200}


def ann_has_sockets(crowd: Crowd, many: int = NEWEST) -> None:
    crowd.opens()
    crowd.comes("ann", "bob")
    for number in range(many):
        connects(crowd, f"old-{number}", number + 1)


def ann_is_let_in(crowd: Crowd) -> None:
    """One of her sockets is gone."""
    ann_has_sockets(crowd, FEW)
    crowd.deployment.gateway.gone.add("old-0")
    crowd.lets_in("ann")


def ann_has_bought(crowd: Crowd) -> None:
    ann_is_let_in(crowd)
    crowd.buys("ann")


def connects_again(crowd: Crowd) -> None:
    """API Gateway refused the socket whose function had died: the client opens another."""
    connects(crowd, LATEST, 1_000)


def redelivers(crowd: Crowd) -> None:
    """The stream hands every record of the batch out until the function has answered."""
    rows = crowd.deployment.rows(context(crowd, "ann")["place"].partition("#")[2], crowd.onsale)
    assert crowd.deployment.call("notify", stream_event(rows)) == {"batchItemFailures": []}


def the_newest_are_kept(crowd: Crowd) -> None:
    kept = crowd.deployment.sockets_of(context(crowd, "ann")["place"])
    assert LATEST in kept
    assert len(kept) <= NEWEST, kept


def everyone_there_is_told(crowd: Crowd) -> None:
    gateway, kind = crowd.deployment.gateway, "session_ended" if crowd.fans["ann"].ended else "admitted"
    for number in range(1, FEW):
        told = [message["type"] for message in gateway.messages(f"old-{number}")]
        assert kind in told, f"old-{number} was told {told}"


def it_is_forgotten(crowd: Crowd) -> None:
    assert "old-0" not in crowd.deployment.sockets_of(context(crowd, "ann")["place"])


def disconnects(crowd: Crowd) -> None:
    event = socket_event("$disconnect", context(crowd, "ann"), connection="old-0", connected_at=1)
    assert crowd.deployment.call("disconnect", event) == {"statusCode": 200}


STORIES = {
    "connect": Story(
        ann_has_sockets, lambda crowd: connects(crowd, "refused", 999), connects_again, the_newest_are_kept
    ),
    "disconnect": Story(ann_has_sockets, disconnects, ends=it_is_forgotten),
    "notify who is let in": Story(ann_is_let_in, redelivers, ends=everyone_there_is_told),
    "notify whose session ended": Story(ann_has_bought, redelivers, ends=everyone_there_is_told),
}


@pytest.mark.parametrize("name", STORIES)
def test_wherever_it_breaks_off_the_news_arrives(deployment: Deployment, points: CrashPoints, name: str) -> None:
    story = STORIES[name]
    teller = Teller(deployment, points, story)
    calls = teller.calls()
    assert calls
    assert faults(teller, calls) == []
