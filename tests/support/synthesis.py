"""The app, synthesised in this process: no account, no Docker, no command line."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aws_cdk import App
from constructs import IConstruct

from stacks.build import Build
from stacks.compose import FIREWALL_REGION, Deployment, compose
from stacks.settings import LEAN, STANDARD, Settings

ROOT = Path(__file__).resolve().parents[2]
STACKS = ("Stateful", "Firewall", "Edge", "Stateless", "Monitoring")

LISTENER = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2"
ELSEWHERE = replace(
    LEAN,
    name="Spring",
    identity="oidc",
    oidc_issuer="https://id.example.com/shop",
    oidc_client_id="page",
    oidc_origins=("https://login.example.com",),
    operators_issuer="https://staff.example.com/x",
    operators_client_id="console",
    booking_backend="https://shop.example.com/api/",
    domain_name="tickets.example.com",
    certificate_arn="arn:aws:acm:us-east-1:111122223333:certificate/a1",
    alarm_email="night@example.com",
)
"""Accounts, a shop at a public address, a name of its own."""
PRIVATE = replace(
    STANDARD,
    region="eu-central-1",
    cache_engine="valkey",
    booking_backend=LISTENER,
    booking_subnets=("subnet-0a1b2c3d", "subnet-1a1b2c3d"),
    booking_security_groups=("sg-0a1b2c3d",),
    guest_places_per_address=2_000,
    guest_one_per_browser=False,
    retain=False,
)
"""Valkey, a shop behind a listener, another Region, guests counted by address, nothing kept."""

Resource = dict[str, Any]


@dataclass(frozen=True)
class Synthesised:
    """A deployment and its templates by stack, without the deployment's name."""

    settings: Settings
    deployment: Deployment
    templates: Mapping[str, dict[str, Any]]
    folder: Path

    @property
    def root(self) -> IConstruct:
        """The app."""
        return self.deployment.stateful.node.root

    def text(self, stack: str) -> str:
        """A template as it was written."""
        return (self.folder / f"{self.settings.name}{stack}.template.json").read_text()

    def region_of(self, stack: str) -> str:
        """Where a stack is deployed to."""
        return FIREWALL_REGION if stack == "Firewall" else self.settings.region

    def resources(self, kind: str | None = None) -> Iterator[tuple[str, Resource]]:
        """`(stack.LogicalId, resource)` of every resource, or of one type."""
        for stack, template in self.templates.items():
            for name, resource in template["Resources"].items():
                if kind in (None, resource["Type"]):
                    yield f"{stack}.{name}", resource

    def properties(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of every resource of a type, by `stack.LogicalId`."""
        return {name: resource.get("Properties", {}) for name, resource in self.resources(kind)}

    def told(self, stack: str, value: Any) -> str:
        """A value of a stack's template as one text, whichever stack it comes from.

        A resource is `<Stack.LogicalId>` in it, its attribute `<Stack.LogicalId.Attribute>`.
        """
        if isinstance(value, str):
            return value
        ((function, of),) = value.items()
        if function == "Fn::Join":
            return str(of[0]).join(self.told(stack, part) for part in of[1])
        if function == "Fn::GetStackOutput":
            return self._output(of["StackName"], of["OutputName"])
        if function == "Fn::ImportValue":
            return self._output(*of.split(":"))
        if function == "Fn::GetAtt":
            return f"<{stack}.{'.'.join(of)}>"
        return f"<{of}>" if of.startswith("AWS::") else f"<{stack}.{of}>"

    def output(self, stack: str, name: str) -> str:
        """What a stack tells, as text; empty if it tells no such thing."""
        output = self.templates[stack].get("Outputs", {}).get(name)
        return self.told(stack, output["Value"]) if output else ""

    def _output(self, stack_name: str, name: str) -> str:
        return self.output(stack_name.removeprefix(self.settings.name), name)


def synthesise(settings: Settings, folder: Path, root: Path = ROOT) -> Synthesised:
    """Templates of `settings`, from the sources under `root`, written to `folder`."""
    app = App(outdir=str(folder), analytics_reporting=False)
    deployment = compose(app, settings=settings, build=Build(root, layer=ROOT / "build" / "layer"))
    app.synth()
    templates = {stack: json.loads((folder / f"{settings.name}{stack}.template.json").read_text()) for stack in STACKS}
    return Synthesised(settings, deployment, templates, folder)


def of_kind(template: Mapping[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """The properties of every resource of a type by logical id. `kind` without `AWS::`."""
    found = template["Resources"].items()
    return {name: made.get("Properties", {}) for name, made in found if made["Type"] in {kind, f"AWS::{kind}"}}


def listed(value: Any) -> list[Any]:
    """What a policy may say as one or as a list of one."""
    return value if isinstance(value, list) else [value]
