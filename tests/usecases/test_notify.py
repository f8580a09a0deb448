import pytest

from fairline.domain.errors import Unavailable
from fairline.domain.place import Place
from fairline.domain.session import End, Start
from fairline.domain.status import iso
from fairline.usecases.notify import News
from fairline.usecases.ports import Socket
from tests.support.sale import Sale


def connects(sale: Sale, place: Place, *connections: str) -> None:
    for age, connection in enumerate(connections):
        sale.socket_register.opened(place, Socket(age, connection))


def news(sale: Sale) -> tuple[Start, Place]:
    claims = sale.admitted("ann")
    return sale.starts()[0], claims.place


def test_an_admission_is_pushed_to_every_socket_and_says_what_a_poll_says(sale: Sale) -> None:
    start, place = news(sale)
    connects(sale, place, "tab", "phone")
    assert sale.notifier.notify([start]) == [True]
    admission = sale.registers("ann").view.admission
    assert admission is not None
    message = {
        "type": "admitted",
        "access_token": admission.access_token,
        "session_expires_at": iso(start.ends_at_ms),
        "booking_url": admission.booking_url,
    }
    assert sale.sockets.sent == {"tab": [message], "phone": [message]}


@pytest.mark.parametrize("reason", ["completed", "left"])
def test_an_end_is_pushed_with_its_reason(sale: Sale, reason: str) -> None:
    start, place = news(sale)
    del start
    connects(sale, place, "tab")
    end = End(place, reason, sale.clock())  # type: ignore[arg-type]
    assert sale.notifier.notify([end]) == [True]
    assert sale.sockets.sent["tab"] == [{"type": "session_ended", "reason": reason}]


def test_nobody_is_told_of_a_session_that_is_over_already(sale: Sale) -> None:
    """The stream may be late: by its own time, or because the end stands in the same batch."""
    start, place = news(sale)
    connects(sale, place, "tab")
    told: list[News] = [start, End(place, "left", sale.clock())]
    assert sale.notifier.notify(told) == [True, True]
    sale.clock.now_ms = start.ends_at_ms
    assert sale.notifier.notify([start]) == [True]
    assert [message["type"] for message in sale.sockets.sent["tab"]] == ["session_ended"]


def test_news_of_whoever_is_not_connected_is_forgotten(sale: Sale) -> None:
    start, _ = news(sale)
    assert sale.notifier.notify([start]) == [True]
    assert sale.notifier.notify([]) == []


def test_a_socket_that_is_gone_is_forgotten_and_the_others_are_told(sale: Sale) -> None:
    start, place = news(sale)
    connects(sale, place, "closed laptop", "phone")
    sale.sockets.gone.add("closed laptop")
    assert sale.notifier.notify([start]) == [True]
    assert set(sale.sockets.sent) == {"phone"}
    assert sale.connections.of([place])[place] == [Socket(1, "phone")]


def test_what_could_not_be_sent_comes_again_and_the_rest_does_not(sale: Sale) -> None:
    ann, bob = sale.admitted("ann"), sale.admitted("bob")
    connects(sale, ann.place, "broken")
    connects(sale, bob.place, "fine")
    there = sale.sockets.post

    def post(connection: str, message: dict[str, object]) -> bool:
        if connection == "broken":
            raise Unavailable("throttled")
        return there(connection, message)

    sale.sockets.post = post  # type: ignore[method-assign]
    assert sale.notifier.notify(sale.starts()) == [False, True]
    assert set(sale.sockets.sent) == {"fine"}


def test_the_newest_five_sockets_of_a_place_are_kept(sale: Sale) -> None:
    start, place = news(sale)
    names = [f"tab-{number}" for number in range(7)]
    connects(sale, place, *names)
    assert sale.sockets.gone == set(names[:2])
    sale.notifier.notify([start])
    assert sorted(sale.sockets.sent) == names[2:]
    sale.socket_register.closed(place, Socket(6, names[6]))
    assert [socket.connection for socket in sale.connections.of([place])[place]] == names[2:6]


def test_a_page_that_asks_on_its_socket_misses_no_admission(sale: Sale) -> None:
    """Asked before: waiting, and pushed. Asked after: admitted."""
    (ann,) = sale.joins("ann")
    assert sale.socket_answers.place(ann.place).state == "waiting"
    sale.ticks(3)
    view = sale.socket_answers.place(ann.place)
    assert (view.state, view.admission) == ("admitted", sale.sees(ann).admission)
    assert sale.socket_answers.progress(sale.name) == {"epoch": 1, "phase": "on_sale", "serving": 1}
    assert sale.socket_answers.progress("other") == {"epoch": None, "phase": None, "serving": None}
