"""The functions themselves, and what runs without being asked: the clock, the stream, a deployment."""

import json
from typing import Any

import pytest

from stacks.functions import FUNCTIONS, NEWS, Function
from stacks.stateless.environment import environment
from stacks.stateless.function import SNAPPED
from tests.support.stateless import Answering, references
from tests.support.synthesis import Synthesised


def variables(app: Answering, name: str) -> dict[str, Any]:
    found: dict[str, Any] = app.function(name)["Environment"]["Variables"]
    return found


def test_a_function_is_told_what_it_names_and_no_more(answering: Answering) -> None:
    telemetry = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}
    accounts = {"OIDC_ISSUER", "OIDC_CLIENT_ID"}  # which guests do not have
    for function in FUNCTIONS:
        assert set(variables(answering, function.name)) == {*function.settings, *telemetry} - accounts, function.name


def test_where_visitors_sign_in_the_page_is_told_with_whom(elsewhere: Synthesised) -> None:
    told = variables(Answering(elsewhere), "onsale")
    assert (told["OIDC_ISSUER"], told["OIDC_CLIENT_ID"]) == ("https://id.example.com/shop", "page")


def test_a_setting_that_nobody_gives_a_value_fails_at_synthesis() -> None:
    with pytest.raises(KeyError, match="MISSPELT"):
        environment(Function("any", ("MISSPELT",)), {"POWERTOOLS_METRICS_NAMESPACE": "Fairline"})


def test_without_the_sample_backend_there_is_neither_its_function_nor_its_table(any_answering: Answering) -> None:
    sample = any_answering.app.settings.sample_backend
    missing = set() if sample else {"booking"}
    assert set(any_answering.stack.functions) == {function.name for function in FUNCTIONS} - missing
    assert ("SEATS_TABLE" in variables(any_answering, "admin")) is sample


def test_every_function_is_made_alike(any_answering: Answering) -> None:
    for function in any_answering.deployed:
        properties = any_answering.function(function.name)
        assert (properties["Runtime"], properties["Architectures"]) == ("python3.13", ["arm64"])
        assert properties["Handler"] == "handler.handler"
        assert properties["Timeout"] == function.timeout_seconds
        assert 256 <= properties["MemorySize"] <= 1769
        assert len(properties["Layers"]) == 2
        assert properties["LoggingConfig"]["LogFormat"] == "JSON"
        assert "TracingConfig" not in properties


def test_the_functions_that_reach_the_cache_are_in_the_vpc_and_no_others(any_answering: Answering) -> None:
    inside = {each.name for each in any_answering.deployed if "VpcConfig" in any_answering.function(each.name)}
    assert inside == {"register", "place", "admit", "complete", "admin"}


def test_logs_are_kept_as_long_as_the_settings_say_and_outlive_the_stack_if_they_are_to(
    any_answering: Answering,
) -> None:
    resources, settings = any_answering.template["Resources"].values(), any_answering.app.settings
    groups = [each for each in resources if each["Type"] == "AWS::Logs::LogGroup"]
    assert len(groups) == len(any_answering.deployed) + 1  # and the access log
    assert {each["Properties"]["RetentionInDays"] for each in groups} == {settings.log_retention_days}
    assert {each["DeletionPolicy"] for each in groups} == {"Retain" if settings.retain else "Delete"}
    assert not any("LogGroupName" in each["Properties"] for each in groups)


def test_a_crowd_cannot_take_the_tickers_place_and_two_ticks_can_overlap(any_answering: Answering) -> None:
    reserved = {
        each.name: any_answering.function(each.name).get("ReservedConcurrentExecutions")
        for each in any_answering.deployed
    }
    assert {name: many for name, many in reserved.items() if many is not None} == {"admit": 3}


def test_what_fans_wait_for_starts_from_a_snapshot_and_everything_asks_for_that(standard: Synthesised) -> None:
    app = Answering(standard)
    aliases = [app.invoked(each["FunctionName"]) for each in app.resources("Lambda::Alias").values()]
    assert sorted(aliases) == sorted(SNAPPED)
    plain = {app.logical_id(name) for name in SNAPPED}
    callers = ("Lambda::Permission", "ApiGatewayV2::Integration", "ApiGatewayV2::Authorizer", "Scheduler::Schedule")
    asked = [each for kind in (*callers, "Lambda::EventSourceMapping") for each in app.resources(kind).values()]
    assert not plain & references(asked)
    for name in SNAPPED:
        assert app.function(name)["SnapStart"] == {"ApplyOn": "PublishedVersions"}


def test_without_snapshots_there_are_no_versions(answering: Answering) -> None:
    assert answering.resources("Lambda::Version") == answering.resources("Lambda::Alias") == {}
    assert not any("SnapStart" in each for each in answering.resources("Lambda::Function").values())


def schedule(app: Answering, name: str) -> dict[str, Any]:
    found = app.resources("Scheduler::Schedule").values()
    return next(each for each in found if app.invoked(each["Target"]["Arn"]) == name)


def test_a_tick_that_is_late_is_never_made_up_for(any_answering: Answering) -> None:
    ticks = schedule(any_answering, "admit")
    asynchronous = any_answering.only("Lambda::EventInvokeConfig")
    assert ticks["ScheduleExpression"] == "rate(1 minute)"
    assert ticks["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert ticks["Target"]["RetryPolicy"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    assert any_answering.invoked(asynchronous["FunctionName"]) == "admit"
    assert (asynchronous["MaximumRetryAttempts"], asynchronous["MaximumEventAgeInSeconds"]) == (0, 60)


def test_keys_rotate_daily(answering: Answering) -> None:
    assert schedule(answering, "rotate")["ScheduleExpression"] == "rate(1 day)"


def test_news_is_pushed_at_once_and_given_up_soon(any_answering: Answering) -> None:
    news = any_answering.only("Lambda::EventSourceMapping")
    assert any_answering.invoked(news["FunctionName"]) == "notify"
    assert [json.loads(each["Pattern"]) for each in news["FilterCriteria"]["Filters"]] == [NEWS]
    assert (news["BatchSize"], news["MaximumBatchingWindowInSeconds"], news["ParallelizationFactor"]) == (100, 0, 10)
    assert (news["MaximumRetryAttempts"], news["MaximumRecordAgeInSeconds"]) == (3, 60)
    assert news["BisectBatchOnFunctionError"] is True
    assert news["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert news["StartingPosition"] == "LATEST"


def test_news_that_could_not_be_pushed_is_kept_for_a_look(any_answering: Answering) -> None:
    failures = any_answering.only("Lambda::EventSourceMapping")["DestinationConfig"]["OnFailure"]["Destination"]
    ((name, queue),) = any_answering.resources("SQS::Queue").items()
    (refused,) = any_answering.only("SQS::QueuePolicy")["PolicyDocument"]["Statement"]
    assert references(failures) == {name}
    assert (queue["MessageRetentionPeriod"], queue["SqsManagedSseEnabled"]) == (14 * 24 * 3600, True)
    assert (refused["Effect"], refused["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_a_deployment_rotates_keys_and_again_whenever_what_rotates_or_what_it_is_told_has_changed(
    answering: Answering,
) -> None:
    keys = answering.only("Custom::Keys")
    layers = set(answering.resources("Lambda::LayerVersion"))
    assert answering.invoked(keys["ServiceToken"]) == "rotate"
    assert keys["ServiceTimeout"] == "120"
    assert variables(answering, "rotate").items() <= keys.items()
    assert references([keys["LIBRARY"], keys["DEPENDENCIES"]]) == layers
