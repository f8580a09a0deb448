"""The process dies at any remote call of an operator's change: it is made once, or not at all and the operator is told.

Asked again, a change that was made answers 409 with the version that it made; one that was not made is made now.
"""

from typing import Any

import boto3
import pytest

from tests.handlers.test_pictures import stored, upload
from tests.promises.crashes.crowd import CAP, Crowd
from tests.promises.crashes.deployment import Deployment
from tests.promises.crashes.replay import Scene, Story, Teller, faults, nothing
from tests.support.aws import BUCKET
from tests.support.crash_points import CrashPoints
from tests.support.pictures import png


def asks_for(crowd: Crowd, method: str, rest: str, body: Any) -> None:
    """A change from the first version; a conflict names the version there is."""
    answer = crowd.deployment.admin(method, f"/{crowd.onsale}{rest}", {**body, "expected_version": 1})
    assert answer.status in (200, 409), answer.body
    if answer.status == 409:
        assert answer.body["current_version"] == 2


def change(method: str, rest: str = "", **body: Any) -> Scene:
    return lambda crowd: asks_for(crowd, method, rest, body)


def creates(crowd: Crowd) -> None:
    answer = crowd.deployment.admin("POST", "", crowd.policy())
    assert answer.status in (201, 409), answer.body


def versions(crowd: Crowd) -> list[str]:
    """What was done, oldest first."""
    audit = crowd.deployment.admin("GET", f"/{crowd.onsale}/audit").body["versions"]
    numbers = [entry["version"] for entry in audit]
    assert numbers == list(range(len(numbers), 0, -1))
    return [str(entry["action"]) for entry in reversed(audit)]


def is_recorded_once(crowd: Crowd) -> None:
    assert len(versions(crowd)) == 2, versions(crowd)


def is_there_and_can_be_run(crowd: Crowd) -> None:
    """Even if its key was never heard: a new one is issued, and the backend uses that."""
    assert versions(crowd) == ["create"]
    listed = [one["onsale"] for one in crowd.deployment.admin("GET").body["onsales"]]
    assert listed == [crowd.onsale]
    issued = crowd.deployment.admin("POST", f"/{crowd.onsale}/completion-key", {"expected_version": 1})
    crowd.completion_key = issued.body["completion_key"]
    sells(crowd)


def sells(crowd: Crowd) -> None:
    for _ in range(2):
        crowd.ticks()
    crowd.comes(*("ann", "bob", "cat")[: CAP + 1])
    crowd.settles()
    crowd.is_over()


def uploads(crowd: Crowd) -> None:
    answer = upload(crowd.deployment, png(), f"/v1/admin/onsales/{crowd.onsale}/picture")
    assert answer.status == 201, answer.body


def it_is_there_and_changed_nothing(crowd: Crowd) -> None:
    assert versions(crowd) == ["create"]
    listed = boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=f"pictures/{crowd.onsale}/")["Contents"]
    assert [stored(each["Key"])["Body"].read() for each in listed] == [png()]


CHANGES = {
    "patch": change("PATCH", rate_per_minute=30),
    "pause": change("POST", "/pause", reason="A moment, please."),
    "resume": change("POST", "/resume"),
    "close": change("POST", "/close"),
    "notice": change("POST", "/notice", notice="Doors open at eight."),
    "new key": change("POST", "/completion-key"),
}
STORIES = {
    "create": Story(nothing, creates, ends=is_there_and_can_be_run),
    "picture": Story(Crowd.creates, uploads, ends=it_is_there_and_changed_nothing),
    **{name: Story(Crowd.creates, asked, ends=is_recorded_once) for name, asked in CHANGES.items()},
}


@pytest.mark.parametrize("name", STORIES)
def test_wherever_it_breaks_off_it_is_done_once_and_told(
    deployment: Deployment, points: CrashPoints, name: str
) -> None:
    teller = Teller(deployment, points, STORIES[name])
    calls = teller.calls()
    assert calls
    assert faults(teller, calls) == []
