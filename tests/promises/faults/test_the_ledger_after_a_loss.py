"""DynamoDB misbehaves while it is needed most: the cache was lost, and it alone knows who is inside."""

import pytest

from fairline.adapters import redis_admissions
from fairline.adapters.dynamodb_sessions import DynamoDBSessions
from fairline.domain.tick import LEASE_MS
from fairline.usecases.admit import RETURN_MS
from tests.handlers.cloud import Cloud
from tests.promises.faults.ledger import Ledger, Make
from tests.promises.faults.test_the_ledger import tries


def test_after_a_loss_nobody_is_let_in_before_the_ledger_has_told_who_is_inside(
    cloud: Cloud, ledger: Ledger, reply: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 4: the slots of running sessions count, though the index cannot be read for a while."""
    cloud.open(max_active=1)
    inside, waits = cloud.admitted(), cloud.register()["visitor_token"]
    monkeypatch.setattr("fairline.usecases.admit.RETURN_MS", 100)
    monkeypatch.setattr(redis_admissions, "LEASE_MS", 50)
    cloud.flush()
    cloud.tick()
    ledger.does(reply, "Query")
    tries(cloud, times=3)
    ledger.mends()
    assert cloud.place(waits).body["state"] == "waiting"
    for _ in range(15):
        cloud.tick()
        assert cloud.place(waits).body["state"] == "waiting"
    assert cloud.place(inside["visitor_token"]).body["access_token"] == inside["access_token"]


def test_a_ledger_that_was_away_for_all_of_the_return_window_is_found_out_by_the_lease() -> None:
    """Promise 4, as above: the shorter window would end with nobody having read who is inside."""
    assert RETURN_MS > LEASE_MS


def test_a_place_is_not_taken_up_again_before_its_own_rows_were_read(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 5: the index does not show a session yet, and its visitor comes back after a loss."""
    cloud.open()
    place = cloud.admitted()
    monkeypatch.setattr(DynamoDBSessions, "since", lambda *_: [])
    cloud.flush()
    cloud.tick(times=2)
    assert cloud.place(place["visitor_token"]).body["access_token"] == place["access_token"]
    cloud.tick()
    assert cloud.admin("GET", "/demo/metrics").body["waiting"] == 0
