"""What answers requests: each route with its function and its authorizer, and with limits."""

import json
from collections.abc import Iterator
from typing import Any

from fairline.routes import (
    DEFAULT_FUNCTION,
    GATE_HEADERS,
    HTTP_ROUTES,
    OPERATOR_SCOPE,
    ORIGIN_HEADER,
    SOCKET_AUTHORIZER,
    SOCKET_ROUTES,
)
from tests.support.stateless import Answering, references
from tests.support.synthesis import LISTENER, Synthesised

REGISTER = "POST /v1/onsales/{onsale}/registrations"
BOOKING = "ANY /v1/onsales/{onsale}/booking/{proxy+}"


def routes(app: Answering, *, protocol: str = "Http") -> dict[str, dict[str, Any]]:
    """The routes of one API by their keys: both have a `$default`."""
    found = app.resources("ApiGatewayV2::Route").values()
    return {each["RouteKey"]: each for each in found if f"{protocol}Api" in json.dumps(each["ApiId"])}


def integration(app: Answering, route: dict[str, Any]) -> dict[str, Any]:
    (target,) = references(route["Target"])
    return app.resources("ApiGatewayV2::Integration")[target]


def authorizer(app: Answering, route: dict[str, Any]) -> dict[str, Any]:
    return app.resources("ApiGatewayV2::Authorizer")[route["AuthorizerId"]["Ref"]]


def test_there_are_the_routes_of_the_table_and_no_others(any_answering: Answering) -> None:
    assert set(routes(any_answering)) == {"$default", *(route.key for route in HTTP_ROUTES)}
    assert set(routes(any_answering, protocol="WebSocket")) == set(SOCKET_ROUTES)


def test_every_route_reaches_its_function(any_answering: Answering) -> None:
    wanted = {route.key: route.function for route in HTTP_ROUTES} | {"$default": DEFAULT_FUNCTION}
    for key, route in routes(any_answering).items():
        if wanted[key] in any_answering.stack.functions:
            assert any_answering.invoked(integration(any_answering, route)["IntegrationUri"]) == wanted[key]
    for key, route in routes(any_answering, protocol="WebSocket").items():
        assert any_answering.invoked(integration(any_answering, route)["IntegrationUri"]) == SOCKET_ROUTES[key]


def callers(app: Answering) -> Iterator[tuple[str, str]]:
    """Each function that API Gateway is to call, and where from. What answers all else is called from everywhere."""
    of_route = {route.key: (route.function, f"/*/*{route.path}") for route in HTTP_ROUTES}
    of_route["$default"] = (DEFAULT_FUNCTION, "/*/*")
    for key, route in routes(app).items():
        yield of_route[key][0], f"{app.told(route['ApiId'])}{of_route[key][1]}"
    for key, route in routes(app, protocol="WebSocket").items():
        yield SOCKET_ROUTES[key], f"{app.told(route['ApiId'])}/*{key}"
    for name, each in app.resources("ApiGatewayV2::Authorizer").items():
        if "AuthorizerUri" in each:
            yield app.invoked(each["AuthorizerUri"]), f"{app.told(each['ApiId'])}/authorizers/<Stateless.{name}>"


def test_api_gateway_may_call_each_function_that_it_is_to_call_from_its_own_routes_alone(
    any_answering: Answering,
) -> None:
    permissions = any_answering.resources("Lambda::Permission").values()
    here = f"arn:<AWS::Partition>:execute-api:{any_answering.app.settings.region}:<AWS::AccountId>:"
    found = {
        (any_answering.invoked(each["FunctionName"]), any_answering.told(each["SourceArn"])) for each in permissions
    }
    there = any_answering.stack.functions
    assert found == {(name, f"{here}{source}") for name, source in callers(any_answering) if name in there}
    assert {each["Principal"] for each in permissions} == {"apigateway.amazonaws.com"}


def operators(app: Synthesised) -> tuple[str, str]:
    """Whose tokens operators show, and the one client that they are made for."""
    pool = app.output("Stateful", "OperatorsPool").removesuffix(">")
    return f"{pool}.ProviderURL>" if pool else app.settings.operators_issuer, app.output("Edge", "OperatorsClientId")


def test_operators_routes_want_a_token_of_the_operators_issuer_with_the_scope(any_answering: Answering) -> None:
    wanted = {route.key for route in HTTP_ROUTES if route.authorizer == "operator"}
    assert wanted
    for key in wanted:
        route = routes(any_answering)[key]
        asked = authorizer(any_answering, route)
        (audience,) = asked["JwtConfiguration"]["Audience"]
        shown = (any_answering.told(asked["JwtConfiguration"]["Issuer"]), any_answering.told(audience))
        assert (route["AuthorizationType"], route["AuthorizationScopes"]) == ("JWT", [OPERATOR_SCOPE])
        assert shown == operators(any_answering.app)
        assert asked["IdentitySource"] == ["$request.header.Authorization"]


def test_registering_wants_an_id_token_where_visitors_sign_in_and_nothing_of_guests(
    answering: Answering, elsewhere: Synthesised
) -> None:
    signed_in = Answering(elsewhere)
    asked = authorizer(signed_in, routes(signed_in)[REGISTER])
    assert asked["JwtConfiguration"] == {"Issuer": "https://id.example.com/shop", "Audience": ["page"]}
    assert routes(answering)[REGISTER]["AuthorizationType"] == "NONE"


def test_routes_without_an_authorizer_in_the_table_have_none(any_answering: Answering) -> None:
    for key in ("$default", *(route.key for route in HTTP_ROUTES if route.authorizer is None)):
        assert routes(any_answering)[key]["AuthorizationType"] == "NONE", key


def test_the_gate_is_asked_at_every_request_even_one_without_a_token(any_answering: Answering) -> None:
    route = routes(any_answering)[BOOKING]
    gate = authorizer(any_answering, route)
    assert route["AuthorizationType"] == "CUSTOM"
    assert gate["AuthorizerResultTtlInSeconds"] == 0
    assert "IdentitySource" not in gate
    assert (gate["AuthorizerType"], gate["AuthorizerPayloadFormatVersion"]) == ("REQUEST", "2.0")
    assert gate["EnableSimpleResponses"] is True
    assert any_answering.invoked(gate["AuthorizerUri"]) == "authorize"


def test_a_socket_is_opened_by_visitor_token(any_answering: Answering) -> None:
    sockets = routes(any_answering, protocol="WebSocket")
    asked = authorizer(any_answering, sockets["$connect"])
    assert asked["IdentitySource"] == ["route.request.querystring.visitor_token"]
    assert any_answering.invoked(asked["AuthorizerUri"]) == SOCKET_AUTHORIZER
    assert [key for key, route in sockets.items() if "AuthorizerId" in route] == ["$connect"]


def test_what_a_client_says_on_its_socket_is_answered_there(answering: Answering) -> None:
    sockets = routes(answering, protocol="WebSocket")
    answered = {key for key, route in sockets.items() if "RouteResponseSelectionExpression" in route}
    response = answering.only("ApiGatewayV2::RouteResponse")
    (route,) = references(response["RouteId"])
    assert answered == {"$default"}
    assert answering.resources("ApiGatewayV2::Route")[route] is sockets["$default"]


def mapping(app: Answering) -> dict[str, str]:
    found: dict[str, str] = integration(app, routes(app)[BOOKING])["RequestParameters"]
    return found


def test_no_client_can_set_the_headers_that_say_who_is_calling(any_answering: Answering) -> None:
    for header, name in GATE_HEADERS.items():
        assert mapping(any_answering)[f"overwrite:header.{header}"] == f"$context.authorizer.{name}"


def test_a_backend_that_is_not_ours_does_not_learn_the_cdns_secret(any_answering: Answering) -> None:
    ours = any_answering.app.settings.sample_backend
    assert (f"remove:header.{ORIGIN_HEADER}" in mapping(any_answering)) is not ours
    if ours:  # it checks the secret
        assert any_answering.function("booking")["Environment"]["Variables"]["KEYS_TABLE"]


def test_a_backend_elsewhere_is_asked_for_what_follows_booking(elsewhere: Synthesised) -> None:
    app = Answering(elsewhere)
    assert integration(app, routes(app)[BOOKING]) | {"ApiId": None, "RequestParameters": None} == {
        "ApiId": None,
        "IntegrationType": "HTTP_PROXY",
        "IntegrationMethod": "ANY",
        "IntegrationUri": "https://shop.example.com/api/{proxy}",
        "PayloadFormatVersion": "1.0",
        "RequestParameters": None,
    }


def test_a_private_backend_is_reached_through_a_link_into_its_own_subnets(private: Synthesised) -> None:
    app = Answering(private)
    found = integration(app, routes(app)[BOOKING])
    link = app.resources("ApiGatewayV2::VpcLink")[found["ConnectionId"]["Ref"]]
    assert (found["ConnectionType"], found["IntegrationUri"]) == ("VPC_LINK", LISTENER)
    assert found["RequestParameters"]["overwrite:path"] == "/${request.path.proxy}"
    settings = private.settings
    assert tuple(link["SubnetIds"]) == settings.booking_subnets
    assert tuple(link["SecurityGroupIds"]) == settings.booking_security_groups


def stage(app: Answering, name: str) -> dict[str, Any]:
    (found,) = [each for each in app.resources("ApiGatewayV2::Stage").values() if each["StageName"] == name]
    return found


def test_both_stages_are_throttled_as_a_whole(any_answering: Answering) -> None:
    rate, burst = any_answering.app.settings.api_throttle
    for name in ("$default", "live"):
        throttle = stage(any_answering, name)["DefaultRouteSettings"]
        assert (throttle["ThrottlingRateLimit"], throttle["ThrottlingBurstLimit"]) == (rate, burst)
        assert not throttle.get("DataTraceEnabled")


def test_the_routes_that_give_and_show_places_are_throttled_apart(any_answering: Answering) -> None:
    rate, burst = any_answering.app.settings.registration_throttle
    apart = {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}
    places = [route.key for route in HTTP_ROUTES if route.function in {"register", "place"}]
    assert stage(any_answering, "$default")["RouteSettings"] == dict.fromkeys(places, apart)


def test_a_stage_that_names_routes_waits_for_them(answering: Answering) -> None:
    waits = next(
        made["DependsOn"]
        for made in answering.template["Resources"].values()
        if made["Type"] == "AWS::ApiGatewayV2::Stage" and made["Properties"]["StageName"] == "$default"
    )
    named = {
        name for name, route in answering.resources("ApiGatewayV2::Route").items() if "HttpApi" in json.dumps(route)
    }
    assert named <= set(waits)


def test_the_access_log_holds_no_path_no_query_and_nobody(any_answering: Answering) -> None:
    log = stage(any_answering, "$default")["AccessLogSettings"]
    assert set(json.loads(log["Format"]).values()) == {
        "$context.routeKey",
        "$context.status",
        "$context.responseLatency",
        "$context.authorizer.onsale",
        "$context.requestId",
        "$context.integrationErrorMessage",
    }
    assert references(log["DestinationArn"]) & set(any_answering.resources("Logs::LogGroup"))
    assert "AccessLogSettings" not in stage(any_answering, "live")
