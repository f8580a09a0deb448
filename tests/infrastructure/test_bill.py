"""What a deployment costs while nothing is sold, and what an onsale adds."""

import pytest

from tests.support.synthesis import Synthesised
from tools.bill.materials import Line, Unpriced, idle
from tools.bill.onsale import Sale

LEAN_DOLLARS = 60


def template(kind: str, **properties: object) -> dict[str, object]:
    return {"Resources": {"It": {"Type": kind, "Properties": properties}}}


def total(lines: list[Line]) -> float:
    return sum(line.dollars for line in lines)


def test_the_lean_profile_stays_within_its_sixty_dollars_a_month(lean: Synthesised) -> None:
    assert 15 < total(idle(lean.templates.values())) <= LEAN_DOLLARS


def test_every_resource_of_the_standard_profile_has_a_price(standard: Synthesised) -> None:
    assert total(idle(standard.templates.values())) > LEAN_DOLLARS


def test_the_cache_is_on_the_bill_by_its_nodes(standard: Synthesised) -> None:
    cache = next(line for line in idle(standard.templates.values()) if "node" in line.what)
    assert (cache.what, cache.quantity) == ("redis node, cache.r7g.large", 2)
    assert cache.dollars == pytest.approx(2 * 0.219 * 730)


def test_what_is_not_in_the_tables_cannot_slip_past_the_bill() -> None:
    with pytest.raises(Unpriced, match="AWS::Redshift::Cluster"):
        idle([template("AWS::Redshift::Cluster")])


def test_a_cache_node_without_a_price_is_refused() -> None:
    with pytest.raises(Unpriced, match=r"cache\.x9\.huge"):
        idle([template("AWS::ElastiCache::ReplicationGroup", CacheNodeType="cache.x9.huge", NumCacheClusters=1)])


@pytest.mark.parametrize(
    ("kind", "properties", "dollars"),
    [
        ("AWS::EC2::NatGateway", {}, 0.045 * 730),
        ("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Interface", "SubnetIds": ["a", "b"]}, 2 * 0.01 * 730),
        ("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Gateway"}, 0),
        ("AWS::WAFv2::WebACL", {"Rules": [1, 2, 3]}, 8),
        ("AWS::CloudWatch::Alarm", {"Period": 60}, 0.10),
        ("AWS::CloudWatch::Alarm", {"Period": 10}, 0.30),
        (
            "AWS::CloudWatch::Alarm",
            {"Metrics": [{"MetricStat": {"Period": 60}}, {"MetricStat": {"Period": 60}}, {"Expression": "a/b"}]},
            0.20,
        ),
    ],
)
def test_a_resource_costs_what_the_price_list_says(kind: str, properties: dict[str, object], dollars: float) -> None:
    assert total(idle([template(kind, **properties)])) == pytest.approx(dollars)


def test_only_what_is_started_every_minute_is_paid_for_every_minute() -> None:
    kind = "AWS::Scheduler::Schedule"
    ticker, rotation = (template(kind, ScheduleExpression=f"rate({often})") for often in ("1 minute", "1 day"))
    assert total(idle([ticker])) == total(idle([ticker, rotation])) > total(idle([rotation])) == 0


def test_a_start_of_the_ticker_is_paid_for_with_all_its_memory(lean: Synthesised) -> None:
    functions = lean.properties("AWS::Lambda::Function")
    (memory,) = [each["MemorySize"] for name, each in functions.items() if "Admit" in name]
    (start,) = [line for line in idle(lean.templates.values()) if line.what == "start of the ticker"]
    assert start.each == pytest.approx(0.2e-6 + 1e-6 + 0.1 * memory / 1024 * 0.0000133334)


def test_an_onsale_costs_more_with_more_fans_and_with_longer_waits() -> None:
    small, large, slow = (total(Sale(*sale).lines()) for sale in ((1_000, 15), (10_000, 15), (1_000, 60)))
    assert small < slow < large


def test_a_fan_looks_at_the_status_as_often_as_the_page_does() -> None:
    """A minute before the turn every 2 s, then every 5 s up to 100 s, then in step with the wait."""
    assert Sale(1, 0.5).polls() == pytest.approx(15, rel=0.01)
    assert 60 < Sale(1, 15).polls() < 90
