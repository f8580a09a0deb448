"""What is kept: shut off from the world, encrypted, recoverable, and there tomorrow."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from aws_cdk import App, Environment

from stacks.faults import faults
from stacks.settings import LEAN, STANDARD, Settings
from stacks.stateful.cache import maintenance_window
from stacks.stateful.stack import Stateful
from stacks.stateful.users import user_name
from stacks.tables import TABLES, TTL_ATTRIBUTE
from tests.support.synthesis import Synthesised

Template = dict[str, Any]
Made = Callable[..., Template]
GROUP = "ElastiCache::ReplicationGroup"
KINDS = ("HASH", "RANGE")
PARTS = ("CookiesConfig", "HeadersConfig", "QueryStringsConfig")
LONGEST_USER_ID = 40


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The stateful stack alone, of settings that no profile has."""

    def make(of: Settings = LEAN, **values: Any) -> Template:
        settings = replace(of, **values)
        app = App(outdir=str(tmp_path_factory.mktemp("stateful")), analytics_reporting=False)
        stack = Stateful(app, "Stateful", settings=settings, env=Environment(region=settings.region))
        template: Template = app.synth().get_stack_by_name(stack.stack_name).template
        return template

    return make


def of_kind(template: Template, kind: str) -> list[dict[str, Any]]:
    return [each["Properties"] for each in template["Resources"].values() if each["Type"] == f"AWS::{kind}"]


def only(app: Synthesised, kind: str) -> dict[str, Any]:
    (found,) = of_kind(app.templates["Stateful"], kind)
    return found


def tables(app: Synthesised) -> dict[str, dict[str, Any]]:
    """By the names of the plain data."""
    resources = app.templates["Stateful"]["Resources"]
    outputs = app.templates["Stateful"]["Outputs"]
    return {t.name: resources[outputs[f"{t.name.capitalize()}Table"]["Value"]["Ref"]]["Properties"] for t in TABLES}


def test_subnets_are_isolated_one_in_each_zone(app: Synthesised) -> None:
    subnets = of_kind(app.templates["Stateful"], "EC2::Subnet")
    zones = [json.dumps(subnet["AvailabilityZone"]) for subnet in subnets]
    assert len(zones) == len(set(zones)) == app.settings.zones
    assert all("Fn::GetAZs" in zone for zone in zones)
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets)
    assert of_kind(app.templates["Stateful"], "EC2::Route") == []


def test_nothing_relies_on_the_default_security_group(app: Synthesised) -> None:
    templates = json.dumps(dict(app.templates))
    assert "DefaultSecurityGroup" not in templates
    for name, function in app.properties("AWS::Lambda::Function").items():
        assert function.get("VpcConfig", {"SecurityGroupIds": "none needed"})["SecurityGroupIds"], name


def test_a_function_reaches_the_cache_and_two_services_and_nothing_else(app: Synthesised) -> None:
    stateful = app.templates["Stateful"]
    groups = {each["GroupDescription"]: each for each in of_kind(stateful, "EC2::SecurityGroup")}
    (services,) = groups["Functions that call the cache"]["SecurityGroupEgress"]
    (out,), (into,) = of_kind(stateful, "EC2::SecurityGroupEgress"), of_kind(stateful, "EC2::SecurityGroupIngress")
    assert [each["FromPort"] for each in (services, out, into)] == [443, 6379, 6379]
    assert (out["GroupId"], out["DestinationSecurityGroupId"]) == (into["SourceSecurityGroupId"], into["GroupId"])
    assert "SecurityGroupIngress" not in groups["The cache"]


def test_the_doors_to_dynamodb_and_s3_lead_to_what_is_ours_alone(app: Synthesised) -> None:
    doors = of_kind(app.templates["Stateful"], "EC2::VPCEndpoint")
    assert len(doors) == 2
    for door in doors:
        for statement in door["PolicyDocument"]["Statement"]:
            assert statement["Condition"] == {"StringEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}}
            assert "*" not in json.dumps(statement["Action"])
            assert "Fn::GetAtt" in json.dumps(statement["Resource"])
            assert statement["Resource"] != "*"


def test_the_doors_let_through_whatever_functions_in_the_network_are_granted(app: Synthesised) -> None:
    """Roles of functions with a VPC, as they are in the template, against the doors as they are in the template."""
    doors = json.dumps(of_kind(app.templates["Stateful"], "EC2::VPCEndpoint"))
    resources = app.templates["Stateless"]["Resources"]
    inside = [each["Properties"] for each in resources.values() if "VpcConfig" in each.get("Properties", {})]
    roles = [resources[each["Role"]["Fn::GetAtt"][0]] for each in inside]
    granted = set(json.dumps(roles).split('"'))
    needed = {word for word in granted if word.startswith(("dynamodb:", "s3:")) and word.partition(":")[2].isalpha()}
    needed -= {"dynamodb:LeadingKeys", "dynamodb:Attributes", "dynamodb:Select"}
    assert len(needed) > 3
    assert [action for action in needed if f'"{action}"' not in doors] == []


def test_what_the_network_refuses_is_written_down_and_nothing_else(app: Synthesised) -> None:
    assert only(app, "EC2::FlowLog")["TrafficType"] == "REJECT"


@pytest.mark.parametrize(("engine", "family"), [("redis", "redis7"), ("valkey", "valkey8")])
def test_nobody_in_line_is_evicted(made: Made, engine: str, family: str) -> None:
    template = made(cache_engine=engine)
    (parameters,), (group,) = of_kind(template, "ElastiCache::ParameterGroup"), of_kind(template, GROUP)
    assert parameters["CacheParameterGroupFamily"] == family
    assert parameters["Properties"] == {"maxmemory-policy": "noeviction"}
    assert group["Engine"] == engine


def test_more_than_one_node_means_another_zone_takes_over_by_itself(made: Made) -> None:
    for nodes, spread in ((1, False), (2, True)):
        (group,) = of_kind(made(cache_nodes=nodes), GROUP)
        assert (group["NumCacheClusters"], group["MultiAZEnabled"]) == (nodes, spread)
        assert group["AutomaticFailoverEnabled"] is spread


def test_the_cache_speaks_tls_alone_and_keeps_no_copies(app: Synthesised) -> None:
    cache = only(app, GROUP)
    assert cache["TransitEncryptionMode"] == "required"
    assert cache["SnapshotRetentionLimit"] == 0


def test_a_user_signs_in_with_its_role_and_the_one_every_cache_has_is_off(app: Synthesised) -> None:
    users = {each["UserName"]: each for each in of_kind(app.templates["Stateful"], "ElastiCache::User")}
    assert set(users) == {"default", "fairline"}
    assert users["default"]["AccessString"].split()[0] == "off"
    assert users["fairline"]["AuthenticationMode"] == {"Type": "iam"}
    assert users["fairline"]["UserId"] == "fairline"


@pytest.mark.parametrize(
    ("deployment", "user"),
    [("Fairline", "fairline"), ("Spring", "fairline-spring"), ("A" * 23, f"fairline-{'a' * 23}")],
)
def test_each_deployment_has_a_user_of_its_own_in_small_letters(deployment: str, user: str) -> None:
    assert user_name(deployment) == user


def test_no_name_of_a_deployment_makes_the_id_of_another_s_user(lean: Synthesised, made: Made) -> None:
    ours = of_kind(lean.templates["Stateful"], "ElastiCache::User")
    taken = {each["UserId"].partition("-")[2] for each in ours if each["UserName"] == "default"}
    assert [name for name in taken if not faults(replace(LEAN, name=name))] == []
    longest = of_kind(made(name="A" * 23), "ElastiCache::User")
    assert max(len(each["UserId"]) for each in longest) <= LONGEST_USER_ID


@pytest.mark.parametrize(
    ("region", "window"),
    [
        ("us-east-1", "wed:10:00-wed:11:00"),
        ("eu-central-1", "wed:02:00-wed:03:00"),
        ("xx-new-1", "wed:10:00-wed:11:00"),
    ],
)
def test_the_cache_is_looked_after_when_it_is_night_where_it_stands(region: str, window: str) -> None:
    assert maintenance_window(region) == window


def test_the_address_of_the_cache_names_the_user_and_asks_for_tls(app: Synthesised) -> None:
    cache = app.deployment.stateful.cache
    assert cache.url.startswith("rediss://fairline@")
    told = app.deployment.stateful.resolve(cache.url)["Fn::Join"][1]
    assert [part["Fn::GetAtt"][1] for part in told if isinstance(part, dict)] == [
        "PrimaryEndPoint.Address",
        "PrimaryEndPoint.Port",
    ]
    kinds = [arn.partition("elasticache:")[2].split(":")[2] for arn in cache.connect_arns]
    assert kinds == ["replicationgroup", "user"]


def test_tables_are_as_the_plain_data_says(app: Synthesised) -> None:
    for table in TABLES:
        given = tables(app)[table.name]
        keys = [(key["AttributeName"], key["KeyType"]) for key in given["KeySchema"]]
        assert keys == list(zip([each[0] for each in (table.key.hash, table.key.range) if each], KINDS, strict=False))
        assert [index["IndexName"] for index in given.get("GlobalSecondaryIndexes", [])] == [
            n for n, _ in table.indexes
        ]
        assert ("StreamSpecification" in given) is table.stream
        assert given["TimeToLiveSpecification"] == {"AttributeName": TTL_ATTRIBUTE, "Enabled": True}
        assert given["BillingMode"] == "PAY_PER_REQUEST"
        assert "ContributorInsightsSpecification" not in given


def test_the_stream_brings_what_was_written(app: Synthesised) -> None:
    assert tables(app)["sessions"]["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}


def test_keys_are_encrypted_with_a_key_of_their_own(app: Synthesised) -> None:
    encrypted = {name: table["SSESpecification"].get("KMSMasterKeyId") for name, table in tables(app).items()}
    assert [name for name, key in encrypted.items() if key] == ["keys"]
    key = only(app, "KMS::Key")
    assert key["EnableKeyRotation"] is True
    (delegation,) = key["KeyPolicy"]["Statement"]
    assert json.dumps(delegation["Principal"]).count("root") == 1
    assert "Condition" not in delegation


def test_sessions_are_ready_for_the_whole_api_from_the_first_second(lean: Synthesised, standard: Synthesised) -> None:
    assert [name for name, table in tables(lean).items() if "WarmThroughput" in table] == []
    assert [name for name, table in tables(standard).items() if "WarmThroughput" in table] == ["sessions"]
    sessions = tables(standard)["sessions"]
    warm = sessions["WarmThroughput"]
    assert warm["ReadUnitsPerSecond"] >= 2 * STANDARD.api_throttle[0]
    assert [index["WarmThroughput"] for index in sessions["GlobalSecondaryIndexes"]] == [warm]


def test_without_the_sample_backend_there_are_no_seats(made: Made) -> None:
    outputs = made(booking_backend="https://shop.example.com")["Outputs"]
    assert "SeatsTable" not in outputs
    assert "OnsalesTable" in outputs


def test_what_is_not_to_be_retained_goes_with_its_stack(made: Made) -> None:
    resources = made(retain=False)["Resources"].values()
    assert {each.get("DeletionPolicy", "Delete") for each in resources} == {"Delete"}
    assert not any(each["Properties"].get("DeletionProtectionEnabled") for each in resources if "Properties" in each)
    assert {
        each["Properties"].get("DeletionProtection") for each in resources if each["Type"].endswith("UserPool")
    } == {"INACTIVE"}


def test_status_documents_are_cached_for_a_second_and_read_by_any_page(app: Synthesised) -> None:
    cached = only(app, "CloudFront::CachePolicy")["CachePolicyConfig"]
    assert (cached["MinTTL"], cached["DefaultTTL"]) == (1, 1)
    key = cached["ParametersInCacheKeyAndForwardedToOrigin"]
    assert {name: each for part in PARTS for name, each in key[part].items()} == {
        "CookieBehavior": "none",
        "HeaderBehavior": "none",
        "QueryStringBehavior": "none",
    }
    headers = only(app, "CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]["CorsConfig"]
    assert headers["AccessControlAllowOrigins"] == {"Items": ["*"]}
    assert headers["AccessControlAllowCredentials"] is False


def test_what_is_said_of_a_sale_is_forgotten_long_after_it(app: Synthesised) -> None:
    rules = only(app, "S3::Bucket")["LifecycleConfiguration"]["Rules"]
    assert {(rule["Prefix"], rule["ExpirationInDays"]) for rule in rules} == {("status/", 400), ("pictures/", 400)}


def test_a_missing_document_is_404_for_a_second_and_the_bucket_is_never_listed(app: Synthesised) -> None:
    config = only(app, "CloudFront::Distribution")["DistributionConfig"]
    policy = json.dumps(only(app, "S3::BucketPolicy"))
    assert "s3:ListBucket" in policy
    assert config["DefaultRootObject"]
    kept = {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in config["CustomErrorResponses"]}
    assert kept == dict.fromkeys((404, 500, 502, 503, 504), 1)


def test_the_crowds_polls_pass_no_firewall_and_leave_no_log(app: Synthesised) -> None:
    config = only(app, "CloudFront::Distribution")["DistributionConfig"]
    assert not {"WebACLId", "Logging"} & config.keys()
    assert config["HttpVersion"] == "http2and3"
    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "https-only"
    assert config["DefaultCacheBehavior"]["AllowedMethods"] == ["GET", "HEAD"]


def test_operators_are_made_by_somebody_and_have_a_second_factor(app: Synthesised) -> None:
    pool = only(app, "Cognito::UserPool")
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("ON", ["SOFTWARE_TOKEN_MFA"])
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12
    server = only(app, "Cognito::UserPoolResourceServer")
    assert [f"{server['Identifier']}/{scope['ScopeName']}" for scope in server["Scopes"]] == ["fairline/operator"]


def test_operators_of_an_issuer_elsewhere_need_no_pool(made: Made) -> None:
    template = made(operators_issuer="https://staff.example.com", operators_client_id="console")
    assert of_kind(template, "Cognito::UserPool") == []
    assert "OperatorsPool" not in template["Outputs"]


def test_a_stack_that_is_to_be_retained_cannot_be_deleted_by_mistake(app: Synthesised) -> None:
    assert app.deployment.stateful.termination_protection
    assert app.deployment.edge.termination_protection
