"""The crash points themselves: no call goes uncounted, and whoever is dead makes none."""

from contextlib import closing
from http.client import HTTPConnection
from urllib.request import urlopen

import boto3
import pytest
from redis import Redis

from tests.promises.crashes.deployment import Deployment
from tests.support.crash_points import CrashPoints, Died, Point


def test_whatever_a_client_sends_is_counted_by_whatever_client(deployment: Deployment, points: CrashPoints) -> None:
    with points.watched(), Redis.from_url(deployment.environment["REDIS_URL"]) as client:
        boto3.client("s3").list_buckets()
        with pytest.raises(OSError, match="501"):
            urlopen(deployment.gateway.url)
        connected = len(points.calls)
        client.pipeline().set("one", 1).set("two", 2).execute()
        assert len(points.calls) > connected == 2


def test_a_call_takes_effect_or_not_by_the_side_on_which_the_process_dies(
    deployment: Deployment, points: CrashPoints
) -> None:
    store = deployment.redis
    store.ping()
    with pytest.raises(Died), points.watched(Point(1, "before")):
        store.incr("counted")
    assert store.get("counted") is None
    with pytest.raises(Died), points.watched(Point(1, "after")):
        store.incr("counted")
    assert store.get("counted") == "1"


def test_whoever_is_dead_calls_nobody_any_more(deployment: Deployment, points: CrashPoints) -> None:
    """Not even from a `finally`."""
    deployment.redis.ping()
    with points.watched(Point(1, "after")):
        for _ in range(2):
            with pytest.raises(Died):
                deployment.redis.incr("counted")
    assert deployment.redis.get("counted") == "1"


def test_a_connection_by_other_means_is_told_apart(deployment: Deployment, points: CrashPoints) -> None:
    with points.watched(), closing(HTTPConnection(deployment.gateway.url.removeprefix("http://"))) as connection:
        connection.request("GET", "/")
    assert len(points.unknown) == 1
    points.unknown.clear()
