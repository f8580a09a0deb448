"""What is deployed to the emulator is the product: it differs in what is listed here, and in nothing else."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.deployed.app import SETTINGS, Assembly
from tests.support.synthesis import STACKS, synthesise

Template = Mapping[str, Any]

NOT_BOOTSTRAPPED = {f"{stack} {part}" for stack in STACKS for part in ("Parameters", "Rules")}
"""The emulator has no bootstrap stack, whose version these sections check."""
CHECKED = {"Parameters": {"BootstrapVersion"}, "Rules": {"CheckBootstrapVersion"}}

FOUND_ELSEWHERE = {
    *(
        f"Stateless AWS::Lambda::Function Environment.Variables.{name}"
        for name in ("PUBLIC_URL", "STATUS_URL", "WEBSOCKET_URL", "SOCKETS_URL")
    ),
    *(
        f"Edge AWS::CloudFront::Distribution DistributionConfig.Origins.1.{name}"
        for name in (
            "DomainName",
            "OriginPath",
            "CustomOriginConfig.HTTPPort",
            "CustomOriginConfig.OriginProtocolPolicy",
        )
    ),
}
"""Addresses that have AWS's domains in them."""

MADE_FOR_THIS_MACHINE = {"Stateless AWS::Lambda::LayerVersion Content.S3Key"}
"""The dependencies, which are for another processor in the product's."""

MARKED_FOR_ITS_DEPLOYER = {"Edge AWS::S3::Bucket Tags"}

UPLOADED_BY_HAND = [
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::LayerVersion",
    "AWS::Logs::LogGroup",
    "Custom::CDKBucketDeployment",
    "Custom::CDKBucketDeployment",
]
"""Of Edge, for the page: what lays it into its bucket needs the AWS command line in `/opt`."""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Template]:
    return synthesise(SETTINGS, tmp_path_factory.mktemp("product")).templates


def deployed_templates(assembly: Assembly) -> Mapping[str, Template]:
    return {
        stack: json.loads((assembly.folder / f"{SETTINGS.name}{stack}.template.json").read_text()) for stack in STACKS
    }


def test_only_what_must_differ_differs(product: Mapping[str, Template], assembly: Assembly) -> None:
    there = deployed_templates(assembly)
    found = {difference for stack in STACKS for difference in differences(stack, product[stack], there[stack])}
    assert found == NOT_BOOTSTRAPPED | FOUND_ELSEWHERE | MADE_FOR_THIS_MACHINE | MARKED_FOR_ITS_DEPLOYER


def test_nothing_but_the_bootstrap_is_asked_for(product: Mapping[str, Template]) -> None:
    for template in product.values():
        assert {section: set(template[section]) for section in CHECKED} == CHECKED


def test_nothing_is_missing_but_what_uploads_the_page(product: Mapping[str, Template], assembly: Assembly) -> None:
    there = deployed_templates(assembly)
    missing = {stack: missing_types(product[stack], there[stack]) for stack in STACKS}
    assert missing.pop("Edge") == UPLOADED_BY_HAND
    assert not any(missing.values())
    assert not any(missing_types(there[stack], product[stack]) for stack in STACKS)


def missing_types(one: Template, other: Template) -> list[str]:
    """The types of resources that only `one` has."""
    return sorted(resource["Type"] for name, resource in one["Resources"].items() if name not in other["Resources"])


def differences(stack: str, one: Template, other: Template) -> Iterator[str]:
    """Where two templates differ in what both have."""
    for section in (one.keys() | other.keys()) - {"Resources"}:
        yield from (f"{stack} {section}{path}" for path in _paths(one.get(section), other.get(section)))
    for name in one["Resources"].keys() & other["Resources"].keys():
        resources = [_without_metadata(template["Resources"][name]) for template in (one, other)]
        kind = one["Resources"][name]["Type"]
        yield from (
            f"{stack} {kind} {path.removeprefix('.Properties').removeprefix('.')}" for path in _paths(*resources)
        )


def _without_metadata(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Paths of assets on this machine, which CloudFormation does not look at."""
    return {name: value for name, value in resource.items() if name != "Metadata"}


def _paths(one: Any, other: Any) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() | other.keys() != {"Fn::Join"}:
        for name in sorted(one.keys() | other.keys()):
            yield from (f".{name}{path}" for path in _paths(one.get(name), other.get(name)))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from (f".{number}{path}" for path in _paths(*pair))
    elif one != other:
        yield ""
