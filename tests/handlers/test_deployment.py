"""Rotation as a custom resource: a deployment asks, and is told how it went."""

import json
from collections.abc import Iterator

import pytest

from fairline import upkeep
from fairline.adapters.stack_answers import ATTEMPTS, StackAnswers
from fairline.domain.errors import Unavailable
from tests.handlers.cloud import Cloud
from tests.handlers.cloudformation import HANG_UP, SILENCE, CloudFormation, asked, listening


@pytest.fixture
def cloudformation() -> Iterator[CloudFormation]:
    with listening() as told:
        yield told


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda *_: 0.0)


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_a_deployment_has_its_keys_made_and_is_told(cloud: Cloud, cloudformation: CloudFormation, kind: str) -> None:
    cloud.forget_keys("visitor", "access", "origin")
    event = asked(cloudformation, kind)
    made = cloud.call("rotate", event)["made"]
    assert len(made) == 2
    assert cloudformation.answers == [
        {
            **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
            "Status": "SUCCESS",
            "PhysicalResourceId": "fairline-keys",
        }
    ]
    assert cloudformation.content_types == [""]
    assert "presigned-and-secret" not in cloud.printed()


def test_what_is_deleted_is_let_go_without_any_call(
    cloud: Cloud, cloudformation: CloudFormation, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.enter("rotate")
    for made in ("rotation", "origin_renewal"):
        monkeypatch.delattr(upkeep, made)
    cloud.aws_calls.clear()
    assert cloud.call("rotate", asked(cloudformation, "Delete")) == {}
    assert [answer["Status"] for answer in cloudformation.answers] == ["SUCCESS"]
    assert cloud.aws_calls == []


def test_a_deployment_is_told_of_a_failure_without_its_words(
    cloud: Cloud, cloudformation: CloudFormation, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.enter("rotate")

    def fails() -> None:
        raise ValueError("something secret")

    monkeypatch.setattr(upkeep, "origin_renewal", fails)
    cloud.call("rotate", asked(cloudformation))
    (answer,) = cloudformation.answers
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", "fairline-keys")
    assert answer["Reason"].startswith("ValueError")
    assert "something secret" not in json.dumps(answer)
    assert "upkeep failed" in cloud.printed()


@pytest.mark.parametrize("kind", [None, "Replace"])
def test_a_request_of_no_kind_that_we_know_fails_and_nothing_is_done(
    cloud: Cloud, cloudformation: CloudFormation, monkeypatch: pytest.MonkeyPatch, kind: str | None
) -> None:
    cloud.enter("rotate")
    for made in ("rotation", "origin_renewal"):
        monkeypatch.delattr(upkeep, made)
    event = asked(cloudformation)
    del event["RequestType"]
    assert cloud.call("rotate", event | ({"RequestType": kind} if kind else {})) == {}
    assert [(answer["Status"], answer["Reason"][:8]) for answer in cloudformation.answers] == [("FAILED", "KeyError")]


@pytest.mark.parametrize("first", [500, 503, 301, HANG_UP])
def test_an_answer_that_was_not_taken_is_sent_again(cloudformation: CloudFormation, first: int) -> None:
    cloudformation.statuses = [first, 200]
    StackAnswers().send(cloudformation.url, {"Status": "SUCCESS"})
    assert cloudformation.answers == [{"Status": "SUCCESS"}] * 2


def test_an_answer_that_meets_silence_is_sent_again(cloudformation: CloudFormation) -> None:
    cloudformation.statuses = [SILENCE, 200]
    StackAnswers(timeout_seconds=0.5).send(cloudformation.url, {"Status": "SUCCESS"})
    assert {"Status": "SUCCESS"} in cloudformation.answers[1:]


def test_an_answer_that_is_never_taken_is_given_up_so_that_the_whole_event_comes_again(
    cloudformation: CloudFormation,
) -> None:
    cloudformation.statuses = [403]
    pauses: list[float] = []
    with pytest.raises(Unavailable):
        StackAnswers(sleep=pauses.append).send(cloudformation.url, {"Status": "SUCCESS"})
    assert (len(cloudformation.answers), len(pauses)) == (ATTEMPTS, ATTEMPTS - 1)


def test_an_answer_is_sent_over_http_alone() -> None:
    with pytest.raises(Unavailable):
        StackAnswers(sleep=lambda _: None).send("file:///tmp/answer", {})
