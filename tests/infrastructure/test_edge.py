"""The public name, what stands behind it, and the firewall in front."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fairline.languages import LANGUAGES
from fairline.routes import HTTP_ROUTES, ORIGIN_HEADER
from stacks.edge.console import console_settings
from stacks.edge.distribution import TELL_ADDRESS
from stacks.edge.door import DOOR
from stacks.edge.hint import HINT
from stacks.headers import SECURITY_HEADERS, content_security_policy
from stacks.settings import LEAN, STANDARD, Settings
from tests.support.synthesis import Synthesised, synthesise

Template = dict[str, Any]
Made = Callable[..., dict[str, Template]]
UNCACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
OPTIMISED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
"""Ids that AWS gives its own policies, CachingDisabled, AllViewerExceptHostHeader and CachingOptimized."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The firewall and the edge, of settings that no profile has."""

    def make(of: Settings = LEAN, **values: Any) -> dict[str, Template]:
        return dict(synthesise(replace(of, **values), tmp_path_factory.mktemp("edge")).templates)

    return make


def of_kind(template: Template, kind: str) -> list[dict[str, Any]]:
    return [each["Properties"] for each in template["Resources"].values() if each["Type"] == kind]


def config(template: Template) -> dict[str, Any]:
    (found,) = of_kind(template, "AWS::CloudFront::Distribution")
    distribution: dict[str, Any] = found["DistributionConfig"]
    return distribution


def headers(template: Template) -> dict[str, Any]:
    (found,) = of_kind(template, "AWS::CloudFront::ResponseHeadersPolicy")
    policy: dict[str, Any] = found["ResponseHeadersPolicyConfig"]
    return policy


def of_the_api(distribution: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in distribution["CacheBehaviors"] if each["PathPattern"].startswith("/v1/")]


def rules(template: Template) -> dict[str, dict[str, Any]]:
    (acl,) = of_kind(template, "AWS::WAFv2::WebACL")
    return {rule["Name"]: rule for rule in acl["Rules"]}


def first_match(distribution: dict[str, Any], path: str) -> dict[str, Any]:
    """The behaviour of a path: the first whose pattern fits, where `*` fits slashes as well; else the default."""
    for behaviour in distribution["CacheBehaviors"]:
        if _fits(behaviour["PathPattern"], path):
            found: dict[str, Any] = behaviour
            return found
    default: dict[str, Any] = distribution["DefaultCacheBehavior"]
    return default


def _fits(pattern: str, path: str) -> bool:
    head, *rest = pattern.split("*")
    if not rest or not path.startswith(head):
        return pattern == path
    at = len(head)
    for part in rest[:-1]:
        at = path.find(part, at) + len(part)
        if at < len(part):
            return False
    return path.endswith(rest[-1])


def test_only_the_description_of_an_onsale_is_kept_and_for_a_second(app: Synthesised) -> None:
    edge = app.templates["Edge"]
    ((second,), distribution) = of_kind(edge, "AWS::CloudFront::CachePolicy"), config(edge)
    kept = second["CachePolicyConfig"]
    assert (kept["MinTTL"], kept["DefaultTTL"], kept["MaxTTL"]) == (1, 1, 1)
    for route in HTTP_ROUTES:
        path = route.path.replace("{onsale}", "spring").replace("{session}", "s").replace("{proxy+}", "seats/1")
        behaviour = first_match(distribution, path)
        described = route.key == "GET /v1/onsales/{onsale}"
        assert (behaviour["CachePolicyId"] == UNCACHED) is not described, route.key
        assert behaviour.get("OriginRequestPolicyId") == (None if described else ALL_BUT_HOST), route.key


def test_everything_under_v1_reaches_the_api_over_tls_with_the_secret_header(app: Synthesised) -> None:
    distribution = config(app.templates["Edge"])
    (api,) = [each for each in distribution["Origins"] if "CustomOriginConfig" in each]
    (header,) = api["OriginCustomHeaders"]
    assert header["HeaderName"] == ORIGIN_HEADER
    assert "{{resolve:secretsmanager:" in json.dumps(header["HeaderValue"])
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    for behaviour in of_the_api(distribution):
        assert behaviour["TargetOriginId"] == api["Id"]
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
        assert "PATCH" in behaviour["AllowedMethods"]
    assert distribution["DefaultCacheBehavior"]["TargetOriginId"] != api["Id"]


def ran(edge: Template, behaviour: dict[str, Any], event: str = "viewer-request") -> list[str]:
    """The code of what looks at each request of a behaviour, or at each answer."""
    made = {name: each for name, each in edge["Resources"].items() if each["Type"] == "AWS::CloudFront::Function"}
    associations = [each for each in behaviour.get("FunctionAssociations", []) if each["EventType"] == event]
    return [made[each["FunctionARN"]["Fn::GetAtt"][0]]["Properties"]["FunctionCode"] for each in associations]


def test_every_request_to_the_api_tells_its_address_where_addresses_count(private: Synthesised) -> None:
    """Under every pattern: a path that is written in another way may reach the route of registrations all the same."""
    edge = private.templates["Edge"]
    assert {tuple(ran(edge, behaviour)) for behaviour in config(edge)["CacheBehaviors"]} == {(TELL_ADDRESS,)}
    assert not any(ran(edge, behaviour, "viewer-response") for behaviour in config(edge)["CacheBehaviors"])


def test_nothing_runs_before_the_api_where_no_address_counts(app: Synthesised) -> None:
    assert "FunctionAssociations" not in json.dumps(config(app.templates["Edge"])["CacheBehaviors"])


def test_the_language_of_the_page_is_picked_at_the_door_and_no_other_method_goes_past_it(any_app: Synthesised) -> None:
    edge = any_app.templates["Edge"]
    site = config(edge)["DefaultCacheBehavior"]
    assert ran(edge, site) == [DOOR]
    assert ran(edge, site, "viewer-response") == [HINT]
    assert "POST" in site["AllowedMethods"]
    assert site["CachePolicyId"] == OPTIMISED


def test_pictures_come_from_the_host_of_the_status_documents(app: Synthesised) -> None:
    told = headers(app.templates["Edge"])["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    text = app.told("Edge", told)
    (shown,) = re.findall(r"img-src 'self' data: (https://[^;]+);", text)
    assert f"connect-src 'self' {shown} " in text


def test_the_console_and_what_it_loads_come_from_the_bucket_of_the_page(app: Synthesised) -> None:
    distribution = config(app.templates["Edge"])
    page = distribution["DefaultCacheBehavior"]["TargetOriginId"]
    for path in ("/console", "/console/", "/console/app.js", "/console/settings.json"):
        assert first_match(distribution, path)["TargetOriginId"] == page


def test_a_failure_of_one_visitor_is_not_handed_to_the_next(app: Synthesised) -> None:
    kept = {
        each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in config(app.templates["Edge"])["CustomErrorResponses"]
    }
    assert kept == dict.fromkeys((404, 500, 502, 503, 504), 0)


def test_the_secret_is_made_by_aws_and_too_long_to_guess(app: Synthesised) -> None:
    (secret,) = of_kind(app.templates["Edge"], "AWS::SecretsManager::Secret")
    assert secret["GenerateSecretString"] == {"ExcludePunctuation": True, "PasswordLength": 43}


def test_headers_are_those_that_the_room_sends(app: Synthesised) -> None:
    policy = headers(app.templates["Edge"])
    known = policy["SecurityHeadersConfig"]
    sent = {each["Header"]: each["Value"] for each in policy["CustomHeadersConfig"]["Items"]}
    sent |= {
        "strict-transport-security": f"max-age={known['StrictTransportSecurity']['AccessControlMaxAgeSec']}",
        "x-content-type-options": "nosniff" if known["ContentTypeOptions"] else "",
        "x-frame-options": known["FrameOptions"]["FrameOption"],
        "referrer-policy": known["ReferrerPolicy"]["ReferrerPolicy"],
    }
    assert sent == SECURITY_HEADERS


def test_every_behaviour_sends_the_headers(app: Synthesised) -> None:
    distribution = config(app.templates["Edge"])
    behaviours = [distribution["DefaultCacheBehavior"], *distribution["CacheBehaviors"]]
    assert len({json.dumps(each["ResponseHeadersPolicyId"]) for each in behaviours}) == 1


def test_the_page_may_call_what_it_needs_and_nothing_else(made: Made) -> None:
    people = {"identity": "oidc", "oidc_issuer": "https://id.example.com/shop", "oidc_client_id": "page"}
    staff = {"operators_issuer": "https://staff.example.com/x", "operators_client_id": "console"}
    edge = made(**people, oidc_origins=("https://login.example.com",), **staff)["Edge"]
    policy = headers(edge)["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    text = "".join(part if isinstance(part, str) else "HOST" for part in policy["Fn::Join"][1])
    issuers = ["https://id.example.com", "https://login.example.com", "https://staff.example.com"]
    expected = ["https://HOST", "wss://HOST.execute-api.us-east-1.HOST", *issuers]
    assert text == content_security_policy(expected, "https://HOST")


def test_the_page_may_sign_operators_in_at_the_pool(lean: Synthesised) -> None:
    policy = json.dumps(headers(lean.templates["Edge"])["SecurityHeadersConfig"]["ContentSecurityPolicy"])
    assert "https://cognito-idp.us-east-1." in policy
    assert ".auth.us-east-1.amazoncognito.com; base-uri" in policy


def test_the_console_signs_in_by_code_without_a_secret(lean: Synthesised) -> None:
    (client,) = of_kind(lean.templates["Edge"], "AWS::Cognito::UserPoolClient")
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["AllowedOAuthScopes"] == ["openid", "fairline/operator"]
    (callback,) = client["CallbackURLs"]
    assert callback["Fn::Join"][1][-1] == "/console"
    assert "ExplicitAuthFlows" not in client


def test_operators_with_an_issuer_elsewhere_bring_their_client(made: Made) -> None:
    edge = made(operators_issuer="https://staff.example.com", operators_client_id="console")["Edge"]
    assert of_kind(edge, "AWS::Cognito::UserPoolClient") == []
    assert edge["Outputs"]["OperatorsClientId"]["Value"] == "console"


def test_a_name_of_ones_own_takes_nothing_older_than_tls_1_2(made: Made) -> None:
    certificate = "arn:aws:acm:us-east-1:111122223333:certificate/a1"
    edge = made(domain_name="tickets.example.com", certificate_arn=certificate)["Edge"]
    assert config(edge)["Aliases"] == ["tickets.example.com"]
    assert config(edge)["ViewerCertificate"] == {
        "AcmCertificateArn": certificate,
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    assert edge["Outputs"]["PublicUrl"]["Value"] == "https://tickets.example.com"


def test_both_apis_are_addresses_without_anything_that_answers(app: Synthesised) -> None:
    edge = app.templates["Edge"]
    assert [each["ProtocolType"] for each in of_kind(edge, "AWS::ApiGatewayV2::Api")] == ["HTTP", "WEBSOCKET"]
    assert {
        each["Type"].rpartition("::")[2] for each in edge["Resources"].values() if "ApiGateway" in each["Type"]
    } == {"Api"}


def test_the_address_of_sockets_is_that_of_the_stage_that_answers(app: Synthesised) -> None:
    stages = {each["StageName"] for each in of_kind(app.templates["Stateless"], "AWS::ApiGatewayV2::Stage")}
    edge = app.deployment.edge
    assert {edge.websocket_url.rpartition("/")[2], edge.sockets_url.rpartition("/")[2]} == stages - {"$default"}
    assert (edge.websocket_url[:6], edge.sockets_url[:8]) == ("wss://", "https://")


def test_the_page_is_asked_for_again_and_what_it_loads_is_soon_forgotten(app: Synthesised) -> None:
    parts, pages = of_kind(app.templates["Edge"], "Custom::CDKBucketDeployment")
    assert (parts["Exclude"], pages["Exclude"], pages["Include"]) == (["*.html"], ["*"], ["*.html"])
    assert parts["SystemMetadata"] == {"cache-control": "public, max-age=60, s-maxage=60"}
    assert pages["SystemMetadata"] == {"cache-control": "public, max-age=0, s-maxage=60"}
    assert not parts["RetainOnDelete"]


def test_paths_are_not_written_down(app: Synthesised) -> None:
    assert "Logging" not in config(app.templates["Edge"])
    assert all(
        not rule["VisibilityConfig"]["SampledRequestsEnabled"] for rule in rules(app.templates["Firewall"]).values()
    )


def test_the_firewall_stands_before_the_page_and_the_api(lean: Synthesised) -> None:
    (acl,) = of_kind(lean.templates["Firewall"], "AWS::WAFv2::WebACL")
    assert acl["Scope"] == "CLOUDFRONT"
    named = config(lean.templates["Edge"])["WebACLId"]["Fn::GetStackOutput"]
    assert named["StackName"] == "FairlineFirewall"
    assert named["OutputName"] in lean.templates["Firewall"]["Outputs"]


def test_the_firewall_is_in_its_own_region_wherever_the_rest_is(made: Made) -> None:
    templates = made(STANDARD, region="eu-central-1")
    assert config(templates["Edge"])["WebACLId"]["Fn::GetStackOutput"]["Region"] == "us-east-1"


def test_too_many_from_one_address_are_told_when_to_come_back(app: Synthesised) -> None:
    for name in ("Registrations", "Completions", "Requests"):
        answer = rules(app.templates["Firewall"])[name]["Action"]["Block"]["CustomResponse"]
        assert answer["ResponseCode"] == 429
        assert answer["ResponseHeaders"] == [{"Name": "Retry-After", "Value": "30"}]


def test_a_campus_behind_one_address_gets_in_and_a_backend_reports_all_it_sells(app: Synthesised) -> None:
    found = rules(app.templates["Firewall"])
    rates = {name: each["Statement"]["RateBasedStatement"] for name, each in found.items() if "AWS" not in name}
    scopes = {name: each["ScopeDownStatement"] for name, each in rates.items()}
    assert scopes["Registrations"]["ByteMatchStatement"]["SearchString"] == "/registrations"
    assert scopes["Requests"] == {"NotStatement": {"Statement": scopes["Completions"]}}
    assert {name: each["Limit"] for name, each in rates.items()} == {
        "Registrations": 3_000,
        "Completions": 60_000,
        "Requests": 30_000,
    }
    assert {each["EvaluationWindowSec"] for each in rates.values()} == {60}


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("/v1/onsales/spring/sessions/1.ann/completion", True),
        ("/v1/onsales/spring/booking/a/completion", False),
        ("/v1/onsales/spring/booking/sessions/a/completion", False),
        ("/v1/onsales/spring/sessions/a/b/completion", False),
        ("/v1/onsales/spring/sessions/a/completion/b", False),
        ("/v1/onsales/a/b/sessions/c/completion", False),
    ],
)
def test_no_other_path_is_taken_for_a_completion(lean: Synthesised, path: str, *, counted: bool) -> None:
    rate = rules(lean.templates["Firewall"])["Completions"]["Statement"]["RateBasedStatement"]
    match = rate["ScopeDownStatement"]["RegexMatchStatement"]
    assert [each["Type"] for each in match["TextTransformations"]] == ["NONE"]
    assert bool(re.search(match["RegexString"], path)) is counted


def test_rules_that_aws_keeps_are_asked_and_a_large_body_stops_nobody(app: Synthesised) -> None:
    found = rules(app.templates["Firewall"])
    managed = {name: rule["Statement"]["ManagedRuleGroupStatement"] for name, rule in found.items() if "AWS" in name}
    assert set(managed) == {
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesCommonRuleSet",
    }
    counted = {
        name: [rule["Name"] for rule in each["RuleActionOverrides"] if rule["ActionToUse"] == {"Count": {}}]
        for name, each in managed.items()
        if "RuleActionOverrides" in each
    }
    assert counted == {"AWSManagedRulesCommonRuleSet": ["SizeRestrictions_BODY", "NoUserAgent_HEADER"]}
    assert len({rule["Priority"] for rule in found.values()}) == len(found)


def test_the_console_is_told_its_issuer_and_client_in_a_file_beside_it(made: Made, tmp_path: Path) -> None:
    staff = replace(LEAN, operators_issuer="https://staff.example.com", operators_client_id="console")
    synthesised = synthesise(staff, tmp_path)
    (told,) = synthesised.folder.rglob("console/settings.json")
    assert json.loads(told.read_text()) == console_settings("https://staff.example.com", "console")


def test_the_pools_console_learns_addresses_that_are_known_when_it_is_deployed(lean: Synthesised) -> None:
    for deployed in of_kind(lean.templates["Edge"], "Custom::CDKBucketDeployment"):
        *pages, settings = deployed["SourceMarkers"]
        assert pages == [{}] * (1 + len(LANGUAGES))
        assert any(
            "UserPoolClient" in json.dumps(value) or "Console" in json.dumps(value) for value in settings.values()
        )
