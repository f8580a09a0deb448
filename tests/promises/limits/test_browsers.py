"""A guest's browser keeps the place it took first, whatever its page forgets; an identity has one place everywhere."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.handlers.cloud import Cloud
from tests.handlers.events import Event, http_event
from tests.promises.limits.conftest import PATH, Browser

FIRST, SECOND = "the-first-random-key-of-it", "another-one-after-clearing"
DEVICES = 50


@pytest.fixture
def browser(bound: Cloud) -> Browser:
    return Browser(bound)


def test_a_page_that_has_forgotten_everything_finds_the_place_of_its_browser(browser: Browser) -> None:
    first, again = browser.joins(FIRST), browser.joins(SECOND)
    assert (first.status, again.status) == (201, 200)
    assert again.body == first.body


def test_a_private_window_or_another_browser_is_another_guest(bound: Cloud, browser: Browser) -> None:
    """The cookie stops whoever does not know of it, and no one else: docs/decisions/0029 says so."""
    browser.joins(FIRST)
    assert Browser(bound).joins(SECOND).status == 201


def test_the_cookie_is_for_this_host_over_tls_and_for_no_script(browser: Browser) -> None:
    browser.joins(FIRST)
    (cookie,) = browser.set_cookies
    pair, *attributes = cookie.split("; ")
    assert pair == f"__Host-fairline-demo={FIRST}"
    kept = [each for each in attributes if each.startswith("Max-Age=")]
    assert sorted(set(attributes) - set(kept)) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    assert len(kept) == 1


def test_the_cookie_lasts_as_long_as_the_line_is_known(bound: Cloud, browser: Browser) -> None:
    token = browser.joins(FIRST).body["visitor_token"]
    (cookie,) = browser.set_cookies
    age = re.search(r"Max-Age=(\d+)", cookie)
    bound.enter("authorize_socket")
    from fairline import wiring

    expires_at = wiring.visitor_tokens().read(token, "demo").expires_at
    assert age
    assert abs(expires_at - time.time() - int(age[1])) < 60


def test_a_browser_without_a_key_is_bound_by_the_one_that_it_is_given(browser: Browser) -> None:
    first, again = browser.joins(), browser.joins()
    assert (first.status, again.status) == (201, 200)
    assert again.body == first.body


def test_a_lost_answer_costs_no_second_place_though_its_cookie_was_lost_with_it(browser: Browser) -> None:
    first = browser.joins(FIRST)
    browser.cookies.clear()
    again = browser.joins(FIRST)
    assert (again.status, again.body) == (200, first.body)
    assert browser.cookies == {"__Host-fairline-demo": FIRST}


def test_a_place_handed_over_is_opened_and_the_browsers_own_is_kept(bound: Cloud, browser: Browser) -> None:
    """The QR code of one device opens its place on another, which may have a place of its own."""
    own, other = browser.joins(FIRST).body, Browser(bound).joins(SECOND).body
    opened = browser.joins(token=other["visitor_token"])
    assert (opened.status, opened.body["position"]) == (200, other["position"])
    assert browser.set_cookies == []
    assert browser.joins(SECOND).body["position"] == own["position"]


def test_each_onsale_binds_a_browser_by_itself(bound: Cloud, browser: Browser) -> None:
    bound.open("other", sale=60)
    assert [browser.joins(FIRST, onsale).status for onsale in ("demo", "other", "other", "demo")] == [
        201,
        201,
        200,
        200,
    ]
    assert set(browser.cookies) == {"__Host-fairline-demo", "__Host-fairline-other"}


def test_whoever_left_joins_again_as_the_same_guest_at_the_end(bound: Cloud, browser: Browser) -> None:
    token = browser.joins(FIRST).body["visitor_token"]
    Browser(bound).joins(SECOND)
    assert bound.http("DELETE", "/v1/onsales/demo/place", token=token).status == 204
    again = browser.joins("a-third-key-made-after-all")
    assert (again.status, again.body["position"]) == (201, 3)
    assert bound.place_of(again.body["visitor_token"]).visitor == bound.place_of(token).visitor


def test_a_cookie_that_we_did_not_set_shuts_nobody_out(browser: Browser) -> None:
    for number, value in enumerate(("", "short", "x" * 200, "no; key=at-all", "a\tb" * 10)):
        browser.cookies["__Host-fairline-demo"] = value
        assert browser.joins(f"{FIRST}-{number}").status == 201, value
        assert browser.cookies["__Host-fairline-demo"] == f"{FIRST}-{number}"


def test_without_the_setting_nothing_is_set_and_no_cookie_counts(cloud: Cloud) -> None:
    cloud.open(sale=60)
    browser = Browser(cloud, cookies={"__Host-fairline-demo": FIRST})
    assert browser.joins(FIRST).status == 201
    assert browser.set_cookies == []
    assert browser.joins(SECOND).status == 201


def test_whoever_signed_in_is_bound_by_that_and_by_no_cookie(browser: Browser) -> None:
    browser.joins(FIRST)
    fan = {"iss": "https://id.example", "sub": "fan-1", "aud": "fairline", "token_use": "id"}
    assert browser.joins(claims=fan).status == 201
    assert browser.set_cookies == []


def test_a_browser_that_is_bound_is_not_counted_again_for_its_address(bound: Cloud) -> None:
    bound.environment["GUEST_PLACES_PER_ADDRESS"] = "1"
    bound.enter("register")
    browser = Browser(bound)
    assert [browser.joins(key).status for key in (FIRST, SECOND)] == [201, 200]
    assert Browser(bound).joins(SECOND).status == 429


def test_one_identity_on_fifty_devices_at_once_has_one_place(cloud: Cloud) -> None:
    """Each with an `Idempotency-Key`, a cookie and an address of its own: none of them counts beside who signed in."""
    cloud.environment |= {"GUEST_PLACES_PER_ADDRESS": "1", "GUEST_ONE_PER_BROWSER": "true", "IDENTITY": "oidc"}
    cloud.open(sale=60)
    cloud.http("POST", PATH, claims={"iss": "https://id.example", "sub": "somebody-else"})
    barrier = Barrier(DEVICES)

    def press(device: int) -> tuple[int, int]:
        event = device_event(device)
        barrier.wait(timeout=30)
        answer = cloud.send("register", event)
        return answer.status, answer.body["position"]

    with ThreadPoolExecutor(DEVICES) as pool:
        answers = list(pool.map(press, range(DEVICES)))
    assert {position for _, position in answers} == {2}
    assert sorted(status for status, _ in answers) == [200] * (DEVICES - 1) + [201]


def device_event(device: int) -> Event:
    """What one device of the same fan sends."""
    key = f"the-key-of-device-number-{device:02}"
    headers = {"idempotency-key": key, "x-fairline-address": f"198.51.100.{device}"}
    claims = {"iss": "https://id.example", "sub": "fan-1", "aud": "fairline", "token_use": "id"}
    event = http_event("POST", PATH, headers=headers, claims=claims, token=f"id.token.{device}")
    return event | {"cookies": [f"__Host-fairline-demo={key}"]}
