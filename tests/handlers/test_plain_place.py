"""A place, for those who come without JavaScript."""

import re

import pytest

from tests.handlers.cloud import Cloud
from tests.handlers.events import http_event
from tests.handlers.reader import PLACE, Reader, Shown
from tests.handlers.test_plain_door import HELD, KEY, joined

ENTRY = "__Host-fairline-demo.access"


@pytest.fixture
def reader(cloud: Cloud) -> Reader:
    return Reader(cloud)


def let_in(reader: Reader) -> Shown:
    """Join, and check until it is one's turn."""
    page = joined(reader)
    for _ in range(50):
        reader.cloud.tick()
        page = reader.open()
        if page.heading == "It is your turn":
            return page
    raise AssertionError(page.heading)


def test_who_waits_sees_how_many_are_ahead_and_how_long_it_may_take(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=600, max_active=1, rate_per_minute=60)
    for _ in range(2):
        cloud.register()
    page = joined(reader)
    assert page.heading == "You are in line"
    told = page.read.text
    assert "The sale has not started yet" in told
    assert "People ahead of you\n2\n" in told
    assert re.search(r"Expected wait \(hours:minutes\)\n0:1\d - 0:1\d\n", told)
    assert page.labels() == ["Check now", "Leave the line"]


def test_large_numbers_are_grouped_as_the_language_has_it(cloud: Cloud, reader: Reader) -> None:
    from fairline.entrypoints.plain import Voice

    cloud.enter("place")
    assert [Voice(each, "", "/").number(1_234_567) for each in ("en", "es")] == ["1,234,567", "1.234.567"]
    assert [Voice(each, "", "/").money(123_456, "EUR") for each in ("en", "es")] == ["1,234.56 EUR", "1.234,56 EUR"]


def test_a_pause_and_its_reason_are_told_and_no_wait_is_promised(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60, max_active=1)
    joined(reader)
    times = {"sale_starts_at": cloud.admin("GET", "/demo").body["lobby_opens_at"]}
    cloud.admin("PATCH", "/demo", {"expected_version": 1, **times})
    cloud.admin("POST", "/demo/pause", {"expected_version": 2, "reason": "A power cut at the hall"})
    told = reader.open().read.text
    assert "The line is paused for now" in told
    assert "A power cut at the hall" in told
    assert "Expected wait" not in told


def test_whose_turn_it_is_gets_a_cookie_that_ends_with_the_session(cloud: Cloud, reader: Reader) -> None:
    cloud.open(session_seconds=100)
    page = let_in(reader)
    [cookie] = page.set_cookies
    age = re.fullmatch(rf"{ENTRY}=\S+; Max-Age=(\d+); Path=/; Secure; HttpOnly; SameSite=Lax", cookie)
    assert age
    assert 90 <= int(age[1]) <= 100
    assert re.search(r"Time left \(minutes:seconds\)\n1:\d\d\n", page.read.text)
    assert page.form("Choose your seat").action == "/v1/onsales/demo/booking/seats"


def test_more_time_is_given_once(cloud: Cloud, reader: Reader) -> None:
    cloud.open(session_seconds=100)
    form = let_in(reader).form("I need more time")
    page = reader.follow(reader.send(form))
    assert page.heading == "It is your turn"
    assert re.search(r"Time left \(minutes:seconds\)\n3:\d\d\n", page.read.text)
    assert "I need more time" not in page.labels()
    again = reader.send(form)
    assert (again.status, again.heading) == (409, "You have had more time already")


def test_leaving_asks_first_and_then_says_what_can_be_done(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    page = joined(reader)
    asked = reader.press(page, "Leave the line")
    assert asked.heading == "Give up your place?"
    assert reader.press(asked, "Keep my place").heading == "You are next"
    left = reader.press(asked, "Yes, give it up")
    assert left.heading == "You have left the line"
    back = reader.press(left, "Join the line again")
    assert "Your number\n2\n" in back.read.text


def test_a_browser_that_lost_its_key_is_known_by_its_place(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    asked = reader.press(joined(reader), "Leave the line")
    left = reader.press(asked, "Yes, give it up")
    del reader.cookies[KEY]
    assert "Your number\n2\n" in reader.press(left, "Join the line again").read.text
    reader.cookies[HELD] = "not-a-token"
    refused = reader.send(left.form("Join the line again"))
    assert refused.status == 401
    assert reader.press(refused, "Try again").heading == "The line is open"


def test_after_the_close_whoever_waits_is_told_so(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    joined(reader)
    cloud.admin("POST", "/demo/close", {"expected_version": 1})
    cloud.tick()
    page = reader.open()
    assert (page.status, page.heading) == (410, "The sale has closed")
    assert page.labels() == []


def test_whoever_may_not_join_again_is_not_asked_to(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60, rejoin=False)
    asked = reader.press(joined(reader), "Leave the line")
    left = reader.press(asked, "Yes, give it up")
    assert left.labels() == []
    assert "This line can be joined once only." in left.read.text


def test_after_the_close_nobody_is_asked_to_join_again(cloud: Cloud, reader: Reader) -> None:
    cloud.open()
    let_in(reader)
    reader.send(reader.press(reader.open(), "I do not want to buy").form("Yes, give it up"))
    cloud.admin("POST", "/demo/close", {"expected_version": 1})
    cloud.enter("place")
    page = reader.open()
    assert page.heading == "You have left the line"
    assert page.labels() == []


def test_giving_a_turn_back_takes_the_way_in_from_the_browser(cloud: Cloud, reader: Reader) -> None:
    cloud.open()
    page = let_in(reader)
    assert ENTRY in reader.cookies
    left = reader.press(reader.press(page, "I do not want to buy"), "Yes, give it up")
    assert left.heading == "You have left the line"
    assert ENTRY not in reader.cookies


def test_whose_time_ran_out_is_told_so(cloud: Cloud, reader: Reader) -> None:
    cloud.open()
    let_in(reader)
    cloud.run_out(cloud.session_of(reader.cookies[HELD]))
    cloud.tick()
    page = reader.open()
    assert page.heading == "Your time to buy has run out"
    assert page.labels() == ["Join the line again"]


def test_an_older_place_leads_to_the_newer_one(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    older = reader.press(joined(reader), "Leave the line")
    held = reader.cookies[HELD]
    reader.press(reader.press(older, "Yes, give it up"), "Join the line again")
    reader.cookies[HELD] = held
    page = reader.open()
    assert (page.status, page.heading) == (410, "You have a newer place")
    assert "Your number\n2\n" in reader.press(page, "Open my place").read.text


def test_a_cookie_that_is_no_token_is_no_place(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    reader.cookies[HELD] = "something-else"
    assert reader.open().heading == "The line is open"


def test_the_cookie_opens_the_place_for_programs_too(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    joined(reader)
    event = reader.with_cookies(http_event("GET", PLACE))
    assert cloud.send("place", event).body["position"] == 1


@pytest.mark.parametrize(("method", "path"), [("DELETE", ""), ("POST", "/extension"), ("POST", "/departure")])
@pytest.mark.parametrize("origin", [None, "null", "https://elsewhere.example"])
def test_nothing_is_changed_by_a_cookie_alone(
    cloud: Cloud, reader: Reader, method: str, path: str, origin: str | None
) -> None:
    cloud.open()
    let_in(reader)
    headers = {} if origin is None else {"origin": origin}
    body = "sure=yes" if method == "POST" else None
    event = reader.with_cookies(http_event(method, PLACE + path, body, headers=headers))
    assert cloud.send("place", event).slug == "wrong-origin"
    form = reader.event(method, PLACE + path, body)
    form["headers"].pop("origin", None)
    refused = reader.shown({**form, "headers": {**form["headers"], **headers}})
    assert refused.status == 403
    assert reader.open().heading == "It is your turn"


def test_a_form_of_somebody_else_s_page_is_refused_whatever_token_it_bears(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    reader.origin = "https://elsewhere.example"
    event = reader.event("POST", f"{PLACE}/departure", "sure=yes")
    event["headers"]["authorization"] = f"Bearer {token}"
    assert reader.shown(event).status == 403
    assert cloud.place(token).body["state"] == "waiting"


def test_a_header_counts_before_the_cookie(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    joined(reader)
    token = cloud.register()["visitor_token"]
    event = reader.with_cookies(http_event("GET", PLACE, token=token))
    assert cloud.send("place", event).body["position"] == 2


def test_after_a_loss_of_the_store_looking_again_takes_the_place_again(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    joined(reader)
    cloud.flush()
    assert reader.open().status == 503
    cloud.tick(times=3)
    assert "Your number\n1\n" in reader.open().read.text
