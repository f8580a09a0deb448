"""Elsewhere: an inlet that stays warm adds what it admitted before to what it may, and lets in 3, 4, 4, not 3, 1, 0."""

import time

from tests.handlers.cloud import Cloud
from tests.support.sale import Sale


def test_a_warm_ticker_fills_the_four_slots_with_3_1_and_0(cloud: Cloud) -> None:
    cloud.open(max_active=4)
    cloud.enter("admit")
    admitted = []
    for many in (3, 4, 1):
        for _ in range(many):
            cloud.register()
        time.sleep(0.05)
        before = cloud.admin("GET", "/demo/metrics").body["admitted"]
        cloud.tick()
        admitted.append(cloud.admin("GET", "/demo/metrics").body["admitted"] - before)
    assert admitted == [3, 1, 0]


def test_at_three_a_second_four_who_wait_are_let_in_3_1_and_0() -> None:
    """One ticker, kept warm, in the time of a clock that the test moves."""
    sale = Sale(rate_per_minute=180, max_active=100)
    sale.joins("ann", "bob", "cat", "dan")
    reports = sale.ticks(3, every_ms=1_000)
    assert [report and report.admitted for report in reports] == [3, 1, 0]
