"""What answers requests: each route with its function and its authorizer, and with limits."""

import json
from typing import Any

import pytest

from fairline.routes import (
    DEFAULT_FUNCTION,
    GATE_HEADERS,
    HTTP_ROUTES,
    OPERATOR_SCOPE,
    ORIGIN_HEADER,
    SOCKET_AUTHORIZER,
    SOCKET_ROUTES,
)
from tests.support.stateless import KINDS, LISTENER, Answering, made, references

REGISTER = "POST /v1/onsales/{onsale}/registrations"
BOOKING = "ANY /v1/onsales/{onsale}/booking/{proxy+}"


@pytest.fixture(params=KINDS)
def any_app(request: pytest.FixtureRequest) -> Answering:
    return made(request.param)


@pytest.fixture
def lean() -> Answering:
    return made("lean")


def routes(app: Answering, *, protocol: str = "Http") -> dict[str, dict[str, Any]]:
    """The routes of one API by their keys: both have a `$default`."""
    found = app.resources("ApiGatewayV2::Route").values()
    return {each["RouteKey"]: each for each in found if f"{protocol}Api" in json.dumps(each["ApiId"])}


def integration(app: Answering, route: dict[str, Any]) -> dict[str, Any]:
    (target,) = references(route["Target"])
    return app.resources("ApiGatewayV2::Integration")[target]


def authorizer(app: Answering, route: dict[str, Any]) -> dict[str, Any]:
    return app.resources("ApiGatewayV2::Authorizer")[route["AuthorizerId"]["Ref"]]


def test_there_are_the_routes_of_the_table_and_no_others(any_app: Answering) -> None:
    assert set(routes(any_app)) == {"$default", *(route.key for route in HTTP_ROUTES)}
    assert set(routes(any_app, protocol="WebSocket")) == set(SOCKET_ROUTES)


def test_every_route_reaches_its_function(any_app: Answering) -> None:
    wanted = {route.key: route.function for route in HTTP_ROUTES} | {"$default": DEFAULT_FUNCTION}
    for key, route in routes(any_app).items():
        if wanted[key] in any_app.stack.functions:
            assert any_app.invoked(integration(any_app, route)["IntegrationUri"]) == wanted[key]
    for key, route in routes(any_app, protocol="WebSocket").items():
        assert any_app.invoked(integration(any_app, route)["IntegrationUri"]) == SOCKET_ROUTES[key]


def test_api_gateway_may_call_each_function_that_it_is_to_call_from_its_own_routes_alone(any_app: Answering) -> None:
    permissions = any_app.resources("Lambda::Permission").values()
    called = {any_app.invoked(each["FunctionName"]) for each in permissions}
    behind = {route.function for route in HTTP_ROUTES} | set(SOCKET_ROUTES.values()) | {"authorize", SOCKET_AUTHORIZER}
    assert called == behind & set(any_app.stack.functions)
    for each in permissions:
        assert each["Principal"] == "apigateway.amazonaws.com"
        assert "Api" in json.dumps(each["SourceArn"])


def test_operators_routes_want_a_token_of_the_operators_issuer_with_the_scope(any_app: Answering) -> None:
    wanted = {route.key for route in HTTP_ROUTES if route.authorizer == "operator"}
    assert wanted
    for key in wanted:
        route = routes(any_app)[key]
        assert (route["AuthorizationType"], route["AuthorizationScopes"]) == ("JWT", [OPERATOR_SCOPE])
        assert authorizer(any_app, route)["JwtConfiguration"]["Audience"] == ["console"]
        assert authorizer(any_app, route)["IdentitySource"] == ["$request.header.Authorization"]


def test_registering_wants_an_id_token_where_visitors_sign_in_and_nothing_of_guests(lean: Answering) -> None:
    signed_in = made("elsewhere")
    asked = authorizer(signed_in, routes(signed_in)[REGISTER])
    assert asked["JwtConfiguration"] == {"Issuer": "https://id.example.com", "Audience": ["page"]}
    assert routes(lean)[REGISTER]["AuthorizationType"] == "NONE"


def test_routes_without_an_authorizer_in_the_table_have_none(any_app: Answering) -> None:
    for key in ("$default", *(route.key for route in HTTP_ROUTES if route.authorizer is None)):
        assert routes(any_app)[key]["AuthorizationType"] == "NONE", key


def test_the_gate_is_asked_at_every_request_even_one_without_a_token(any_app: Answering) -> None:
    route = routes(any_app)[BOOKING]
    gate = authorizer(any_app, route)
    assert route["AuthorizationType"] == "CUSTOM"
    assert gate["AuthorizerResultTtlInSeconds"] == 0
    assert "IdentitySource" not in gate
    assert (gate["AuthorizerType"], gate["AuthorizerPayloadFormatVersion"]) == ("REQUEST", "2.0")
    assert gate["EnableSimpleResponses"] is True
    assert any_app.invoked(gate["AuthorizerUri"]) == "authorize"


def test_a_socket_is_opened_by_visitor_token(any_app: Answering) -> None:
    sockets = routes(any_app, protocol="WebSocket")
    asked = authorizer(any_app, sockets["$connect"])
    assert asked["IdentitySource"] == ["route.request.querystring.visitor_token"]
    assert any_app.invoked(asked["AuthorizerUri"]) == SOCKET_AUTHORIZER
    assert [key for key, route in sockets.items() if "AuthorizerId" in route] == ["$connect"]


def test_what_a_client_says_on_its_socket_is_answered_there(lean: Answering) -> None:
    sockets = routes(lean, protocol="WebSocket")
    answered = {key for key, route in sockets.items() if "RouteResponseSelectionExpression" in route}
    response = lean.only("ApiGatewayV2::RouteResponse")
    (route,) = references(response["RouteId"])
    assert answered == {"$default"}
    assert lean.resources("ApiGatewayV2::Route")[route] is sockets["$default"]


def mapping(app: Answering) -> dict[str, str]:
    found: dict[str, str] = integration(app, routes(app)[BOOKING])["RequestParameters"]
    return found


def test_no_client_can_set_the_headers_that_say_who_is_calling(any_app: Answering) -> None:
    for header, name in GATE_HEADERS.items():
        assert mapping(any_app)[f"overwrite:header.{header}"] == f"$context.authorizer.{name}"


def test_a_backend_that_is_not_ours_does_not_learn_the_cdns_secret(lean: Answering) -> None:
    removed = f"remove:header.{ORIGIN_HEADER}"
    assert {kind for kind in KINDS if removed in mapping(made(kind))} == {"elsewhere", "private"}
    assert lean.function("booking")["Environment"]["Variables"]["KEYS_TABLE"]  # the sample one checks it


def test_a_backend_elsewhere_is_asked_for_what_follows_booking() -> None:
    app = made("elsewhere")
    assert integration(app, routes(app)[BOOKING]) | {"ApiId": None, "RequestParameters": None} == {
        "ApiId": None,
        "IntegrationType": "HTTP_PROXY",
        "IntegrationMethod": "ANY",
        "IntegrationUri": "https://shop.example.com/api/{proxy}",
        "PayloadFormatVersion": "1.0",
        "RequestParameters": None,
    }


def test_a_private_backend_is_reached_through_a_link_into_its_own_subnets() -> None:
    app = made("private")
    found = integration(app, routes(app)[BOOKING])
    link = app.resources("ApiGatewayV2::VpcLink")[found["ConnectionId"]["Ref"]]
    assert (found["ConnectionType"], found["IntegrationUri"]) == ("VPC_LINK", LISTENER)
    assert found["RequestParameters"]["overwrite:path"] == "/${request.path.proxy}"
    assert (link["SubnetIds"], link["SecurityGroupIds"]) == (["subnet-1"], ["sg-1"])


def stage(app: Answering, name: str) -> dict[str, Any]:
    (found,) = [each for each in app.resources("ApiGatewayV2::Stage").values() if each["StageName"] == name]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_both_stages_are_throttled_as_a_whole(kind: str) -> None:
    rate, burst = KINDS[kind].api_throttle
    for name in ("$default", "live"):
        throttle = stage(made(kind), name)["DefaultRouteSettings"]
        assert (throttle["ThrottlingRateLimit"], throttle["ThrottlingBurstLimit"]) == (rate, burst)
        assert not throttle.get("DataTraceEnabled")


@pytest.mark.parametrize("kind", KINDS)
def test_the_routes_that_give_and_show_places_are_throttled_apart(kind: str) -> None:
    rate, burst = KINDS[kind].registration_throttle
    apart = {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}
    places = [route.key for route in HTTP_ROUTES if route.function in {"register", "place"}]
    assert stage(made(kind), "$default")["RouteSettings"] == dict.fromkeys(places, apart)


def test_a_stage_that_names_routes_waits_for_them(lean: Answering) -> None:
    waits = next(
        made["DependsOn"]
        for made in lean.template["Resources"].values()
        if made["Type"] == "AWS::ApiGatewayV2::Stage" and made["Properties"]["StageName"] == "$default"
    )
    named = {name for name, route in lean.resources("ApiGatewayV2::Route").items() if "HttpApi" in json.dumps(route)}
    assert named <= set(waits)


def test_the_access_log_holds_no_path_no_query_and_nobody(any_app: Answering) -> None:
    log = stage(any_app, "$default")["AccessLogSettings"]
    assert set(json.loads(log["Format"]).values()) == {
        "$context.routeKey",
        "$context.status",
        "$context.responseLatency",
        "$context.authorizer.onsale",
        "$context.requestId",
        "$context.integrationErrorMessage",
    }
    assert references(log["DestinationArn"]) & set(any_app.resources("Logs::LogGroup"))
    assert "AccessLogSettings" not in stage(any_app, "live")
