"""The process dies at any remote call of a rotation: nobody notices, neither then nor when the new keys sign."""

import json
from dataclasses import replace
from functools import cache
from typing import Any, get_args

import boto3
import jwt
import pytest

from fairline.adapters import access_tokens
from fairline.adapters.dynamodb_keys import DynamoDBKeys
from fairline.clients import now_ms
from fairline.domain.keys import (
    DAY_MS,
    HOUR_MS,
    PUBLISHED_AHEAD_MS,
    ROTATION_MS,
    Key,
    Purpose,
    signing_key,
)
from fairline.routes import ORIGIN_HEADER
from fairline.usecases.rotate import KEY_SET
from tests.handlers.cloudformation import asked, listening
from tests.handlers.events import ORIGIN, gate_event
from tests.promises.crashes.crowd import Crowd
from tests.promises.crashes.deployment import Deployment
from tests.promises.crashes.replay import Story, Teller, everybody_gets_in_past_another_gate, everywhere, faults
from tests.promises.door.forge import header_of
from tests.support.aws import BUCKET, ORIGIN_SECRET
from tests.support.crash_points import CrashPoints

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
FORMER, LATTER = "what the CDN sends, 32 bytes or more", "what the CDN is to send from now on"
make = access_tokens.generate


@cache
def rsa(kid: str) -> Key:
    """Each is made once: it takes a moment, and every story is told again and again on the same day."""
    return make(kid, 0)


@pytest.fixture(autouse=True)
def _keys_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_tokens, "generate", lambda kid, at: replace(rsa(kid), signs_from_ms=at))


def rotates(crowd: Crowd) -> None:
    """Daily, and whenever a deployment asks."""
    assert "made" in crowd.deployment.call("rotate", {"detail-type": "Scheduled Event"})


def nothing_is_there(crowd: Crowd) -> None:
    """Nor does any function remember a key."""
    crowd.deployment.restarts()
    crowd.deployment.forget_keys(*PURPOSES, "origin")
    crowd.deployment.add_origin(ORIGIN)
    sends(FORMER)


def keys_are_due(crowd: Crowd) -> None:
    """And the CDN is about to send another secret, while a sale goes on with tokens of the former keys."""
    nothing_is_there(crowd)
    rotates(crowd)
    crowd.opens()
    crowd.comes("ann", "bob")
    crowd.lets_in("ann")
    time_passes(crowd, ROTATION_MS + HOUR_MS)
    sends(LATTER)


def sends(secret: str) -> None:
    """What Secrets Manager has, and the CDN sends from its next deployment on."""
    boto3.client("secretsmanager").put_secret_value(SecretId=ORIGIN_SECRET, SecretString=secret)


def time_passes(crowd: Crowd, ms: int, *purposes: Purpose) -> None:
    """For keys, all or some: they are as old as if they had begun to sign so much earlier."""
    client, table = boto3.client("dynamodb"), crowd.deployment.environment["KEYS_TABLE"]
    for item in client.scan(TableName=table)["Items"]:
        if item["purpose"]["S"] in (purposes or PURPOSES):
            earlier = {"signs_from": {"N": str(int(item["signs_from"]["N"]) - ms)}}
            client.put_item(TableName=table, Item=item | earlier)
    crowd.deployment.restarts()


def keys(crowd: Crowd, purpose: Purpose) -> list[Key]:
    """From the oldest on."""
    rows = DynamoDBKeys(boto3.client("dynamodb"), crowd.deployment.environment["KEYS_TABLE"]).all(purpose)
    crowd.deployment.secrets |= {key.secret for key in rows}
    return sorted(rows, key=lambda key: key.signs_from_ms)


def published() -> dict[str, Any]:
    """The key set, as anyone may read it."""
    document = json.loads(boto3.client("s3").get_object(Bucket=BUCKET, Key=KEY_SET)["Body"].read())
    return {key["kid"]: key for key in document["keys"]}


def verifies(crowd: Crowd, token: str) -> None:
    """The gate lets its bearer in, and so does a backend that reads the key set."""
    event = gate_event("GET", crowd.path("booking/seats"), token=token)
    assert crowd.deployment.call("authorize", event)["isAuthorized"], "the gate refuses a token in use"
    kid = header_of(token)["kid"]
    assert kid in published(), f"{kid} signs and is not published"
    jwt.decode(token, jwt.PyJWK(published()[kid]), algorithms=["RS256"], audience=crowd.onsale)


def answers(crowd: Crowd, secret: str) -> None:
    """The API knows the CDN by this secret."""
    answer = crowd.deployment.http("GET", f"/v1/onsales/{crowd.onsale}", headers={ORIGIN_HEADER: secret})
    assert answer.status == 200, answer.body


def nobody_has_noticed(crowd: Crowd) -> None:
    """Though a rotation has died: tokens of the former keys are good, and what signs is published."""
    ann = crowd.fans["ann"]
    verifies(crowd, ann.access_token)
    assert crowd.asks(ann) == "admitted"
    assert signing_key(keys(crowd, "access"), now_ms()).kid in published()
    answers(crowd, FORMER)


def nobody_has_noticed_and_it_rotates_the_next_day(crowd: Crowd) -> None:
    nobody_has_noticed(crowd)
    time_passes(crowd, DAY_MS)
    rotates(crowd)


def nobody_ever_notices(crowd: Crowd) -> None:
    """Each purpose has one new key, shown in time; and the sale goes on when they sign.

    Functions read keys and secrets anew once a minute: here, at once.
    """
    crowd.deployment.restarts()
    nobody_has_noticed(crowd)
    answers(crowd, LATTER)
    for purpose in PURPOSES:
        (former, new) = keys(crowd, purpose)
        assert new.signs_from_ms >= now_ms() + PUBLISHED_AHEAD_MS, "a key signs before it was published for two hours"
        assert purpose == "visitor" or {former.kid, new.kid} <= published().keys()
    ann = crowd.fans["ann"]
    before = ann.access_token
    for purpose in PURPOSES:
        time_passes(crowd, keys(crowd, purpose)[-1].signs_from_ms - now_ms() + HOUR_MS, purpose)
    verifies(crowd, before)
    assert crowd.asks(ann) == "admitted", "a visitor token in use is refused"
    crowd.comes("cat")
    crowd.lets_in("bob")
    signed_by_the_newest(crowd, newcomer="cat", let_in="bob")
    everybody_gets_in_past_another_gate(crowd)


def signed_by_the_newest(crowd: Crowd, *, newcomer: str, let_in: str) -> None:
    token, access_token = crowd.fans[newcomer].token, crowd.fans[let_in].access_token
    verifies(crowd, access_token)
    assert header_of(access_token)["kid"] == keys(crowd, "access")[-1].kid
    assert header_of(token)["kid"] == keys(crowd, "visitor")[-1].kid


def a_sale_opens(crowd: Crowd) -> None:
    """With one key of each purpose, which sign at once."""
    assert [len(keys(crowd, purpose)) for purpose in PURPOSES] == [1, 1]
    crowd.opens()
    crowd.comes("ann")
    crowd.lets_in("ann")
    signed_by_the_newest(crowd, newcomer="ann", let_in="ann")
    answers(crowd, FORMER)
    everybody_gets_in_past_another_gate(crowd)


DAILY = Story(keys_are_due, rotates, nobody_has_noticed_and_it_rotates_the_next_day, nobody_ever_notices)
STORIES = {
    "rotation": DAILY,
    "first rotation": Story(nothing_is_there, rotates, ends=a_sale_opens),
    "rotation that is tried again at once": Story(keys_are_due, rotates, rotates, nobody_ever_notices),
}


def test_wherever_it_breaks_off_nobody_notices(deployment: Deployment, points: CrashPoints) -> None:
    teller = Teller(deployment, points, DAILY)
    calls = teller.calls()
    assert {"DynamoDB.Query", "DynamoDB.PutItem", "S3.PutObject", "Secrets Manager.GetSecretValue"} <= set(calls)
    assert faults(teller, calls) == []


def test_wherever_the_first_rotation_breaks_off_its_deployment_is_told_of_keys_that_are_there(
    deployment: Deployment, points: CrashPoints
) -> None:
    """Lambda tries an event again whose function died."""
    with listening() as cloudformation:

        def asks(crowd: Crowd) -> None:
            crowd.deployment.call("rotate", asked(cloudformation))

        def is_told(crowd: Crowd) -> None:
            assert {answer["Status"] for answer in cloudformation.answers} == {"SUCCESS"}
            cloudformation.answers.clear()
            a_sale_opens(crowd)

        teller = Teller(deployment, points, Story(nothing_is_there, asks, ends=is_told))
        calls = teller.calls()
        assert calls[-1] == "http"
        assert faults(teller, calls) == []


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("name", STORIES)
def test_wherever_it_breaks_off_and_its_repetition_too_nobody_notices(
    deployment: Deployment, points: CrashPoints, name: str
) -> None:
    teller = Teller(deployment, points, STORIES[name])
    calls = teller.calls()
    assert faults(teller, calls) == []
    assert [fault for again in everywhere(calls) for fault in faults(teller, calls, again)] == []
