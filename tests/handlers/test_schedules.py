"""What runs by the clock: the ticker and key rotation."""

import json
from typing import Any

import boto3
import pytest

from lambdas.admit import handler as admit
from tests.handlers.cloud import Cloud
from tests.handlers.events import schedule_event


def document(cloud: Cloud, key: str) -> Any:
    reply = boto3.client("s3").get_object(Bucket=cloud.environment["STATUS_BUCKET"], Key=key)
    assert reply["ContentType"] == "application/json"
    assert reply["CacheControl"].startswith("public, max-age=")
    return json.loads(reply["Body"].read())


def test_with_nothing_live_the_ticker_returns_after_one_read(cloud: Cloud) -> None:
    cloud.create("later", lobby=3600, sale=7200, closes=9000)
    cloud.create("over", lobby=-9000, sale=-8000, closes=-600)
    cloud.enter("admit")
    cloud.aws_calls.clear()
    assert cloud.call("admit", schedule_event()) == {"onsales": 0}
    assert cloud.aws_calls == ["Query"]


def test_the_ticker_keeps_every_live_onsale(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        cloud.create(name)
    monkeypatch.setattr(admit, "RUN_SECONDS", 1.2)
    assert cloud.call("admit", schedule_event()) == {"onsales": 2}
    for name in ("one", "two"):
        status = document(cloud, f"status/{name}.json")
        assert (status["onsale"], status["epoch"], status["phase"]) == (name, 1, "on_sale")
        assert cloud.http("POST", f"/v1/onsales/{name}/registrations").status == 201
    assert '"UnwrittenAdmissions":[0.0]' in cloud.printed().replace(" ", "")


def test_one_onsale_that_fails_is_logged_and_delays_no_other(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("broken", "sound"):
        cloud.create(name)
    cloud.enter("admit")
    break_line(cloud, "broken")
    monkeypatch.setattr(admit, "RUN_SECONDS", 1.2)
    assert cloud.call("admit", schedule_event()) == {"onsales": 2}
    assert document(cloud, "status/sound.json")["epoch"] == 1
    printed = cloud.printed()
    assert "tick failed" in printed
    assert "TickFailures" in printed


def break_line(cloud: Cloud, onsale: str) -> None:
    """Put something under a key of the line that is not what the scripts expect there."""
    from redis import Redis

    with Redis.from_url(cloud.environment["REDIS_URL"]) as client:
        client.set(f"{{{onsale}}}:state", "not a hash")


def test_the_status_document_tells_how_far_the_line_is(cloud: Cloud) -> None:
    cloud.open(max_active=1)
    cloud.admitted()
    cloud.register()
    cloud.tick()
    status = document(cloud, "status/demo.json")
    assert status.pop("updated_at").endswith("Z")
    assert status == {
        "onsale": "demo",
        "epoch": 1,
        "phase": "on_sale",
        "serving": 1,
        "issued": 2,
        "skipped": [],
        "waiting": 1,
        "active": 1,
        "rate_per_minute": 60_000,
        "notice": "",
    }


def test_a_change_of_policy_is_in_force_with_the_next_tick(cloud: Cloud) -> None:
    cloud.open()
    cloud.admin("POST", "/demo/pause", {"expected_version": 1, "reason": "Back soon"})
    cloud.tick()
    status = document(cloud, "status/demo.json")
    assert (status["phase"], status["notice"]) == ("paused", "Back soon")


def test_rotation_makes_both_kinds_of_key_and_publishes_what_anyone_may_see(cloud: Cloud) -> None:
    table = cloud.environment["KEYS_TABLE"]
    client = boto3.client("dynamodb")
    cloud.forget_keys("visitor", "access")
    made = cloud.call("rotate", schedule_event())["made"]
    assert sorted(kid.partition("-")[0] for kid in made) == ["access", "visitor"]
    assert cloud.call("rotate", schedule_event()) == {"made": []}
    items = client.scan(TableName=table)["Items"]
    cloud.secrets |= {item["secret"]["S"] for item in items if "secret" in item}
    assert all(int(item["delete_after"]["N"]) > 0 for item in items)
    (key,) = document(cloud, ".well-known/jwks.json")["keys"]
    assert key.keys() == {"kty", "n", "e", "kid", "use", "alg"}
    assert key["kid"] in made
    issuer = cloud.environment["STATUS_URL"]
    configuration = document(cloud, ".well-known/openid-configuration")
    assert (configuration["issuer"], configuration["jwks_uri"]) == (issuer, f"{issuer}/.well-known/jwks.json")


def test_before_any_key_signs_nobody_is_given_a_token_and_is_told_when_to_come_back(cloud: Cloud) -> None:
    cloud.open(sale=60)
    cloud.forget_keys("visitor", "access")
    answer = cloud.http("POST", "/v1/onsales/demo/registrations")
    assert (answer.status, answer.slug) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1
