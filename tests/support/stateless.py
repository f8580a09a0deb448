"""The stateless stack with what it keeps things in, and a small stand-in for the addresses in front of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_secretsmanager as secretsmanager

from stacks.build import Build
from stacks.edge.stack import Edge
from stacks.functions import FUNCTIONS, Function
from stacks.settings import LEAN, STANDARD, Settings
from stacks.stateful.stack import Stateful
from stacks.stateless.stack import Stateless

ROOT = Path(__file__).resolve().parents[2]

LISTENER = "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2"
KINDS = {
    "lean": LEAN,
    "standard": STANDARD,
    "elsewhere": replace(
        LEAN,
        identity="oidc",
        oidc_issuer="https://id.example.com",
        oidc_client_id="page",
        booking_backend="https://shop.example.com/api/",
        retain=False,
    ),
    "private": replace(
        LEAN, booking_backend=LISTENER, booking_subnets=("subnet-1",), booking_security_groups=("sg-1",)
    ),
}
"""Deployments that differ in everything that this stack makes of its settings."""

Properties = dict[str, Any]


class Addresses(Stack):
    """What the stateless stack is told of the edge."""

    public_url = "https://tickets.example.com"
    websocket_url = "wss://sockets.example.com/live"
    sockets_url = "https://sockets.example.com/live"
    operators_audience = ("console",)

    def __init__(self, app: App, construct_id: str, *, env: Environment) -> None:
        super().__init__(app, construct_id, env=env)
        self.http_api = gateway.HttpApi(self, "HttpApi", create_default_stage=False)
        self.websocket_api = gateway.WebSocketApi(self, "WebSocketApi")
        self.origin_secret = secretsmanager.Secret(self, "OriginSecret")


@dataclass(frozen=True)
class Answering:
    """A template of the stateless stack, and the stack it was written from."""

    stack: Stateless
    template: Mapping[str, Any]

    def resources(self, kind: str) -> dict[str, Properties]:
        """The properties of every resource of a type by logical id. `kind` without `AWS::`."""
        found = self.template["Resources"].items()
        return {name: made.get("Properties", {}) for name, made in found if made["Type"] in {kind, f"AWS::{kind}"}}

    def only(self, kind: str) -> Properties:
        """The properties of the one resource of a type."""
        (found,) = self.resources(kind).values()
        return found

    def function(self, name: str) -> Properties:
        """One function by its name."""
        functions = self.resources("Lambda::Function").values()
        (found,) = [each for each in functions if each["Description"].endswith(f": {name}")]
        return found

    def role(self, name: str) -> list[dict[str, Any]]:
        """The statements of one function's role: there is no other policy of it."""
        reference = self.function(name)["Role"]["Fn::GetAtt"][0]
        (policy,) = self.template["Resources"][reference]["Properties"]["Policies"]
        statements: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
        return statements

    def logical_id(self, name: str) -> str:
        """The logical id of one function."""
        wanted = self.function(name)
        return next(found for found, made in self.resources("Lambda::Function").items() if made is wanted)

    @property
    def deployed(self) -> list[Function]:
        """The functions that there are."""
        return [function for function in FUNCTIONS if function.name in self.stack.functions]

    def invoked(self, value: object) -> str:
        """The name of the function that a value leads to, by itself or by its alias."""
        names = references(value)
        for alias, properties in self.resources("Lambda::Alias").items():
            names |= references(properties["FunctionName"]) if alias in names else set()
        (name,) = [function.name for function in self.deployed if self.logical_id(function.name) in names]
        return name


def references(value: object) -> set[str]:
    """The logical ids that a value of a template refers to."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    if "Ref" in value:
        return {value["Ref"]}
    return {value["Fn::GetAtt"][0]} if "Fn::GetAtt" in value else references(list(value.values()))


@cache
def made(kind: str) -> Answering:
    """A deployment of `KINDS`, synthesised once."""
    with TemporaryDirectory() as folder:
        return answering(KINDS[kind], Path(folder))


def answering(settings: Settings, folder: Path, *, root: Path = ROOT) -> Answering:
    """Synthesise the stateless stack of `settings` from the sources under `root`, into `folder`."""
    layer = folder / "layer"
    (layer / "python").mkdir(parents=True)
    (layer / "python" / "dependency.py").write_text("")
    app, env = App(outdir=str(folder / "out"), analytics_reporting=False), Environment(region=settings.region)
    stateful = Stateful(app, "Stateful", settings=settings, env=env)
    edge = cast("Edge", Addresses(app, "Edge", env=env))
    stack = Stateless(
        app, "Stateless", settings=settings, stateful=stateful, edge=edge, build=Build(root, layer=layer), env=env
    )
    app.synth()
    return Answering(stack, json.loads((folder / "out" / "Stateless.template.json").read_text()))
