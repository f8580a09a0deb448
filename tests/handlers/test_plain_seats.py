"""The sample backend, for those who come without JavaScript: a list, a hold, a purchase, a thank-you."""

import pytest

from tests.handlers.cloud import Cloud
from tests.handlers.reader import Reader, Shown
from tests.handlers.test_plain_place import let_in

SEATS = "/v1/onsales/demo/booking/seats"


@pytest.fixture
def reader(cloud: Cloud) -> Reader:
    cloud.open()
    return Reader(cloud)


def inside(reader: Reader) -> Shown:
    return reader.press(let_in(reader), "Choose your seat")


def test_every_free_seat_is_in_a_list_by_row(reader: Reader) -> None:
    page = inside(reader)
    assert page.heading == "Choose your seat"
    assert len(page.read.options) == 26 * 30
    assert "Price of a seat\n45.00 EUR\n" in page.read.text
    assert 'label for="seat"' in page.html
    assert 'optgroup label="Row A"' in page.html


def test_a_seat_is_held_changed_and_bought_and_the_order_is_told(cloud: Cloud, reader: Reader) -> None:
    held = reader.press(inside(reader), "Hold this seat", seat="A-1")
    assert held.heading == "This seat is held for you"
    assert "A-1" not in held.read.options
    other = reader.press(held, "Take this one instead", seat="B-2")
    assert "Seat\nB-2\n" in other.read.text
    sent = reader.send(other.form("Buy it"))
    assert (sent.status, sent.headers["location"]) == (303, "/v1/onsales/demo/place")
    [path] = cloud.gateway.completed
    assert cloud.http("POST", path, token=completion_key(cloud)).status == 204
    thanks = reader.follow(sent)
    assert thanks.heading == "Thank you, the seat is yours"
    assert "Seat\nB-2\n" in thanks.read.text
    assert "Order\nFL-" in thanks.read.text
    assert thanks.labels() == []


def completion_key(cloud: Cloud) -> str:
    version = cloud.admin("GET", "/demo").body["version"]
    issued = cloud.admin("POST", "/demo/completion-key", {"expected_version": version})
    return str(issued.body["completion_key"])


def test_a_seat_that_was_bought_is_shown_while_the_session_lasts(reader: Reader) -> None:
    held = reader.press(inside(reader), "Hold this seat", seat="A-1")
    reader.send(held.form("Buy it"))
    again = reader.send(held.form("Take this one instead"), seat="C-3")
    page = reader.follow(again)
    assert page.heading == "Thank you, the seat is yours"
    assert "Seat\nA-1\n" in page.read.text


def test_what_the_backend_refuses_leads_back_to_the_list(cloud: Cloud, reader: Reader) -> None:
    page, other = inside(reader), Reader(cloud)
    other.press(inside(other), "Hold this seat", seat="A-1")
    taken = reader.send(page.form("Hold this seat"), seat="A-1")
    assert (taken.status, taken.heading) == (409, "This seat has just been taken")
    assert reader.press(taken, "Try again").heading == "Choose your seat"
    wrong = reader.send(page.form("Hold this seat"), seat="Z-99")
    assert (wrong.status, wrong.heading) == (400, "That did not fit")
    nothing = reader.shown(reader.event("POST", "/v1/onsales/demo/booking/purchases", ""))
    assert (nothing.status, nothing.heading) == (409, "No seat is held for you any more")


def test_a_house_that_is_full_says_so(cloud: Cloud, reader: Reader) -> None:
    from fairline import stores
    from fairline.domain.seats import House

    cloud.enter("booking")
    stores.houses().open(House("demo", "key", 4_000_000_000_000, rows=1, seats_per_row=1))
    other = Reader(cloud)
    other.press(inside(other), "Hold this seat", seat="A-1")
    assert "No seat is free right now." in inside(reader).read.text


def test_a_form_is_refused_by_the_backend_itself_unless_a_page_of_ours_sent_it(cloud: Cloud, reader: Reader) -> None:
    """The gate lets a header through from anywhere: no form of another site's can send one, but a form is a form."""
    form = inside(reader).form("Hold this seat")
    event = reader.event("POST", form.action, "seat=A-1")
    passed = reader.gate(event)
    event["headers"] |= {f"x-fairline-{name}": value for name, value in passed["context"].items()}
    event["headers"]["origin"] = "https://elsewhere.example"
    assert cloud.call("booking", event)["statusCode"] == 403
