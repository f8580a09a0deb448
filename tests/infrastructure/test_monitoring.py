"""Alarms and the dashboard: what they ask for is written, and somebody who was woken knows what to do."""

import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import pytest

from stacks.functions import FUNCTIONS
from stacks.monitoring.access_log import LINES
from stacks.monitoring.alarm import HANDBOOK
from stacks.settings import LEAN
from stacks.stateless.stages import WRITTEN
from tests.docs.pages import CODE, ROOT, anchors, rows
from tests.support.synthesis import Synthesised, synthesise
from tests.support.telling import Lines, told
from tests.support.watching import (
    ANY,
    Named,
    alarms,
    by_the_second,
    drawn,
    filtered,
    named,
    plain,
    stats,
    widgets,
    written,
)

OPERATIONS = ROOT / "docs" / "operations.md"
ALARM_COLUMNS = 4
PAGED = {
    "line-unavailable": ("Unavailable", 10, 2),
    "status-old": ("StatusAge", 10, 10),
    "ticks-failing": ("TickFailures", 60, 4),
    "notify-late": ("IteratorAge", 60, 5_000),
    "cache-001-cpu": ("EngineCPUUtilization", 60, 90),
    "cache-001-memory": ("DatabaseMemoryUsagePercentage", 60, 75),
    "server-errors": ("ServerErrors", 60, 4),
    "gate-failing": ("GateFailures", 60, 4),
}
"""What a sale fails without: metric, seconds, and what it must not exceed."""


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lines:
    """What our functions really write, in the namespace of a deployment that is named as it comes."""
    return told(monkeypatch, capsys, LEAN.name)


@pytest.fixture(scope="module")
def winter(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    """A second deployment, far from us-east-1, with somebody to wake."""
    settings = replace(LEAN, name="Winter", region="eu-central-1", alarm_email="night@example.com")
    return synthesise(settings, tmp_path_factory.mktemp("winter"))


def asked(app: Synthesised) -> set[Named]:
    """Every metric of our own that an alarm or the dashboard looks at."""
    rung = {each["metric"] for alarm in alarms(app).values() for each in stats(alarm)}
    return {metric for metric in rung | drawn(app) if metric.namespace == app.settings.name}


def test_every_metric_that_is_asked_for_is_really_written(app: Synthesised, lines: Lines) -> None:
    there = written(lines) | filtered(app)
    assert [metric for metric in asked(app) if not any(each.found_by(metric) for each in there)] == []


def test_every_metric_that_is_written_is_looked_at(app: Synthesised, lines: Lines) -> None:
    looked_at = {metric.name for metric in asked(app)}
    assert {metric.name for metric in written(lines) | filtered(app)} == looked_at


def test_what_alarms_ask_of_our_functions_bears_no_onsale_s_name(app: Synthesised) -> None:
    ours = [each["metric"] for alarm in alarms(app).values() for each in stats(alarm)]
    assert [metric for metric in ours if "onsale" in dict(metric.dimensions)] == []


def test_only_metrics_that_are_stored_by_the_second_are_looked_at_more_than_once_a_minute(
    app: Synthesised, lines: Lines
) -> None:
    often = {each["metric"].name for alarm in alarms(app).values() for each in stats(alarm) if each["period"] < 60}
    assert often == by_the_second(lines)


def test_metrics_are_written_under_the_names_that_the_functions_are_told(app: Synthesised) -> None:
    told_names = {
        (variables["POWERTOOLS_SERVICE_NAME"], variables["POWERTOOLS_METRICS_NAMESPACE"])
        for function in app.properties("AWS::Lambda::Function").values()
        if "POWERTOOLS_SERVICE_NAME" in (variables := function.get("Environment", {}).get("Variables", {}))
    }
    assert told_names == {(function.name, app.settings.name) for function in FUNCTIONS}


def test_a_second_deployment_looks_at_its_own_metrics(winter: Synthesised) -> None:
    assert asked(winter)
    everything = {each["metric"] for alarm in alarms(winter).values() for each in stats(alarm)} | drawn(winter)
    assert [metric for metric in everything if metric.namespace == LEAN.name] == []


def test_every_function_s_errors_ring(app: Synthesised) -> None:
    rung = {each["metric"] for alarm in alarms(app).values() for each in stats(alarm)}
    counted = {dict(metric.dimensions)["FunctionName"] for metric in rung if metric.name == "Errors"}
    made = {name.partition(".")[2] for name in app.properties("AWS::Lambda::Function") if name.startswith("Stateless.")}
    assert made
    assert [name for name in made if not any(f"OutputRef{name}" in each for each in counted)] == []


@pytest.mark.parametrize("name", PAGED)
def test_what_a_sale_fails_without_rings_in_every_profile(app: Synthesised, name: str) -> None:
    alarm = alarms(app)[name]
    (stat,) = stats(alarm)
    assert (stat["metric"].name, stat["period"], alarm["Threshold"]) == PAGED[name]
    assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == ("GreaterThanThreshold", "notBreaching")


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("requests-throttled", "IF(asked >= 100, 100 * refused / asked, 0)"),
        ("booking-failing", "IF(asked >= 20, 100 * failed / asked, 0)"),
    ],
)
def test_shares_ring_only_when_there_are_enough_requests_to_have_one(
    app: Synthesised, name: str, expression: str
) -> None:
    queries = alarms(app)[name]["Metrics"]
    assert [each["Expression"] for each in queries if "Expression" in each] == [expression]
    assert alarms(app)[name]["Threshold"] == {"requests-throttled": 1, "booking-failing": 5}[name]


def test_silence_rings_only_where_something_is_written_while_nothing_is_on_sale(app: Synthesised) -> None:
    breaching = {name: each for name, each in alarms(app).items() if each["TreatMissingData"] == "breaching"}
    watched = {name: [stat["metric"].name for stat in stats(each)] for name, each in breaching.items()}
    assert watched == {"ticker-not-started": ["TickerStarts"], "keys-not-rotated": ["KeysMade"]}
    for alarm in breaching.values():
        filled = [each["Expression"] for each in alarm["Metrics"] if "Expression" in each]
        assert re.fullmatch(r"FILL\(\w+, 0\)", *filled)
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)


def test_the_ticker_s_time_out_is_seen_coming(standard: Synthesised) -> None:
    timeout = next(function.timeout_seconds for function in FUNCTIONS if function.name == "admit")
    assert 80_000 < alarms(standard)["admit-near-timeout"]["Threshold"] < timeout * 1000


def test_lean_has_fewer_alarms_and_none_of_its_own(lean: Synthesised, standard: Synthesised) -> None:
    burstable = {"cache-001-credits"}
    assert alarms(lean).keys() - burstable < alarms(standard).keys()


def test_every_node_of_the_cache_is_watched(standard: Synthesised) -> None:
    cpu = [name for name in alarms(standard) if fnmatchcase(name, "cache-*-cpu")]
    assert len(cpu) == standard.settings.cache_nodes


def test_every_alarm_tells_when_it_begins_and_ends_and_where_to_read_on(app: Synthesised) -> None:
    for name, alarm in alarms(app).items():
        assert alarm["AlarmActions"] == alarm["OKActions"], name
        assert len(alarm["AlarmActions"]) == 1, name
        assert alarm["AlarmDescription"].endswith(HANDBOOK), name
        assert 100 < len(alarm["AlarmDescription"]) <= 400, name


def test_where_to_read_on_is_there() -> None:
    page, heading = re.findall(r'See docs/(\S+), "(.+)"\.', HANDBOOK)[0]
    assert heading.lower().replace(" ", "-") in anchors(ROOT / "docs" / page)


def handbook() -> dict[str, str]:
    """The pattern of each alarm in the handbook, with the profiles that have it."""
    found = {}
    tables = rows(OPERATIONS, "## When an alarm rings")
    for names, _, profile, _ in (row for row in tables if len(row) == ALARM_COLUMNS):
        for name in CODE.findall(names):
            pattern = re.sub(r"[A-Z]+", lambda word: "*" if word[0] in ("NODE", "TABLE", "FUNCTION") else word[0], name)
            found[pattern] = profile
    return found


def test_the_handbook_has_every_alarm_of_each_profile_and_no_other(lean: Synthesised, standard: Synthesised) -> None:
    for profile, app in (("lean", lean), ("standard", standard)):
        known = [pattern for pattern, where in handbook().items() if where in ("both", profile)]
        made = alarms(app)
        assert [name for name in made if not any(fnmatchcase(name, each) for each in known)] == []
        here = [each for each in known if not (each.endswith("-credits") and profile == "standard")]
        assert [each for each in here if not any(fnmatchcase(name, each) for name in made)] == []


def test_only_alarms_may_write_to_the_topic_over_tls_and_it_is_encrypted(app: Synthesised) -> None:
    (topic,) = app.properties("AWS::SNS::Topic").values()
    assert topic["KmsMasterKeyId"]
    (policy,) = app.properties("AWS::SNS::TopicPolicy").values()
    refused, allowed = policy["PolicyDocument"]["Statement"]
    assert (refused["Effect"], refused["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_alarms_can_use_the_key_of_the_topic(app: Synthesised) -> None:
    keys = [each for name, each in app.properties("AWS::KMS::Key").items() if name.startswith("Monitoring.")]
    statements = [each for key in keys for each in key["KeyPolicy"]["Statement"]]
    (used,) = [each for each in statements if each["Principal"] == {"Service": "cloudwatch.amazonaws.com"}]
    assert used["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]


def test_somebody_is_woken_if_an_address_is_given(lean: Synthesised, winter: Synthesised) -> None:
    (subscription,) = winter.properties("AWS::SNS::Subscription").values()
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "night@example.com")
    assert lean.properties("AWS::SNS::Subscription") == {}


def test_the_dashboard_is_one_screen(app: Synthesised) -> None:
    shown = widgets(app)
    assert max(each["x"] + each["width"] for each in shown) == 24
    assert max(each["y"] + each["height"] for each in shown) <= 20
    places = {(each["x"], each["y"]) for each in shown}
    assert len(places) == len(shown)


def test_the_dashboard_finds_onsales_that_nobody_has_named(app: Synthesised) -> None:
    by_onsale = {metric.name for metric in drawn(app) if ("onsale", ANY) in metric.dimensions}
    assert {"Arrivals", "Admissions", "Waiting", "ActiveSessions", "Ticks", "StatusAge", "BookingFailures"} <= by_onsale


def test_what_the_edge_tells_is_drawn_from_the_one_region_that_has_it(winter: Synthesised) -> None:
    regions: dict[str, set[str]] = {"us-east-1": set(), "eu-central-1": set()}
    for widget in widgets(winter):
        text = str(widget["properties"].get("metrics", ""))
        if text:
            of_edge = "AWS/CloudFront" in text or "AWS/WAFV2" in text
            regions[widget["properties"]["region"]].add("edge" if of_edge else "here")
    assert regions == {"us-east-1": {"edge"}, "eu-central-1": {"here"}}


def test_the_firewall_is_drawn_by_the_name_it_counts_under(app: Synthesised) -> None:
    (acl,) = app.properties("AWS::WAFv2::WebACL").values()
    name = acl["VisibilityConfig"]["MetricName"]
    assert named("AWS/WAFV2", "BlockedRequests", {"WebACL": name, "Rule": ANY}) in drawn(app)


BOOKING_ROUTE = "ANY /v1/onsales/{onsale}/booking/{proxy+}"


@pytest.mark.parametrize(
    ("status", "route", "metrics"),
    [
        ("200", "GET /v1/onsales/{onsale}", []),
        ("429", "POST /v1/onsales/{onsale}/registrations", ["Throttled"]),
        ("500", "GET /v1/onsales/{onsale}/place", ["ServerErrors"]),
        ("503", "POST /v1/onsales/{onsale}/registrations", []),
        ("200", BOOKING_ROUTE, ["BookingLatency", "BookingRequests"]),
        ("404", BOOKING_ROUTE, ["BookingLatency", "BookingRequests"]),
        ("502", BOOKING_ROUTE, ["BookingFailures", "BookingFailures", "BookingLatency", "BookingRequests"]),
        ("503", BOOKING_ROUTE, ["BookingFailures", "BookingFailures", "BookingLatency", "BookingRequests"]),
    ],
)
def test_a_line_of_the_access_log_counts_for_what_it_says(status: str, route: str, metrics: list[str]) -> None:
    logged = {"status": status, "route": route, "latency": "12", "onsale": "demo"}
    assert logged.keys() <= WRITTEN.keys()
    assert sorted(line.metric for line in LINES if matches(line.pattern, logged)) == metrics


def matches(pattern: str, logged: dict[str, str]) -> bool:
    """What CloudWatch Logs would say: conditions on members of a JSON object, all of which must hold."""
    pattern = pattern.replace("= *", '= "*"')
    conditions = re.findall(r'\$\.(\w+) (!?=) "([^"]*)"', pattern)
    assert re.sub(r'\$\.\w+ !?= "[^"]*"', "", pattern).strip("{ }").replace("()", "").split() == ["&&"] * (
        len(conditions) - 1
    )
    return all(_holds(logged[name], wanted) == (sign == "=") for name, sign, wanted in conditions)


def _holds(value: str, wanted: str) -> bool:
    return value == wanted or (wanted.endswith("*") and value.startswith(wanted[:-1]))


def test_what_a_metric_takes_from_a_line_is_named_in_its_pattern(app: Synthesised) -> None:
    """Or CloudWatch Logs would not look for it."""
    for each in map(plain, app.properties("AWS::Logs::MetricFilter").values()):
        (made,) = each["MetricTransformations"]
        taken = {made["MetricValue"], *(key["Value"] for key in made.get("Dimensions", ()))} - {"1"}
        assert taken <= set(re.findall(r"\$\.\w+", each["FilterPattern"])), made["MetricName"]


def test_whose_backend_fails_is_read_from_what_the_gate_says(app: Synthesised) -> None:
    by_onsale: list[dict[str, Any]] = [
        plain(each["MetricTransformations"][0])
        for each in app.properties("AWS::Logs::MetricFilter").values()
        if "Dimensions" in each["MetricTransformations"][0]
    ]
    assert [each["Dimensions"] for each in by_onsale] == [[{"Key": "onsale", "Value": "$.onsale"}]]
    assert WRITTEN["onsale"] == "$context.authorizer.onsale"
