"""The door of an onsale for those who come without JavaScript."""

import re

import pytest

from tests.handlers.cloud import Cloud
from tests.handlers.events import http_event
from tests.handlers.reader import PLACE, Reader, Shown

KEY, HELD = "__Host-fairline-demo", "__Host-fairline-demo.place"


@pytest.fixture
def reader(cloud: Cloud) -> Reader:
    return Reader(cloud)


def joined(reader: Reader, onsale: str = "demo") -> Shown:
    page = reader.open(f"/v1/onsales/{onsale}/place")
    return reader.press(page, "Join the line")


def test_before_the_lobby_the_door_says_when_to_come_back(cloud: Cloud, reader: Reader) -> None:
    cloud.create(lobby=600, sale=900)
    page = reader.open()
    assert (page.status, page.heading) == (200, "The line is not open yet")
    assert page.labels() == ["Check now"]
    assert reader.cookies == {}
    assert re.search(r"The line opens\n\d{1,2} \w+ 20\d\d, \d\d:\d\d UTC\n", page.read.text)
    assert reader.press(page, "Check now").heading == page.heading


def test_whoever_opens_the_door_can_join_and_sees_their_place(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    page = joined(reader)
    assert page.heading == "You are next"
    assert "Your number\n1\n" in page.read.text
    following = joined(Reader(cloud))
    assert following.heading == "You are in line"
    assert "People ahead of you\n1\n" in following.read.text


def test_the_cookies_are_for_this_host_over_tls_and_for_no_script(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    door = reader.open()
    made = reader.send(door.form("Join the line"))
    assert [cookie.partition("=")[0] for cookie in door.set_cookies] == [KEY]
    assert {cookie.partition("=")[0] for cookie in made.set_cookies} > {KEY, HELD}
    for cookie in door.set_cookies + made.set_cookies:
        _, age, *rest = cookie.split("; ")
        assert rest == ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"]
        assert age.startswith("Max-Age=")


def test_a_double_click_and_a_lost_answer_give_the_one_place(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    form = reader.open().form("Join the line")
    for _ in range(3):
        made = reader.send(form)
        assert (made.status, made.headers["location"]) == (303, PLACE)
        del reader.cookies[HELD]
    reader.send(form)
    assert "Your number\n1\n" in reader.open().read.text
    assert cloud.admin("GET", "/demo/metrics").status == 200
    cloud.tick()
    assert cloud.admin("GET", "/demo/metrics").body["issued"] == 1


def test_the_door_keeps_the_key_it_gave(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    reader.open()
    key = reader.cookies[KEY]
    assert reader.open().set_cookies == []
    joined(reader)
    assert reader.cookies[KEY] == key


def test_a_browser_that_keeps_no_cookies_is_told_so_and_takes_no_place(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    form = reader.open().form("Join the line")
    reader.cookies.clear()
    page = reader.send(form)
    assert (page.status, page.heading) == (400, "We need a cookie to keep your place")
    assert reader.press(page, "Try again").heading == "The line is open"


@pytest.mark.parametrize("origin", [None, "null", "https://elsewhere.example", "http://127.0.0.1"])
def test_a_form_of_somebody_else_s_page_joins_nobody(cloud: Cloud, reader: Reader, origin: str | None) -> None:
    cloud.open(sale=60)
    form = reader.open().form("Join the line")
    reader.origin = origin
    page = reader.send(form)
    assert (page.status, page.heading) == (403, "Please start from our own page")
    assert HELD not in reader.cookies


def test_two_onsales_in_one_browser_do_not_mix(cloud: Cloud, reader: Reader) -> None:
    """The second is named like a cookie of the first."""
    cloud.open(sale=60)
    cloud.open("demo-place", sale=60)
    for _ in range(2):
        joined(Reader(cloud), "demo-place")
    first, second = joined(reader), joined(reader, "demo-place")
    assert "Your number\n1\n" in first.read.text
    assert "Your number\n3\n" in second.read.text
    assert "Your number\n1\n" in reader.open().read.text


def test_a_closed_onsale_and_one_there_never_was_say_so(cloud: Cloud, reader: Reader) -> None:
    cloud.open()
    cloud.admin("POST", "/demo/close", {"expected_version": 1})
    cloud.enter("place")
    assert (reader.open().status, reader.open().heading) == (200, "The sale has closed")
    for name in ("nothing-here", "No <Name>"):
        page = reader.open(f"/v1/onsales/{name}/place")
        assert (page.status, page.heading) == (404, "We do not know this sale")


def test_whoever_must_sign_in_is_told_that_it_needs_javascript(cloud: Cloud, reader: Reader) -> None:
    cloud.environment["IDENTITY"] = "oidc"
    cloud.open(sale=60)
    page = reader.open()
    assert page.heading == "Joining needs JavaScript"
    form = page.form("Open the page with JavaScript")
    assert (form.action, form.method, form.fields) == ("/", "get", {"onsale": "demo"})


def test_a_refusal_while_joining_is_a_page_with_the_same_status_and_time(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    form = reader.open().form("Join the line")
    cloud.flush()
    page = reader.send(form)
    assert page.status == 503
    assert page.headers["retry-after"] == "2"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert reader.press(page, "Try again").heading == "The line is open"


def test_what_an_operator_writes_is_text_and_no_markup(cloud: Cloud, reader: Reader) -> None:
    cloud.open(name="<script>alert(1)</script> & co", sale=60)
    cloud.admin("POST", "/demo/notice", {"expected_version": 1, "notice": "<b onclick='x'>{hold}</b>"})
    page = reader.open()
    assert "<script" not in page.html
    assert "<b " not in page.html
    assert "<script>alert(1)</script> & co" in page.read.text
    assert "<b onclick='x'>{hold}</b>" in page.read.text


def test_a_page_runs_nothing_and_is_kept_nowhere(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    headers = reader.open().headers
    assert headers["content-security-policy"].split("; ") == [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    assert headers["cache-control"] == "no-store"
    assert "Accept" in headers["vary"]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/json;q=0.5, text/html", "text/html; charset=utf-8"),
        ("application/json, text/html", "application/problem+json"),
        ("text/html;q=0.4, application/json;q=0.9", "application/problem+json"),
        ("text/html;q=0", "application/problem+json"),
        ("text/html;q=much", "application/problem+json"),
        ("*/*", "application/problem+json"),
        ("", "application/problem+json"),
    ],
)
def test_a_page_is_for_those_who_like_it_best(cloud: Cloud, accept: str, kind: str) -> None:
    answer = cloud.call("place", http_event("GET", "/v1/onsales/No/place", headers={"accept": accept}))
    assert answer["headers"]["content-type"] == kind


@pytest.mark.parametrize(
    ("language", "address", "title", "direction"),
    [
        ("es-MX,en;q=0.5", PLACE, "La fila está abierta", "ltr"),
        ("en", f"{PLACE}?lang=ar", "الطابور مفتوح", "rtl"),
        ("fr", f"{PLACE}?lang=fr", "The line is open", "ltr"),
    ],
)
def test_people_are_spoken_to_in_their_language(
    cloud: Cloud, reader: Reader, language: str, address: str, *, title: str, direction: str
) -> None:
    cloud.open(sale=60)
    reader.language = language
    page = reader.open(address)
    assert page.heading == title
    assert page.read.root["dir"] == direction
    assert page.read.root["lang"] == page.headers["content-language"]


def test_a_language_that_was_asked_for_stays(cloud: Cloud, reader: Reader) -> None:
    cloud.open(sale=60)
    spanish = reader.open(reader.open().read.links["Español"])
    page = reader.press(spanish, "Unirme a la fila")
    assert page.read.root["lang"] == "es"
    assert reader.press(page, "Comprobar ahora").read.root["lang"] == "es"
    assert reader.press(page, "Salir de la fila").read.root["lang"] == "es"
