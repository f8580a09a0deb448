"""Starts the emulator, with what it lacks and our templates need. Runs in the emulator's own environment.

Each addition stands for one gap, and `test_canaries_of_the_emulator.py` has a test that fails when the gap has closed.
"""

import json
from collections.abc import Mapping
from typing import Any

from ministack import app  # type: ignore[import-not-found]
from ministack.core import iam_actions, iam_evaluator  # type: ignore[import-not-found]
from ministack.services import apigateway  # type: ignore[import-not-found]
from ministack.services.cloudformation import provisioners  # type: ignore[import-not-found]


def _route_response(_logical_id: str, properties: Mapping[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
    """`AWS::ApiGatewayV2::RouteResponse`."""
    route = properties["RouteId"].rpartition("/")[2]
    wanted = {"routeResponseKey": properties["RouteResponseKey"]}
    status, _, body = apigateway._create_route_response(properties["ApiId"], route, wanted)
    if status >= 400:
        raise ValueError(body)
    return json.loads(body)["routeResponseId"], {}


def _written_down(logical_id: str, _properties: Mapping[str, Any], stack: str) -> tuple[str, dict[str, str]]:
    """A resource that has no effect here."""
    name = f"{stack}-{logical_id}"
    return name, {"Id": name, "Arn": f"arn:aws:none:::{name}"}


def _nothing(_physical_id: str, _properties: Mapping[str, Any]) -> None:
    """Nothing to remove."""


UNKNOWN_TYPES = {
    "AWS::ApiGatewayV2::RouteResponse": _route_response,
    "AWS::EC2::FlowLog": _written_down,
    "AWS::EC2::SecurityGroupEgress": _written_down,
    "AWS::EC2::SecurityGroupIngress": _written_down,
}


def register_types() -> None:
    """Let CloudFormation make what it does not know."""
    for kind, create in UNKNOWN_TYPES.items():
        if kind not in provisioners._RESOURCE_HANDLERS:
            provisioners._RESOURCE_HANDLERS[kind] = {"create": create, "delete": _nothing}


def name_secrets_by_arn() -> None:
    """Let `Ref` of a secret be its ARN, not its name."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create = handlers["create"]

    def by_arn(logical_id: str, properties: Mapping[str, Any], stack: str) -> tuple[str, dict[str, str]]:
        name, attributes = create(logical_id, properties, stack)
        return attributes.get("Id", name), attributes

    handlers["create"] = by_arn


def accept_alarms_on_sums() -> None:
    """Write down alarms on more than one metric, which it would refuse."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]
    create = handlers["create"]

    def any_alarm(logical_id: str, properties: Mapping[str, Any], stack: str) -> tuple[str, dict[str, str]]:
        made: tuple[str, dict[str, str]] = (_written_down if "Metrics" in properties else create)(
            logical_id, properties, stack
        )
        return made

    handlers["create"] = any_alarm


def tell_issuer() -> None:
    """Give a user pool the attribute `ProviderURL`."""
    known = provisioners._cognito_user_pool_attributes

    def with_url(pool_id: str) -> dict[str, str]:
        attributes: dict[str, str] = known(pool_id)
        return {"ProviderURL": f"https://{attributes['ProviderName']}", **attributes}

    provisioners._cognito_user_pool_attributes = with_url


def ask_gates_without_a_token() -> None:
    """Ask an authorizer without identity source at every request: it would put the header `Authorization` there."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Authorizer"]
    create = handlers["create"]

    def as_told(logical_id: str, properties: Mapping[str, Any], stack: str) -> tuple[str, dict[str, str]]:
        made: tuple[str, dict[str, str]] = create(logical_id, {"IdentitySource": [], **properties}, stack)
        return made

    handlers["create"] = as_told


def map_parameters_of_functions() -> None:
    """Apply an integration's request parameters before a function is invoked: here only HTTP backends get that."""
    invoke = apigateway._invoke_lambda_proxy

    async def mapped(integration: Any, *request: Any, **named: Any) -> Any:
        api, stage, path, method, headers, *rest = request
        context = {f"authorizer.{name}": value for name, value in (named["authorizer_lambda_context"] or {}).items()}
        headers, _, _ = apigateway._apply_request_parameter_mappings(
            integration,
            request_headers=headers,
            request_query={},
            request_path=path,
            path_params={},
            context_vars=context,
            stage_vars={},
        )
        return await invoke(integration, api, stage, path, method, headers, *rest, **named)

    apigateway._invoke_lambda_proxy = mapped


def keep_connected_at() -> None:
    """Say in every event of a socket when it connected, not when the event came."""
    made = apigateway._ws_request_context
    connected: dict[str, int] = {}

    def with_connected_at(*told: Any) -> dict[str, Any]:
        context: dict[str, Any] = made(*told)
        at = connected.setdefault(context["connectionId"], context["connectedAt"])
        return {**context, "connectedAt": at}

    apigateway._ws_request_context = with_connected_at


def tell_leading_keys() -> None:
    """Give policies `dynamodb:LeadingKeys`: the partition keys that a request names."""
    known = iam_actions.dynamodb_service_context

    def with_leading_keys(body: bytes) -> dict[str, Any]:
        context: dict[str, Any] = known(body)
        if leading := leading_keys(json.loads(body or b"{}")):
            context["dynamodb:LeadingKeys"] = leading
        return context

    iam_actions.dynamodb_service_context = with_leading_keys


def arrive_over_tls() -> None:
    """Let policies see requests as on AWS, where none comes in clear: a bucket that asks for TLS would refuse."""
    known = iam_evaluator._resolve_condition_key

    def over_tls(key: str, context: Any) -> Any:
        return "true" if key.lower() == "aws:securetransport" else known(key, context)

    iam_evaluator._resolve_condition_key = over_tls


def leading_keys(request: Mapping[str, Any]) -> list[str]:
    """The partition keys in a call for one item or a query, of the tables that this emulator holds."""
    from ministack.services import dynamodb

    table = dynamodb._tables.get(str(request.get("TableName", "")).rpartition("/")[2])
    if table is None or request.get("IndexName"):
        return []
    name = next(key["AttributeName"] for key in table["KeySchema"] if key["KeyType"] == "HASH")
    named = request.get("Key") or request.get("Item") or {}
    return [*(_text(named[name]) if name in named else []), *_queried(request, name)]


def _queried(request: Mapping[str, Any], name: str) -> list[str]:
    names = request.get("ExpressionAttributeNames") or {}
    values = request.get("ExpressionAttributeValues") or {}
    for part in str(request.get("KeyConditionExpression", "")).split(" AND "):
        left, _, right = (word.strip() for word in part.partition("="))
        if names.get(left, left) == name:
            return _text(values[right])
    return []


def _text(value: Mapping[str, str]) -> list[str]:
    return list(value.values())


def main() -> None:
    """Fill the gaps, then serve."""
    register_types()
    name_secrets_by_arn()
    accept_alarms_on_sums()
    tell_issuer()
    ask_gates_without_a_token()
    map_parameters_of_functions()
    keep_connected_at()
    tell_leading_keys()
    arrive_over_tls()
    app.main()


if __name__ == "__main__":
    main()
