"""What each function may do: what its grants say, as narrow as AWS can be told."""

import json
from typing import Any

import pytest

from stacks.functions import FUNCTIONS
from stacks.grants import grants_of
from tests.support.stateless import Answering, references
from tests.support.synthesis import listed

KEYS = "TablesKeys"


def about(app: Answering, name: str, words: str) -> list[dict[str, Any]]:
    """What a function's role says of resources whose ARN has these words in it."""
    return [each for each in app.role(name) if words in json.dumps(each["Resource"])]


def may(app: Answering, action: str) -> set[str]:
    """Who may do something to anything."""
    return {
        function.name
        for function in app.deployed
        for each in app.role(function.name)
        if each["Effect"] == "Allow" and action in listed(each["Action"])
    }


def condition(statement: dict[str, Any], key: str) -> set[str]:
    """The values that a statement's conditions name for a key, whatever the operator."""
    return {value for keys in statement.get("Condition", {}).values() for value in listed(keys.get(key, []))}


def test_nothing_is_added_to_a_role_from_outside(any_answering: Answering) -> None:
    assert any_answering.resources("IAM::Policy") == any_answering.resources("IAM::ManagedPolicy") == {}
    assert not any("ManagedPolicyArns" in role for role in any_answering.resources("IAM::Role").values())


def test_lambda_alone_takes_on_the_role_of_a_function(any_answering: Answering) -> None:
    for function in any_answering.deployed:
        role = any_answering.function(function.name)["Role"]["Fn::GetAtt"][0]
        (trust,) = any_answering.resources("IAM::Role")[role]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_a_resource_is_a_pattern_only_where_a_reason_says_why(answering: Answering) -> None:
    for function in FUNCTIONS:
        for grant, statement in zip(grants_of(function), answering.role(function.name), strict=True):
            pattern = "*" in json.dumps(statement["Resource"]) or grant.resource == "logs"
            assert pattern == bool(grant.wildcard), (function.name, grant.resource)


def test_what_no_call_of_ours_needs_has_a_reason() -> None:
    called = ("dynamodb:", "s3:", "execute-api:", "secretsmanager:", "cloudwatch:")
    unseen = ("dynamodb:ListStreams", "dynamodb:DescribeStream", "s3:ListBucket")
    for function in FUNCTIONS:
        for grant in grants_of(function):
            if any(not action.startswith(called) or action in unseen for action in grant.actions):
                assert grant.reason, (function.name, grant.resource)


@pytest.mark.parametrize(
    ("name", "purposes"),
    [
        ("register", {"visitor", "access"}),
        ("place", {"visitor", "access"}),
        ("authorize_socket", {"visitor"}),
        ("message", {"access"}),
        ("notify", {"access"}),
        ("admin", {"visitor"}),
        *((name, set()) for name in ("onsale", "authorize", "complete", "errors", "rotate", "booking")),
    ],
)
def test_secrets_of_keys_are_read_by_those_who_sign_or_read_visitor_tokens(
    answering: Answering, name: str, purposes: set[str]
) -> None:
    reads = [each for each in about(answering, name, KEYS) if "dynamodb:Query" in listed(each["Action"])]
    whole = [each for each in reads if not condition(each, "dynamodb:Attributes")]
    assert set().union(*(condition(each, "dynamodb:LeadingKeys") for each in whole)) == purposes
    assert all(condition(each, "dynamodb:LeadingKeys") for each in reads)


def test_who_reads_no_secret_must_name_the_attributes_it_reads(answering: Answering) -> None:
    for function in FUNCTIONS:
        for each in about(answering, function.name, KEYS):
            if attributes := condition(each, "dynamodb:Attributes"):
                assert "secret" not in attributes
                assert each["Condition"]["StringEquals"] == {"dynamodb:Select": ["SPECIFIC_ATTRIBUTES"]}


def test_rotation_alone_writes_keys(answering: Answering) -> None:
    writers = {
        function.name
        for function in FUNCTIONS
        for each in about(answering, function.name, KEYS)
        if "dynamodb:PutItem" in listed(each["Action"])
    }
    assert writers == {"rotate"}


def test_the_key_of_the_keys_table_is_used_through_dynamodb_alone(answering: Answering) -> None:
    readers = {function.name for function in FUNCTIONS if about(answering, function.name, KEYS)}
    assert may(answering, "kms:Decrypt") == readers
    for function in FUNCTIONS:
        for each in answering.role(function.name):
            if any(action.startswith("kms:") for action in listed(each["Action"])):
                assert each["Condition"] == {"StringEquals": {"kms:ViaService": ["dynamodb.us-east-1.amazonaws.com"]}}


def test_pushing_and_closing_are_different_permissions(answering: Answering) -> None:
    ends = {
        name: json.dumps(about(answering, name, "@connections"))
        for name in may(answering, "execute-api:ManageConnections")
    }
    assert ends.keys() == {"connect", "notify"}
    assert "/live/DELETE/@connections/*" in ends["connect"]
    assert "/live/POST/@connections/*" in ends["notify"]


def test_documents_are_written_where_they_belong(answering: Answering) -> None:
    written = {name: json.dumps(about(answering, name, "StatusBucket")) for name in may(answering, "s3:PutObject")}
    assert written.keys() == {"admit", "rotate", "admin"}
    assert "/pictures/*" in written["admin"]
    assert not any(f"/{other}" in written["admin"] for other in ("status/", ".well-known"))
    assert "/status/*" in written["admit"]
    assert ".well-known" not in written["admit"]
    assert "/.well-known/jwks.json" in written["rotate"]
    assert "/.well-known/openid-configuration" in written["rotate"]
    assert "/status/" not in written["rotate"]


def test_a_missing_document_is_told_from_a_forbidden_one_by_one_reader(answering: Answering) -> None:
    (listing,) = [each for each in answering.role("message") if "s3:ListBucket" in listed(each["Action"])]
    assert may(answering, "s3:ListBucket") == {"message"}
    assert listing["Condition"] == {"StringLikeIfExists": {"s3:prefix": ["status/*"]}}


def test_the_index_of_sessions_is_read_by_the_ticker_alone(answering: Answering) -> None:
    assert {function.name for function in FUNCTIONS if about(answering, function.name, "/index/")} == {"admit"}


def test_the_stream_is_read_for_the_notifier_alone(answering: Answering) -> None:
    assert may(answering, "dynamodb:GetRecords") == may(answering, "sqs:SendMessage") == {"notify"}


def test_the_cdns_secret_is_read_by_rotation_alone(answering: Answering) -> None:
    assert may(answering, "secretsmanager:GetSecretValue") == {"rotate"}


def test_network_interfaces_are_lambdas_business_and_not_the_codes(any_answering: Answering) -> None:
    inside = {
        function.name for function in any_answering.deployed if "VpcConfig" in any_answering.function(function.name)
    }
    assert may(any_answering, "ec2:CreateNetworkInterface") == inside
    for name in inside:
        given = [each for each in any_answering.role(name) if any(a.startswith("ec2:") for a in listed(each["Action"]))]
        allowed = {action for each in given if each["Effect"] == "Allow" for action in each["Action"]}
        (denied,) = [each for each in given if each["Effect"] == "Deny"]
        assert set(denied["Action"]) == allowed
        assert ":function:*" in json.dumps(denied["Condition"]["ArnLike"]["lambda:SourceFunctionArn"])


def test_a_schedule_may_start_its_function_and_nothing_else(any_answering: Answering) -> None:
    for schedule in any_answering.resources("Scheduler::Schedule").values():
        target = schedule["Target"]
        (role,) = references(target["RoleArn"])
        properties = any_answering.resources("IAM::Role")[role]
        (policy,) = properties["Policies"]
        (trust,) = properties["AssumeRolePolicyDocument"]["Statement"]
        assert policy["PolicyDocument"]["Statement"] == [
            {"Action": "lambda:InvokeFunction", "Effect": "Allow", "Resource": target["Arn"]}
        ]
        assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
