"""Every template, read by those who know what AWS takes and what it should not be asked for."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from aws_cdk import Acknowledgment, App, Stack, Validations, aws_sqs
from cdk_nag import AwsSolutionsChecks
from cfnlint import api as cfnlint

from stacks.build import Build, NotBuilt
from tests.support.synthesis import STACKS, Synthesised


@cache
def complaints(template: str, region: str) -> list[str]:
    """What cfn-lint says of a template: errors and warnings. Some deployments have one in common."""
    return [f"{found.rule.id} {found.message} at {found.path}" for found in cfnlint.lint(template, regions=[region])]


def violations(app: Synthesised) -> list[str]:
    """What breaks one of cdk-nag's AwsSolutions rules and is not acknowledged with a reason."""
    report = AwsSolutionsChecks().validate_scope(app.root)
    return [f"{found.rule_name}: {where}" for found in report.violations for where in found.violating_resources]


def reasons(folder: Path) -> Iterator[tuple[str, str]]:
    """What is acknowledged in an app, as `construct rule`, and why."""
    for metadata in folder.glob("*.metadata.json"):
        for construct, entries in json.loads(metadata.read_text()).items():
            for entry in entries:
                if entry["type"] == "aws:cdk:acknowledged-rules":
                    yield from ((f"{construct} {rule}", reason) for rule, reason in entry["data"].items())


def unreasoned(folder: Path) -> list[str]:
    return [where for where, reason in reasons(folder) if len(reason.split()) < 2]


def test_cfn_lint_finds_neither_error_nor_warning(any_app: Synthesised) -> None:
    for stack in STACKS:
        assert complaints(any_app.text(stack), any_app.region_of(stack)) == [], stack


def test_cfn_lint_is_really_asked() -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}
    (found,) = complaints(json.dumps({"Resources": {"Queue": queue}}), "us-east-1")
    assert "Colour" in found


def test_no_rule_of_aws_solutions_is_broken_without_a_written_reason(any_app: Synthesised) -> None:
    assert violations(any_app) == []
    assert dict(reasons(any_app.folder))
    assert unreasoned(any_app.folder) == []


def test_the_rules_of_aws_solutions_are_really_asked_and_a_reason_is_looked_for(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    queue = aws_sqs.Queue(Stack(app, "Open"), "Queue")
    broken = {found.rule_name for found in AwsSolutionsChecks().validate_scope(app).violations}
    assert broken
    Validations.of(queue).acknowledge(*(Acknowledgment(id=rule, reason="") for rule in sorted(broken)))
    app.synth()
    assert unreasoned(tmp_path) == [f"/Open/Queue Annotation::{rule}" for rule in sorted(broken)]


def exports(app: Synthesised) -> set[str]:
    """What CloudFormation would not let go of while another stack imports it."""
    named = (
        output.get("Export") for template in app.templates.values() for output in template.get("Outputs", {}).values()
    )
    return {export["Name"].partition(":")[2] for export in named if export}


def test_no_setting_takes_away_what_another_stack_would_not_let_go(any_app: Synthesised, lean: Synthesised) -> None:
    assert exports(any_app) == exports(lean)


def test_a_dependency_layer_that_was_not_built_is_asked_for_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="make build/layer"):
        _ = Build(tmp_path).dependencies
