"""The CDK snippets of the guide, synthesised."""

from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from docs.examples.api_gateway import ShopApi
from docs.examples.load_balancer import ShopBalancer
from tests.support.synthesis import of_kind

ISSUER = "https://d111111abcdef8.cloudfront.net"
ONSALES = ["winter", "spring"]


@pytest.fixture(scope="module")
def api() -> Any:
    app = App(analytics_reporting=False)
    shop = lambda_.Function(
        Stack(app, "Shop"),
        "Shop",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
    )
    return Template.from_stack(ShopApi(app, "Api", issuer=ISSUER, onsales=ONSALES, shop=shop)).to_json()


@pytest.fixture(scope="module")
def balancer() -> Any:
    app = App(analytics_reporting=False)
    around = Stack(app, "Around")
    arn = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
    certificate = acm.Certificate.from_certificate_arn(around, "Certificate", arn)
    vpc = ec2.Vpc(around, "Vpc", nat_gateways=0)
    made = ShopBalancer(app, "Balancer", issuer=ISSUER, onsales=ONSALES, vpc=vpc, certificate=certificate)
    return Template.from_stack(made).to_json()


def test_api_gateway_lets_each_onsales_visitors_into_that_onsale_alone(api: Any) -> None:
    authorizers = of_kind(api, "ApiGatewayV2::Authorizer")
    routes = of_kind(api, "ApiGatewayV2::Route").values()
    audiences = {}
    for route in routes:
        assert route["AuthorizationType"] == "JWT"
        said = authorizers[route["AuthorizerId"]["Ref"]]["JwtConfiguration"]
        assert said["Issuer"] == ISSUER
        audiences[route["RouteKey"]] = said["Audience"]
    assert audiences == {"ANY /winter/{proxy+}": ["winter"], "ANY /spring/{proxy+}": ["spring"]}


def test_a_load_balancer_lets_each_onsales_visitors_into_that_onsale_alone(balancer: Any) -> None:
    rules = of_kind(balancer, "ElasticLoadBalancingV2::ListenerRule").values()
    audiences = {}
    for rule in rules:
        check, forward = sorted(rule["Actions"], key=lambda action: action["Order"])
        assert (check["Type"], forward["Type"]) == ("jwt-validation", "forward")
        said = check["JwtValidationConfig"]
        assert (said["Issuer"], said["JwksEndpoint"]) == (ISSUER, f"{ISSUER}/.well-known/jwks.json")
        ((path,),) = (condition["PathPatternConfig"]["Values"] for condition in rule["Conditions"])
        audiences[path] = said["AdditionalClaims"]
    assert audiences == {
        f"/{onsale}/*": [{"Name": "aud", "Format": "single-string", "Values": [onsale]}] for onsale in ONSALES
    }


def test_a_load_balancer_answers_nobody_elsewhere(balancer: Any) -> None:
    (listener,) = of_kind(balancer, "ElasticLoadBalancingV2::Listener").values()
    (default,) = listener["DefaultActions"]
    assert (listener["Protocol"], default["Type"]) == ("HTTPS", "fixed-response")
    assert default["FixedResponseConfig"]["StatusCode"] == "404"
