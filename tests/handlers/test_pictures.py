"""Operators put an onsale's picture where fans find it; that it is shown is a change like any other."""

from typing import Any

import boto3
import pytest

from tests.handlers.cloud import OPERATOR, Answer, Cloud
from tests.handlers.events import http_event
from tests.handlers.reader import Reader
from tests.support.aws import BUCKET
from tests.support.pictures import jpeg, png, webp

PATH = "/v1/admin/onsales/demo/picture"


def upload(cloud: Cloud, content: bytes, path: str = PATH) -> Answer:
    event = http_event("POST", path, content, claims=OPERATOR, binary=True, headers={"content-type": "image/png"})
    return cloud.send("admin", event)


def stored(key: str) -> Any:
    return boto3.client("s3").get_object(Bucket=BUCKET, Key=key)


@pytest.mark.parametrize(
    ("content", "kind"), [(png(), "image/png"), (jpeg(), "image/jpeg"), (webp(), "image/webp")], ids=str
)
def test_a_picture_is_kept_for_good_and_the_branding_may_name_it(cloud: Cloud, content: bytes, kind: str) -> None:
    cloud.create()
    answer = upload(cloud, content)
    assert answer.status == 201
    found = stored(answer.body["picture"])
    assert (found["ContentType"], found["CacheControl"]) == (kind, "public, max-age=31536000, immutable")
    assert found["Body"].read() == content
    branding = {**answer.body, "picture_alt": "The band"}
    changed = cloud.admin("PATCH", "/demo", {"expected_version": 1, "branding": branding})
    assert (changed.status, changed.body["branding"]) == (200, branding)
    told = cloud.http("GET", "/v1/onsales/demo").body["branding"]
    assert told["picture"] == f"https://status.tickets.example/{answer.body['picture']}"
    assert cloud.admin("GET", "/demo/audit").body["versions"][0]["changes"]["branding"] == [{}, branding]


def test_the_same_picture_twice_is_the_same_object(cloud: Cloud) -> None:
    cloud.create()
    assert upload(cloud, png()).body == upload(cloud, png()).body
    assert upload(cloud, png(9, 9)).body != upload(cloud, png()).body


def test_what_is_no_picture_or_too_large_is_refused_and_kept_nowhere(cloud: Cloud) -> None:
    cloud.create()
    for content in (b"", b"<svg/>", b"{}", png(5_000, 1)):
        assert upload(cloud, content).fields == ["picture"]
    assert upload(cloud, png() + b"\x00" * 200_000).slug == "payload-too-large"
    assert upload(cloud, png().ljust(200_000)).status == 201
    event = http_event("POST", PATH, claims=OPERATOR) | {"body": "é{{{", "isBase64Encoded": True}
    assert cloud.send("admin", event).fields == ["body"]
    keys = [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert len([key for key in keys if key.startswith("pictures/")]) == 1


def test_an_onsale_that_is_not_there_has_no_picture(cloud: Cloud) -> None:
    cloud.create()
    assert upload(cloud, png(), "/v1/admin/onsales/nowhere/picture").slug == "unknown-onsale"
    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="pictures/")


def test_a_picture_of_another_onsale_or_of_another_host_is_not_shown(cloud: Cloud) -> None:
    cloud.create()
    cloud.create("other")
    theirs = upload(cloud, png(), "/v1/admin/onsales/other/picture").body["picture"]
    for picture in (theirs, f"https://status.tickets.example/{theirs}", "https://elsewhere.example/x.png"):
        branding = {"picture": picture, "picture_alt": "x"}
        refused = cloud.admin("PATCH", "/demo", {"expected_version": 1, "branding": branding})
        assert refused.fields == ["branding.picture"]


def test_every_fault_of_a_branding_is_told_by_its_name(cloud: Cloud) -> None:
    cloud.create()
    branding = {"accent": "red", "link": "http://x.example", "logo": "x", "text": ""}
    refused = cloud.admin("PATCH", "/demo", {"expected_version": 1, "branding": branding})
    assert sorted(refused.fields) == [f"branding.{name}" for name in ("accent", "link", "link_text", "logo", "text")]


def test_the_pages_without_javascript_say_who_sells(cloud: Cloud) -> None:
    branding = {"organiser": "The <hall>", "text": "Doors at 7", "link": "https://a.example/?b&c", "link_text": "More"}
    cloud.open(sale=60, branding=branding)
    page = Reader(cloud).open().read
    assert "The <hall>\n" in page.text
    assert "Doors at 7\n" in page.text
    assert page.links["More"] == "https://a.example/?b&c"
