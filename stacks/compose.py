"""The five stacks, and what they are to one another. Dependencies point one way: each leans on those before it."""

from dataclasses import dataclass

from aws_cdk import CrossStackReferences, Environment, ReferenceStrength, Tags
from constructs import Construct

from stacks.build import Build
from stacks.edge.firewall import Firewall
from stacks.edge.stack import Edge
from stacks.monitoring.stack import Monitoring
from stacks.settings import Settings
from stacks.stateful.stack import Stateful
from stacks.stateless.stack import Stateless

FIREWALL_REGION = "us-east-1"
"""Where a web ACL must live that a CloudFront distribution is to use."""


@dataclass(frozen=True)
class Deployment:
    """One waiting room. `stateful` and the addresses of `edge` outlive every change of the rest."""

    stateful: Stateful
    firewall: Firewall
    edge: Edge
    stateless: Stateless
    monitoring: Monitoring


def compose(scope: Construct, *, settings: Settings, build: Build) -> Deployment:
    """Define a deployment under `scope`. The account stays open: nothing is looked up."""
    CrossStackReferences.of(scope).consume(ReferenceStrength.WEAK)  # so that any setting may change: decision 28
    env, name = Environment(region=settings.region), settings.name
    stateful = Stateful(scope, f"{name}Stateful", settings=settings, env=env)
    firewall = Firewall(scope, f"{name}Firewall", settings=settings, env=Environment(region=FIREWALL_REGION))
    edge = Edge(
        scope,
        f"{name}Edge",
        settings=settings,
        stateful=stateful,
        web_acl_arn=firewall.web_acl_arn,
        build=build,
        env=env,
    )
    stateless = Stateless(
        scope, f"{name}Stateless", settings=settings, stateful=stateful, edge=edge, build=build, env=env
    )
    monitoring = Monitoring(
        scope, f"{name}Monitoring", settings=settings, stateful=stateful, edge=edge, stateless=stateless, env=env
    )
    Tags.of(scope).add("fairline", name)
    return Deployment(stateful, firewall, edge, stateless, monitoring)
