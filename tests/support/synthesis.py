"""The app, synthesised in this process: no account, no Docker, no command line."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import App
from constructs import IConstruct

from stacks.build import Build
from stacks.compose import FIREWALL_REGION, Deployment, compose
from stacks.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
STACKS = ("Stateful", "Firewall", "Edge", "Stateless", "Monitoring")

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


def synthesise(settings: Settings, folder: Path, root: Path = ROOT) -> Synthesised:
    """Templates of `settings`, from the sources under `root`, written to `folder`."""
    app = App(outdir=str(folder), analytics_reporting=False)
    deployment = compose(app, settings=settings, build=Build(root, layer=ROOT / "build" / "layer"))
    app.synth()
    templates = {stack: json.loads((folder / f"{settings.name}{stack}.template.json").read_text()) for stack in STACKS}
    return Synthesised(settings, deployment, templates, folder)
