"""Which sockets are open for which place: the same in memory and in DynamoDB."""

import pytest

from fairline.usecases.ports import Connections, Socket
from tests.contract.conftest import Ledger
from tests.support.builders import any_name, any_place
from tests.support.clock import START_MS

KEPT = START_MS // 1000


@pytest.fixture
def connections(ledger: Ledger) -> Connections:
    return ledger.connections


def test_sockets_are_listed_oldest_first_however_they_came(connections: Connections) -> None:
    place = any_place()
    oldest, newer, newest = Socket(9, "z"), Socket(10, "b"), Socket(10**13, "a")
    assert connections.add(place, newest, KEPT) == [newest]
    assert connections.add(place, oldest, KEPT) == [oldest, newest]
    assert connections.add(place, newer, KEPT) == [oldest, newer, newest]
    assert connections.of([place]) == {place: [oldest, newer, newest]}


def test_a_socket_is_listed_once(connections: Connections) -> None:
    place = any_place()
    connections.add(place, Socket(1, "a"), KEPT)
    assert connections.add(place, Socket(1, "a"), KEPT) == [Socket(1, "a")]


def test_ids_as_api_gateway_makes_them_come_back_whole(connections: Connections) -> None:
    place = any_place()
    socket = Socket(START_MS, "L0SM9cOFvHcCIhw=|x")
    connections.add(place, socket, KEPT)
    assert connections.of([place])[place] == [socket]


def test_what_is_removed_is_gone_and_the_rest_stays(connections: Connections) -> None:
    place = any_place()
    sockets = [Socket(number, f"s{number}") for number in range(4)]
    for socket in sockets:
        connections.add(place, socket, KEPT)
    connections.remove(place, [sockets[0], sockets[2], Socket(99, "unknown")])
    assert connections.of([place])[place] == [sockets[1], sockets[3]]
    connections.remove(place, [sockets[1], sockets[3]])
    assert connections.of([place]).get(place, []) == []


def test_removing_what_was_never_there_is_fine(connections: Connections) -> None:
    place = any_place()
    connections.remove(place, [Socket(1, "a")])
    assert connections.of([place]) == {}


def test_many_places_are_asked_for_at_once(connections: Connections) -> None:
    onsale = any_name()
    places = [any_place(number, onsale) for number in range(1, 131)]
    for place in places[::2]:
        connections.add(place, Socket(place.position, "c"), KEPT)
    found = connections.of([*places, *places])
    assert found == {place: [Socket(place.position, "c")] for place in places[::2]}
    assert connections.of([]) == {}
