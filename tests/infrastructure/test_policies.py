"""What holds for every resource of a deployment, whoever adds the next one."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from stacks.functions import FUNCTIONS
from stacks.grants import grants_of
from tests.support.synthesis import Synthesised, listed

CDKS_OWN = {
    "Edge.CustomCDKBucketDeployment": "Lays the page into its bucket. Its code, size and role are the CDK's. It "
    "runs while the stack is deployed and at no other time, and a deployment fails with it, which is alarm enough.",
}
"""Functions that the CDK brings itself, and why what holds for ours need not hold for them."""

SECRET_WORDS = re.compile(r"secret|password|token|private", re.IGNORECASE)
SECRET_VALUES = re.compile(r"\{\{resolve:|\.(ClientSecret|SecretString|SecretAccessKey)\b")
NAMES_OF_SECRETS = {"Edge.OriginSecretArn", "Edge.PublishOutputRefOriginSecret"}
"""Outputs with an ARN, which is of use to nobody who may not read the secret."""
HASH = re.compile(r"[0-9A-F]{16}$")
"""What ends a name that the CDK makes."""

ANSWERS = {
    *("ApiGatewayV2::Authorizer", "ApiGatewayV2::Integration", "ApiGatewayV2::Route", "ApiGatewayV2::RouteResponse"),
    *("ApiGatewayV2::Stage", "ApiGatewayV2::VpcLink", "IAM::Role", "Lambda::Alias", "Lambda::EventInvokeConfig"),
    *("Lambda::EventSourceMapping", "Lambda::Function", "Lambda::LayerVersion", "Lambda::Permission"),
    *("Lambda::Version", "Logs::LogGroup", "SQS::Queue", "SQS::QueuePolicy", "Scheduler::Schedule"),
}
WATCHES = {
    *("CloudWatch::Alarm", "CloudWatch::Dashboard", "KMS::Key", "Logs::MetricFilter", "SNS::Subscription"),
    *("SNS::Topic", "SNS::TopicPolicy"),
}
LOSES_NOTHING = {"Stateless": ANSWERS, "Firewall": {"WAFv2::WebACL"}, "Monitoring": WATCHES}
"""All that there may be in the stacks that can be taken down and made again. Logs are kept whatever becomes of these;
the queue holds news that visitors have polled for meanwhile, the key encrypts messages until they are sent."""


def ours(app: Synthesised, kind: str) -> dict[str, dict[str, Any]]:
    return {name: each for name, each in app.properties(kind).items() if not name.startswith(tuple(CDKS_OWN))}


def statements(app: Synthesised) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of a role or policy of ours that allows something."""
    for kind in ("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for name, properties in ours(app, kind).items():
            policies = properties.get("Policies", [properties])
            for policy in policies:
                for statement in policy.get("PolicyDocument", {}).get("Statement", []):
                    if statement["Effect"] == "Allow":
                        yield name, statement


def test_of_functions_that_are_not_ours_there_are_those_with_a_reason(app: Synthesised) -> None:
    others = app.properties("AWS::Lambda::Function").keys() - ours(app, "AWS::Lambda::Function").keys()
    assert sorted(name.startswith(each) for name in others for each in CDKS_OWN) == [True] * len(CDKS_OWN)
    (deployer,) = (app.told("Edge", {"Fn::GetAtt": [name.partition(".")[2], "Arn"]}) for name in others)
    pages = app.properties("Custom::CDKBucketDeployment").values()
    assert {app.told("Edge", page["ServiceToken"]) for page in pages} == {deployer}


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


def watched(app: Synthesised, metric: str) -> set[str]:
    """What the metric of an alarm of its own is of, by the one dimension that it has."""
    return {
        app.told("Monitoring", dimension["Value"])
        for alarm in app.properties("AWS::CloudWatch::Alarm").values()
        if f"{alarm.get('Namespace')} {alarm.get('MetricName')}" == metric
        for dimension in alarm["Dimensions"]
    }


def test_every_function_has_an_alarm(app: Synthesised) -> None:
    functions = {f"<{name}>" for name in ours(app, "AWS::Lambda::Function")}
    assert functions
    assert functions <= watched(app, "AWS/Lambda Errors")


def test_every_queue_that_can_fill_has_an_alarm_on_what_is_in_it(app: Synthesised) -> None:
    queues = {f"<{name}.QueueName>" for name in app.properties("AWS::SQS::Queue")}
    assert queues
    assert watched(app, "AWS/SQS ApproximateNumberOfMessagesVisible") == queues


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


@pytest.mark.parametrize("stack", LOSES_NOTHING)
def test_what_is_taken_down_and_made_again_has_nothing_that_would_be_lost(any_app: Synthesised, stack: str) -> None:
    kinds = {each["Type"].removeprefix("AWS::") for each in any_app.templates[stack]["Resources"].values()}
    assert kinds - {"Custom::Keys"} <= LOSES_NOTHING[stack]


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


def doors(app: Synthesised) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every rule that lets somebody in, in its security group or beside it."""
    for name, group in app.properties("AWS::EC2::SecurityGroup").items():
        yield from ((name, rule) for rule in group.get("SecurityGroupIngress", []))
    yield from app.properties("AWS::EC2::SecurityGroupIngress").items()


def test_the_cache_is_reached_by_the_functions_alone_and_encrypted(app: Synthesised) -> None:
    for name, cache in app.properties("AWS::ElastiCache::ReplicationGroup").items():
        assert cache["TransitEncryptionEnabled"] is True, name
        assert cache["AtRestEncryptionEnabled"] is True, name
        assert cache["UserGroupIds"], name
    assert dict(doors(app))
    for name, rule in doors(app):
        assert "SourceSecurityGroupId" in rule, name
        assert not {"CidrIp", "CidrIpv6", "SourcePrefixListId"} & rule.keys(), name


def test_nothing_but_gateway_endpoints_leads_out_of_the_vpc(app: Synthesised) -> None:
    assert app.properties("AWS::EC2::NatGateway") == {}
    assert app.properties("AWS::EC2::InternetGateway") == {}
    kinds = {each.get("VpcEndpointType") for each in app.properties("AWS::EC2::VPCEndpoint").values()}
    assert kinds == {"Gateway"}


def test_no_environment_variable_holds_a_secret(app: Synthesised) -> None:
    for name, function in app.properties("AWS::Lambda::Function").items():
        variables = function.get("Environment", {}).get("Variables", {})
        assert "{{resolve:" not in json.dumps(variables), name
        assert [each for each in variables if SECRET_WORDS.search(each)] in ([], ["ORIGIN_SECRET"]), name
        if "ORIGIN_SECRET" in variables:
            assert "SecretString" not in json.dumps(variables["ORIGIN_SECRET"]), name


def outputs(app: Synthesised) -> dict[str, str]:
    """What each stack tells, by `stack.name`."""
    return {
        f"{stack}.{name}": app.output(stack, name)
        for stack, template in app.templates.items()
        for name in template.get("Outputs", {})
    }


def test_no_output_holds_a_secret(any_app: Synthesised) -> None:
    told = outputs(any_app)
    assert [name for name, value in told.items() if SECRET_VALUES.search(value)] == []
    suspicious = {HASH.sub("", name) for name, value in told.items() if SECRET_WORDS.search(f"{name} {value}")}
    assert suspicious == NAMES_OF_SECRETS


def test_the_functions_are_those_of_the_plain_data(app: Synthesised) -> None:
    assert set(app.deployment.stateless.functions) == {function.name for function in FUNCTIONS}
