"""Elsewhere: a write that fails half-way leaves two fans with one position."""

from typing import Any

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NoConnection

from tests.handlers.cloud import Cloud

KEY = {"idempotency-key": "the-browser-of-the-lost-answer"}


def breaks(monkeypatch: pytest.MonkeyPatch, *, done: bool) -> None:
    """Scripts reach the store, or do not; whoever asked hears of neither."""
    run = Redis.evalsha

    def broken(self: "Redis", *args: Any) -> None:
        if done:
            run(self, *args)
        raise NoConnection("the connection broke")

    monkeypatch.setattr(Redis, "evalsha", broken)


@pytest.mark.parametrize("done", [False, True])
def test_two_fans_never_share_a_position(cloud: Cloud, *, done: bool) -> None:
    cloud.open(sale=60)
    assert cloud.register()["position"] == 1
    with pytest.MonkeyPatch.context() as monkeypatch:
        breaks(monkeypatch, done=done)
        answer = cloud.http("POST", "/v1/onsales/demo/registrations", headers=KEY)
    assert (answer.status, int(answer.headers["retry-after"]) >= 1) == (503, True)
    other = cloud.register()["position"]
    mine = cloud.http("POST", "/v1/onsales/demo/registrations", headers=KEY)
    assert (mine.status, mine.body["position"], other) == ((200, 2, 3) if done else (201, 3, 2))
    assert cloud.register()["position"] == 4
