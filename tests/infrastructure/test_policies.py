"""What holds for every resource of a deployment, whoever adds the next one."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from stacks.functions import FUNCTIONS
from stacks.grants import grants_of
from tests.support.synthesis import Synthesised

CDK_MADE = re.compile(r"Custom(CDK|S3|Cross|Vpc)|AWS679f53fac002430cb0da5b7982bd2287|ServiceToken")
"""Functions that the CDK brings itself, to lay the page into its bucket: their code and their role are not ours."""
SECRET_WORDS = re.compile(r"secret|password|token|private", re.IGNORECASE)


def ours(app: Synthesised, kind: str) -> dict[str, dict[str, Any]]:
    return {name: properties for name, properties in app.properties(kind).items() if not CDK_MADE.search(name)}


def statements(app: Synthesised) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of a role or policy of ours that allows something."""
    for kind in ("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for name, properties in ours(app, kind).items():
            policies = properties.get("Policies", [properties])
            for policy in policies:
                for statement in policy.get("PolicyDocument", {}).get("Statement", []):
                    if statement["Effect"] == "Allow":
                        yield name, statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_no_action_is_a_pattern(app: Synthesised) -> None:
    patterns = {(name, action) for name, each in statements(app) for action in listed(each["Action"]) if "*" in action}
    assert patterns == set()


def test_whoever_may_touch_every_resource_has_a_written_reason(app: Synthesised) -> None:
    reasoned = {
        frozenset(grant.actions)
        for function in FUNCTIONS
        for grant in grants_of(function)
        if grant.resource == "*" and grant.wildcard
    }
    found = {frozenset(listed(each["Action"])) for _, each in statements(app) if "*" in listed(each["Resource"])}
    assert found <= reasoned


def test_every_function_has_a_role_that_no_other_has(app: Synthesised) -> None:
    roles = [json.dumps(function["Role"]) for function in ours(app, "AWS::Lambda::Function").values()]
    assert len(roles) == len(set(roles)) >= len(FUNCTIONS) - 1


def test_every_function_says_how_long_and_how_large_and_for_which_processor(app: Synthesised) -> None:
    for name, function in ours(app, "AWS::Lambda::Function").items():
        assert {"Timeout", "MemorySize", "LoggingConfig"} <= function.keys(), name
        assert function["Architectures"] == ["arm64"], name


def test_every_log_group_forgets_after_a_time(app: Synthesised) -> None:
    groups = app.properties("AWS::Logs::LogGroup")
    assert len(groups) >= len(FUNCTIONS) - 1
    assert {group.get("RetentionInDays") for group in groups.values()} == {app.settings.log_retention_days}


def test_every_function_writes_to_a_log_group_of_its_own(app: Synthesised) -> None:
    groups = [json.dumps(each["LoggingConfig"]["LogGroup"]) for each in ours(app, "AWS::Lambda::Function").values()]
    assert len(groups) == len(set(groups))


def test_every_function_has_an_alarm(app: Synthesised) -> None:
    alarms = json.dumps(list(app.properties("AWS::CloudWatch::Alarm").values()))
    stateless = {name.partition(".")[2] for name in ours(app, "AWS::Lambda::Function") if name.startswith("Stateless.")}
    assert stateless
    assert [name for name in stateless if f"Ref{name}" not in alarms] == []


def test_every_queue_that_can_fill_has_an_alarm(app: Synthesised) -> None:
    alarms = json.dumps(list(app.properties("AWS::CloudWatch::Alarm").values()))
    queues = {name.partition(".")[2] for name in app.properties("AWS::SQS::Queue")}
    assert queues
    assert [name for name in queues if f"GetAtt{name}" not in alarms] == []


def test_every_alarm_tells_somebody_and_says_what_to_do(app: Synthesised) -> None:
    for name, alarm in app.properties("AWS::CloudWatch::Alarm").items():
        assert alarm["AlarmActions"], name
        assert len(alarm["AlarmDescription"]) > 40, name


def test_every_table_can_be_recovered_and_is_encrypted(app: Synthesised) -> None:
    tables = app.properties("AWS::DynamoDB::Table")
    assert tables
    for name, table in tables.items():
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], name
        assert table["SSESpecification"]["SSEEnabled"], name
        assert table["DeletionProtectionEnabled"], name


def keys_of_messages(app: Synthesised) -> set[str]:
    """The keys of topics: what they encrypt is read when it is sent."""
    topics = app.properties("AWS::SNS::Topic").items()
    return {f"{name.partition('.')[0]}.{topic['KmsMasterKeyId']['Fn::GetAtt'][0]}" for name, topic in topics}


@pytest.mark.parametrize("kind", ["AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::Cognito::UserPool"])
def test_what_cannot_be_made_again_outlives_its_stack(app: Synthesised, kind: str) -> None:
    kept = {name: resource for name, resource in app.resources(kind) if name not in keys_of_messages(app)}
    assert kept
    for name, resource in kept.items():
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain"), name


def test_no_stack_but_the_stateful_one_owns_what_would_be_lost(app: Synthesised) -> None:
    lasting = {"DynamoDB::Table", "ElastiCache::ReplicationGroup", "KMS::Key", "Cognito::UserPool"}
    found = {name for kind in lasting for name, _ in app.resources(f"AWS::{kind}")} - keys_of_messages(app)
    owners = {name.partition(".")[0] for name in found}
    assert owners == {"Stateful"}


def test_the_stateless_stack_holds_no_address_and_no_store(app: Synthesised) -> None:
    kinds = {each["Type"] for each in app.templates["Stateless"]["Resources"].values()}
    lost = {"ApiGatewayV2::Api", "CloudFront::Distribution", "S3::Bucket", "SecretsManager::Secret", "DynamoDB::Table"}
    assert not {f"AWS::{kind}" for kind in lost} & kinds


def test_every_bucket_is_closed_to_the_public_and_to_plain_http(app: Synthesised) -> None:
    buckets = dict(app.properties("AWS::S3::Bucket"))
    policies = json.dumps(list(app.properties("AWS::S3::BucketPolicy").values()))
    assert buckets
    for name, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert f'{{"Ref": "{name.partition(".")[2]}"}}' in policies, name
    assert policies.count('"aws:SecureTransport": "false"') >= len(buckets)


def test_what_anybody_may_call_is_what_is_meant_to_be_open(app: Synthesised) -> None:
    for kind in ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::KMS::Key"):
        for name, properties in app.properties(kind).items():
            document = properties.get("PolicyDocument") or properties["KeyPolicy"]
            for statement in document["Statement"]:
                principal = statement["Principal"]
                anybody = principal == "*" or "*" in listed(principal.get("AWS", []))
                assert statement["Effect"] == "Deny" or not anybody, name


def test_no_function_answers_at_an_address_of_its_own(app: Synthesised) -> None:
    assert app.properties("AWS::Lambda::Url") == {}


def test_functions_are_invoked_by_services_that_are_named(app: Synthesised) -> None:
    for name, permission in app.properties("AWS::Lambda::Permission").items():
        assert permission["Principal"] == "apigateway.amazonaws.com", name
        assert permission["SourceArn"], name


def test_the_cache_is_reached_by_the_functions_alone_and_encrypted(app: Synthesised) -> None:
    for name, cache in app.properties("AWS::ElastiCache::ReplicationGroup").items():
        assert cache["TransitEncryptionEnabled"] is True, name
        assert cache["AtRestEncryptionEnabled"] is True, name
        assert cache["UserGroupIds"], name
    for name, group in app.properties("AWS::EC2::SecurityGroup").items():
        assert "0.0.0.0/0" not in json.dumps(group.get("SecurityGroupIngress", [])), name
    for name, ingress in app.properties("AWS::EC2::SecurityGroupIngress").items():
        assert "SourceSecurityGroupId" in ingress, name


def test_nothing_but_gateway_endpoints_leads_out_of_the_vpc(app: Synthesised) -> None:
    assert app.properties("AWS::EC2::NatGateway") == {}
    assert app.properties("AWS::EC2::InternetGateway") == {}
    kinds = {each.get("VpcEndpointType") for each in app.properties("AWS::EC2::VPCEndpoint").values()}
    assert kinds == {"Gateway"}


def test_a_stale_tick_is_not_retried(app: Synthesised) -> None:
    schedules = app.properties("AWS::Scheduler::Schedule").values()
    retries = [each["Target"]["RetryPolicy"] for each in schedules if each["ScheduleExpression"] == "rate(1 minute)"]
    assert retries == [{"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0}]


def test_no_environment_variable_holds_a_secret(app: Synthesised) -> None:
    for name, function in app.properties("AWS::Lambda::Function").items():
        variables = function.get("Environment", {}).get("Variables", {})
        assert "{{resolve:" not in json.dumps(variables), name
        assert [each for each in variables if SECRET_WORDS.search(each)] in ([], ["ORIGIN_SECRET"]), name
        if "ORIGIN_SECRET" in variables:
            assert "SecretString" not in json.dumps(variables["ORIGIN_SECRET"]), name


def test_no_output_holds_a_secret(app: Synthesised) -> None:
    for template in app.templates.values():
        assert "{{resolve:" not in json.dumps(template.get("Outputs", {}))


def test_the_functions_are_those_of_the_plain_data(app: Synthesised) -> None:
    assert set(app.deployment.stateless.functions) == {function.name for function in FUNCTIONS}
