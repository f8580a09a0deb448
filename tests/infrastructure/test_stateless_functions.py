"""The functions themselves, and what runs without being asked: the clock, the stream, a deployment."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from stacks.functions import FUNCTIONS, NEWS, Function
from stacks.stateless.environment import environment
from stacks.stateless.function import SNAPPED
from tests.support.stateless import KINDS, ROOT, Answering, answering, made, references

VERSIONED = {"AWS::Lambda::Version", "AWS::Lambda::Alias"}


@pytest.fixture(params=KINDS)
def any_app(request: pytest.FixtureRequest) -> Answering:
    return made(request.param)


@pytest.fixture
def lean() -> Answering:
    return made("lean")


@pytest.fixture
def standard() -> Answering:
    return made("standard")


def variables(app: Answering, name: str) -> dict[str, Any]:
    found: dict[str, Any] = app.function(name)["Environment"]["Variables"]
    return found


def test_a_function_is_told_what_it_names_and_no_more(lean: Answering) -> None:
    telemetry = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}
    accounts = {"OIDC_ISSUER", "OIDC_CLIENT_ID"}  # which guests do not have
    for function in FUNCTIONS:
        assert set(variables(lean, function.name)) == {*function.settings, *telemetry} - accounts, function.name


def test_where_visitors_sign_in_the_page_is_told_with_whom() -> None:
    told = variables(made("elsewhere"), "onsale")
    assert (told["OIDC_ISSUER"], told["OIDC_CLIENT_ID"]) == ("https://id.example.com", "page")


def test_a_setting_that_nobody_gives_a_value_fails_at_synthesis() -> None:
    with pytest.raises(KeyError, match="MISSPELT"):
        environment(Function("any", ("MISSPELT",)), {"POWERTOOLS_METRICS_NAMESPACE": "Fairline"})


def test_without_the_sample_backend_there_is_neither_its_function_nor_its_table() -> None:
    for kind in ("elsewhere", "private"):
        assert set(made(kind).stack.functions) == {function.name for function in FUNCTIONS} - {"booking"}
        assert "SEATS_TABLE" not in variables(made(kind), "admin")


def test_every_function_is_made_alike(any_app: Answering) -> None:
    for function in any_app.deployed:
        properties = any_app.function(function.name)
        assert (properties["Runtime"], properties["Architectures"]) == ("python3.13", ["arm64"])
        assert properties["Handler"] == "handler.handler"
        assert properties["Timeout"] == function.timeout_seconds
        assert 256 <= properties["MemorySize"] <= 1769
        assert len(properties["Layers"]) == 2
        assert properties["LoggingConfig"]["LogFormat"] == "JSON"
        assert "TracingConfig" not in properties


def test_the_functions_that_reach_the_cache_are_in_the_vpc_and_no_others(any_app: Answering) -> None:
    inside = {each.name for each in any_app.deployed if "VpcConfig" in any_app.function(each.name)}
    assert inside == {"register", "place", "admit", "complete", "admin"}


@pytest.mark.parametrize("kind", KINDS)
def test_logs_are_kept_as_long_as_the_settings_say_and_outlive_the_stack_if_they_are_to(kind: str) -> None:
    groups = [each for each in made(kind).template["Resources"].values() if each["Type"] == "AWS::Logs::LogGroup"]
    settings = KINDS[kind]
    assert len(groups) == len(made(kind).deployed) + 1  # and the access log
    assert {each["Properties"]["RetentionInDays"] for each in groups} == {settings.log_retention_days}
    assert {each["DeletionPolicy"] for each in groups} == {"Retain" if settings.retain else "Delete"}
    assert not any("LogGroupName" in each["Properties"] for each in groups)


def test_a_crowd_cannot_take_the_tickers_place_and_two_ticks_can_overlap(any_app: Answering) -> None:
    reserved = {each.name: any_app.function(each.name).get("ReservedConcurrentExecutions") for each in any_app.deployed}
    assert {name: many for name, many in reserved.items() if many is not None} == {"admit": 3}


def test_what_fans_wait_for_starts_from_a_snapshot_and_everything_asks_for_that(standard: Answering) -> None:
    aliases = [standard.invoked(each["FunctionName"]) for each in standard.resources("Lambda::Alias").values()]
    assert sorted(aliases) == sorted(SNAPPED)
    plain = {standard.logical_id(name) for name in SNAPPED}
    callers = ("Lambda::Permission", "ApiGatewayV2::Integration", "ApiGatewayV2::Authorizer", "Scheduler::Schedule")
    asked = [each for kind in (*callers, "Lambda::EventSourceMapping") for each in standard.resources(kind).values()]
    assert not plain & references(asked)
    for name in SNAPPED:
        assert standard.function(name)["SnapStart"] == {"ApplyOn": "PublishedVersions"}


def test_without_snapshots_there_are_no_versions(lean: Answering) -> None:
    assert not VERSIONED & {each["Type"] for each in lean.template["Resources"].values()}
    assert not any("SnapStart" in each for each in lean.resources("Lambda::Function").values())


def schedule(app: Answering, name: str) -> dict[str, Any]:
    found = app.resources("Scheduler::Schedule").values()
    return next(each for each in found if app.invoked(each["Target"]["Arn"]) == name)


def test_a_tick_that_is_late_is_never_made_up_for(any_app: Answering) -> None:
    ticks = schedule(any_app, "admit")
    asynchronous = any_app.only("Lambda::EventInvokeConfig")
    assert ticks["ScheduleExpression"] == "rate(1 minute)"
    assert ticks["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert ticks["Target"]["RetryPolicy"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    assert any_app.invoked(asynchronous["FunctionName"]) == "admit"
    assert (asynchronous["MaximumRetryAttempts"], asynchronous["MaximumEventAgeInSeconds"]) == (0, 60)


def test_keys_rotate_daily(lean: Answering) -> None:
    assert schedule(lean, "rotate")["ScheduleExpression"] == "rate(1 day)"


def test_news_is_pushed_at_once_and_given_up_soon(any_app: Answering) -> None:
    news = any_app.only("Lambda::EventSourceMapping")
    assert any_app.invoked(news["FunctionName"]) == "notify"
    assert [json.loads(each["Pattern"]) for each in news["FilterCriteria"]["Filters"]] == [NEWS]
    assert (news["BatchSize"], news["MaximumBatchingWindowInSeconds"], news["ParallelizationFactor"]) == (100, 0, 10)
    assert (news["MaximumRetryAttempts"], news["MaximumRecordAgeInSeconds"]) == (3, 60)
    assert news["BisectBatchOnFunctionError"] is True
    assert news["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert news["StartingPosition"] == "LATEST"


def test_news_that_could_not_be_pushed_is_kept_for_a_look(any_app: Answering) -> None:
    failures = any_app.only("Lambda::EventSourceMapping")["DestinationConfig"]["OnFailure"]["Destination"]
    ((name, queue),) = any_app.resources("SQS::Queue").items()
    (refused,) = any_app.only("SQS::QueuePolicy")["PolicyDocument"]["Statement"]
    assert references(failures) == {name}
    assert queue == {"MessageRetentionPeriod": 14 * 24 * 3600, "SqsManagedSseEnabled": True}
    assert (refused["Effect"], refused["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_a_deployment_rotates_keys_and_again_whenever_what_rotates_or_what_it_is_told_has_changed(
    lean: Answering,
) -> None:
    keys = lean.only("Custom::Keys")
    layers = set(lean.resources("Lambda::LayerVersion"))
    assert lean.invoked(keys["ServiceToken"]) == "rotate"
    assert keys["ServiceTimeout"] == "120"
    assert variables(lean, "rotate").items() <= keys.items()
    assert references([keys["LIBRARY"], keys["DEPENDENCIES"]]) == layers


def copied(folder: Path) -> Path:
    """What the stack uploads, to be changed."""
    for part in ("lambdas", "layers"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def changed(before: Answering, after: Answering) -> set[tuple[str, str]]:
    """Type and logical id of what is not the same in both; versions go by their function, having names of their own."""
    one, other = before.template["Resources"], after.template["Resources"]
    different = {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
    return {((one.get(name) or other[name])["Type"], name) for name in different}


@pytest.mark.parametrize("name", ["place", "admit", "booking"])
def test_a_changed_handler_changes_only_its_function(lean: Answering, name: str, tmp_path: Path) -> None:
    root = copied(tmp_path)
    (root / "lambdas" / name / "handler.py").write_text('"""Another one."""\n')
    after = answering(KINDS["lean"], tmp_path / "made", root=root)
    assert changed(lean, after) == {("AWS::Lambda::Function", lean.logical_id(name))}


def test_a_changed_handler_with_a_snapshot_changes_its_function_its_version_and_its_alias(
    standard: Answering, tmp_path: Path
) -> None:
    root = copied(tmp_path)
    (root / "lambdas" / "place" / "handler.py").write_text('"""Another one."""\n')
    after = answering(KINDS["standard"], tmp_path / "made", root=root)
    found = changed(standard, after)
    assert {kind for kind, _ in found} == {"AWS::Lambda::Function", *VERSIONED}
    assert {name for kind, name in found if kind == "AWS::Lambda::Function"} == {standard.logical_id("place")}
    assert all(name.startswith("Place") for _, name in found)


def test_having_been_run_changes_nothing(lean: Answering, tmp_path: Path) -> None:
    root = copied(tmp_path)
    for folder in (root / "lambdas" / "place", root / "layers" / "fairline" / "python" / "fairline"):
        (folder / "__pycache__").mkdir()
        (folder / "__pycache__" / "handler.cpython-313.pyc").write_bytes(b"left behind")
    assert changed(lean, answering(KINDS["lean"], tmp_path / "made", root=root)) == set()
