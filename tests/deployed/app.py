"""The product's own stacks, with what must differ where this machine stands in for AWS. A test lists it all."""

from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from aws_cdk import App, CliCredentialsStackSynthesizer, Fn
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_lambda as lambda_

from stacks.build import Build
from stacks.compose import Deployment, compose
from stacks.edge.addresses import SOCKET_STAGE
from stacks.edge.site import Site
from stacks.functions import FUNCTIONS
from stacks.settings import LEAN
from tests.deployed.host import Host
from tests.support.synthesis import ROOT

SETTINGS = LEAN
EXECUTE = "/_aws/execute-api"
"""Where the emulator serves APIs for whoever cannot resolve their names."""


@dataclass(frozen=True)
class Assembly:
    """What `cdk deploy` is given: `folder`, and the constructs it was made from."""

    folder: Path
    deployment: Deployment


def synthesise(host: Host, layer: Path, folder: Path) -> Assembly:
    """Synthesise into `folder`. The synthesizer needs no roles of a bootstrapped account."""
    app = App(outdir=str(folder), analytics_reporting=False, default_stack_synthesizer=CliCredentialsStackSynthesizer())
    with patch.object(Site, "fill"):  # its function runs the AWS CLI from /opt: the tests upload the page themselves
        deployment = compose(app, settings=SETTINGS, build=Build(ROOT, layer=layer))
    _readdress(deployment, host)
    app.synth()
    return Assembly(folder, deployment)


def _readdress(deployment: Deployment, host: Host) -> None:
    """What the CDK spells with AWS's domains is on this machine elsewhere."""
    sockets = Fn.join("", [f"127.0.0.1:{host.emulator}{EXECUTE}/", _socket_api(deployment), f"/{SOCKET_STAGE}"])
    addresses = {
        "PUBLIC_URL": host.public_url,
        "STATUS_URL": host.status_url,
        "WEBSOCKET_URL": f"ws://{sockets}",
        "SOCKETS_URL": f"http://{sockets}",
    }
    for function in FUNCTIONS:
        made = deployment.stateless.functions[function.name].node.default_child
        assert isinstance(made, lambda_.CfnFunction)
        for name in addresses.keys() & set(function.settings):
            made.add_property_override(f"Environment.Variables.{name}", addresses[name])
    _reroute(deployment, host)


def _socket_api(deployment: Deployment) -> str:
    api_id: str = deployment.edge.websocket_api.api_id
    return api_id


def _reroute(deployment: Deployment, host: Host) -> None:
    """From the CDN to the API: the emulator does not dial hosts of AWS."""
    distribution = deployment.edge.distribution.node.default_child
    assert isinstance(distribution, cloudfront.CfnDistribution)
    path = Fn.join("", [f"{EXECUTE}/", deployment.edge.http_api.api_id, "/$default"])
    for name, value in {
        "DomainName": "127.0.0.1",
        "OriginPath": path,
        "CustomOriginConfig.HTTPPort": host.emulator,
        "CustomOriginConfig.OriginProtocolPolicy": "http-only",
    }.items():
        distribution.add_property_override(f"DistributionConfig.Origins.1.{name}", value)
