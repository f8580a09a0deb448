"""Gaps that `launcher.py` fills. A test fails when the emulator has closed a gap: then take the addition out."""

import json
from collections.abc import Iterator

import pytest
import urllib3
from botocore.exceptions import ClientError
from websockets.sync.client import connect

from tests.deployed.app import EXECUTE
from tests.deployed.bare import api, echo, refusal, somebody, stack
from tests.deployed.emulator import BARE, REGION, Emulator, emulator
from tests.deployed.host import Host

UNKNOWN = (
    "AWS::ApiGatewayV2::RouteResponse",
    "AWS::EC2::FlowLog",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
)

UNCACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""AWS's own policy for what no CDN keeps."""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with emulator(Host(), tmp_path_factory.mktemp("bare"), None, BARE) as running:
        yield running


@pytest.fixture(scope="module")
def function(bare: Emulator) -> str:
    return echo(bare)


@pytest.mark.parametrize("kind", UNKNOWN)
def test_cloudformation_does_not_know_all_types(bare: Emulator, kind: str) -> None:
    assert f"Unrecognized resource types: [{kind}]" in refusal(bare, {"Thing": {"Type": kind, "Properties": {}}})


def test_a_reference_to_a_secret_is_no_arn(bare: Emulator) -> None:
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": "x"}}
    named = stack(bare, {"Secret": secret}, {"Ref": "Secret"})
    assert bare.client("secretsmanager").describe_secret(SecretId=named)["Name"] == named


def test_a_user_pool_does_not_tell_its_address(bare: Emulator) -> None:
    pool = {"Type": "AWS::Cognito::UserPool"}
    assert "ProviderURL does not exist" in refusal(bare, {"Pool": pool}, {"Fn::GetAtt": ["Pool", "ProviderURL"]})


def test_there_is_no_alarm_on_a_sum(bare: Emulator) -> None:
    sums = {"Metrics": [{"Id": "s", "Expression": "1 + 1"}], "ComparisonOperator": "GreaterThanThreshold"}
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {**sums, "EvaluationPeriods": 1, "Threshold": 1}}
    assert "not supported" in refusal(bare, {"Alarm": alarm})


def test_an_authorizer_without_identity_source_is_given_one(bare: Emulator, function: str) -> None:
    gateway, api_id = bare.client("apigatewayv2"), api(bare, function, "HTTP")
    properties = {"ApiId": api_id, "AuthorizerType": "REQUEST", "Name": "gate", "AuthorizerUri": function}
    stack(bare, {"Gate": {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": properties}})
    assert gateway.get_authorizers(ApiId=api_id)["Items"][0]["IdentitySource"] == ["$request.header.Authorization"]


def test_the_cdn_asks_no_host_of_aws(bare: Emulator, function: str) -> None:
    """Not even one that is its own."""
    host = f"{api(bare, function, 'HTTP')}.execute-api.{REGION}.amazonaws.com"
    origin = {"Id": "api", "DomainName": host, "CustomOriginConfig": {"OriginProtocolPolicy": "http-only"}}
    behaviour = {"TargetOriginId": "api", "ViewerProtocolPolicy": "allow-all", "CachePolicyId": UNCACHED}
    config = {"Enabled": True, "Origins": [origin], "DefaultCacheBehavior": behaviour}
    site = {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}
    name = stack(bare, {"Site": site}, {"Fn::GetAtt": ["Site", "DomainName"]})
    assert urllib3.request("GET", bare.host.endpoint, headers={"host": name}).status == 502


def test_a_functions_request_parameters_are_not_applied(bare: Emulator, function: str) -> None:
    api_id = api(bare, function, "HTTP", RequestParameters={"overwrite:header.x-who": "somebody"})
    address = f"{bare.host.endpoint}{EXECUTE}/{api_id}/$default/v1"
    event = urllib3.request("GET", address, headers={"x-who": "forged"}).json()
    assert event["headers"]["x-who"] == "forged"


def test_a_sockets_events_do_not_agree_when_it_connected(bare: Emulator, function: str) -> None:
    api_id = api(bare, function, "WEBSOCKET")
    with connect(f"ws://127.0.0.1:{bare.host.emulator}{EXECUTE}/{api_id}/live") as socket:
        told = []
        for _ in range(2):
            socket.send("{}")
            told.append(json.loads(socket.recv(timeout=20))["requestContext"]["connectedAt"])
    assert told[0] != told[1]


def test_policies_are_not_told_which_items_are_meant(bare: Emulator) -> None:
    key = [{"AttributeName": "who", "KeyType": "HASH"}]
    kind = [{"AttributeName": "who", "AttributeType": "S"}]
    bare.client("dynamodb").create_table(
        TableName="things", KeySchema=key, AttributeDefinitions=kind, BillingMode="PAY_PER_REQUEST"
    )
    only_a = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a"]}}
    reader = somebody(bare, {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*", "Condition": only_a})
    assert "Item" not in bare.client("dynamodb", **reader).get_item(TableName="things", Key={"who": {"S": "b"}})


def test_policies_are_told_that_requests_come_in_clear(bare: Emulator) -> None:
    over_tls = {"Bool": {"aws:SecureTransport": "true"}}
    lister = somebody(
        bare, {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*", "Condition": over_tls}
    )
    with pytest.raises(ClientError, match="not authorized"):
        bare.client("s3", **lister).list_buckets()
