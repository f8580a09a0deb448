"""A place as a QR code, for another device."""

import re

import pytest
import segno

from tests.handlers.cloud import Cloud
from tests.handlers.events import http_event
from tests.handlers.reader import PLACE, Reader
from tests.handlers.test_plain_door import joined

PATH = f"{PLACE}/code"


def path_of(svg: str) -> str:
    """How the dark parts of a code are drawn."""
    [drawn] = re.findall(r'stroke="#000"[^>]* d="([^"]+)"', svg)
    return str(drawn)


def test_the_code_is_the_page_s_address_with_the_token_where_nobody_is_sent_it(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    answer = cloud.call("place", http_event("GET", PATH, token=token))
    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"] == "image/svg+xml"
    assert answer["headers"]["cache-control"] == "no-store"
    address = f"{cloud.environment['PUBLIC_URL']}/?onsale=demo#place={token}"
    expected = segno.make_qr(address, error="l").svg_inline(omitsize=True)
    assert path_of(answer["body"]) == path_of(expected)


def test_the_code_has_a_light_ground_and_the_margin_that_readers_need(cloud: Cloud) -> None:
    cloud.open(sale=60)
    token = cloud.register()["visitor_token"]
    body = cloud.call("place", http_event("GET", PATH, token=token))["body"]
    [side] = re.findall(r'viewBox="0 0 (\d+) \1"', body)
    assert f'fill="#fff" d="M0 0h{side}v{side}h-{side}z"' in body
    assert path_of(body).startswith("M4 4.5")


def test_who_comes_without_javascript_gets_it_by_the_cookie(cloud: Cloud) -> None:
    cloud.open(sale=60)
    reader = Reader(cloud)
    page = joined(reader)
    answer = reader.open(page.read.links["Continue on another device"])
    assert answer.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("token", [None, "not-a-token"])
def test_without_a_genuine_token_nothing_is_drawn(cloud: Cloud, token: str | None) -> None:
    cloud.open(sale=60)
    assert cloud.http("GET", PATH, token=token).slug == "invalid-token"
