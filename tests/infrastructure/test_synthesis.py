"""Every template, read by those who know what AWS takes and what it should not be asked for."""

from dataclasses import replace
from pathlib import Path

import pytest
from aws_cdk import App, Stack, aws_sqs
from cdk_nag import AwsSolutionsChecks
from cfnlint import api as cfnlint

from stacks.build import Build, NotBuilt
from stacks.settings import LEAN, STANDARD
from tests.support.synthesis import STACKS, Synthesised, synthesise

LISTENER = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2"
OTHER_WAYS = {
    "accounts, a shop elsewhere, a name of its own": replace(
        LEAN,
        name="Spring",
        identity="oidc",
        oidc_issuer="https://id.example.com",
        oidc_client_id="page",
        operators_issuer="https://staff.example.com",
        operators_client_id="console",
        booking_backend="https://shop.example.com/api",
        domain_name="tickets.example.com",
        certificate_arn="arn:aws:acm:us-east-1:111122223333:certificate/a1",
        alarm_email="night@example.com",
    ),
    "Valkey, a shop behind a listener, another Region, nothing kept": replace(
        STANDARD,
        region="eu-central-1",
        cache_engine="valkey",
        booking_backend=LISTENER,
        booking_subnets=("subnet-0a1b2c3d", "subnet-1a1b2c3d"),
        booking_security_groups=("sg-0a1b2c3d",),
        retain=False,
    ),
}


@pytest.fixture(params=["lean", "standard", *OTHER_WAYS], scope="module")
def any_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    if request.param in OTHER_WAYS:
        return synthesise(OTHER_WAYS[request.param], tmp_path_factory.mktemp("other"))
    made: Synthesised = request.getfixturevalue(request.param)
    return made


def complaints(app: Synthesised) -> list[str]:
    """What cfn-lint says of each template: errors and warnings."""
    return [
        f"{stack}: {found.rule.id} {found.message} at {found.path}"
        for stack in STACKS
        for found in cfnlint.lint(app.text(stack), regions=[app.region_of(stack)])
    ]


def violations(app: Synthesised) -> list[str]:
    """What breaks one of cdk-nag's AwsSolutions rules and is not acknowledged with a reason."""
    report = AwsSolutionsChecks().validate_scope(app.root)
    return [f"{found.rule_name}: {where}" for found in report.violations for where in found.violating_resources]


def test_cfn_lint_finds_neither_error_nor_warning(any_app: Synthesised) -> None:
    assert complaints(any_app) == []


def test_no_rule_of_aws_solutions_is_broken_without_a_written_reason(any_app: Synthesised) -> None:
    assert violations(any_app) == []


def test_the_rules_of_aws_solutions_are_really_asked(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    aws_sqs.Queue(Stack(app, "Open"), "Queue")
    assert [found.rule_name for found in AwsSolutionsChecks().validate_scope(app).violations]


def exports(app: Synthesised) -> set[str]:
    """What CloudFormation would not let go of while another stack imports it."""
    named = (
        output.get("Export") for template in app.templates.values() for output in template.get("Outputs", {}).values()
    )
    return {export["Name"].partition(":")[2] for export in named if export}


def test_no_setting_takes_away_what_another_stack_would_not_let_go(any_app: Synthesised, lean: Synthesised) -> None:
    assert exports(any_app) == exports(lean)


def test_synthesising_twice_gives_the_same_templates(lean: Synthesised, tmp_path: Path) -> None:
    assert synthesise(LEAN, tmp_path).templates == lean.templates


def test_a_dependency_layer_that_was_not_built_is_asked_for_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="make build/layer"):
        _ = Build(tmp_path).dependencies
