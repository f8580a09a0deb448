"""How an onsale looks, by the command line."""

from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.operator.conftest import Json, Typed
from tests.support.pictures import png


@pytest.fixture
def bucket(aws: Any) -> str:
    boto3.client("s3").create_bucket(Bucket="status", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return "status"


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "band.png"
    path.write_bytes(png())
    return str(path)


def test_a_picture_and_words_are_set_in_one_change(demo: str, bucket: str, picture: str, answered: Json) -> None:
    words = ("--organiser", "The hall", "--accent", "#4338ca", "--picture", picture, "--picture-alt", "The band")
    branding = answered("onsale", "brand", demo, *words)["branding"]
    assert {**branding, "picture": ""} == {
        "organiser": "The hall",
        "accent": "#4338ca",
        "picture": "",
        "picture_alt": "The band",
    }
    kept = boto3.client("s3").get_object(Bucket=bucket, Key=branding["picture"])
    assert kept["Body"].read() == png()
    assert answered("onsale", "show", demo, "--audit")["versions"][0]["action"] == "change branding"


def test_what_is_not_named_stays_and_what_is_empty_goes(demo: str, answered: Json) -> None:
    answered("onsale", "brand", demo, "--organiser", "The hall", "--text", "Doors at 7")
    assert answered("onsale", "brand", demo, "--text", "")["branding"] == {"organiser": "The hall"}


def test_a_picture_is_taken_back_with_its_text(demo: str, bucket: str, picture: str, answered: Json) -> None:
    answered("onsale", "brand", demo, "--picture", picture, "--picture-alt", "The band")
    assert answered("onsale", "brand", demo, "--picture-alt", "")["branding"] == {}


def test_what_does_not_fit_is_refused_by_name(demo: str, bucket: str, tmp_path: Path, typed: Typed) -> None:
    refused = typed("onsale", "brand", demo, "--accent", "red")
    assert refused.exit_code == 3
    assert "branding.accent" in refused.stderr
    text = tmp_path / "band.svg"
    text.write_text("<svg/>")
    refused = typed("onsale", "brand", demo, "--picture", str(text), "--picture-alt", "x")
    assert refused.exit_code == 3
    assert "a PNG, JPEG or WebP" in refused.stderr


def test_an_onsale_that_is_not_there_is_told_of(aws: Any, typed: Typed) -> None:
    assert typed("onsale", "brand", "nowhere", "--text", "x").exit_code == 4
