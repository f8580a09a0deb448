"""The guide to deploying names the settings, outputs, sizes and costs that there are."""

import re
from dataclasses import fields

import pytest
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES

from stacks.settings import LEAN, STANDARD, Settings
from tests.docs.pages import PAGES, ROOT, code, rows
from tests.support.synthesis import STACKS, Synthesised
from tools.bill.__main__ import SALES, in_markdown
from tools.bill.materials import idle

DEPLOY = ROOT / "docs" / "deploy.md"


def shown(value: object) -> str:
    """A setting as it is typed."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def section(heading: str) -> str:
    return DEPLOY.read_text().partition(f"\n### {heading}\n\n")[2].partition("\n\n")[0] + "\n"


def test_every_setting_is_explained_with_what_it_is_in_each_profile() -> None:
    described = [row[:3] for row in rows(DEPLOY, "## The first deployment") if row[0].startswith("`") and len(row) == 4]
    settings = [field.name for field in fields(Settings)]
    assert described == [[f"`{name}`", shown(getattr(LEAN, name)), shown(getattr(STANDARD, name))] for name in settings]


def test_every_setting_that_is_typed_exists() -> None:
    typed = {name for text in code(DEPLOY) for name in re.findall(r"-c (\w+)=", text)} - {"name"}
    assert typed
    assert typed <= {field.name for field in fields(Settings)}


def test_the_month_of_a_profile_costs_what_its_templates_say(app: Synthesised) -> None:
    assert section(f"A month of `{app.settings.profile}`, idle") == in_markdown(idle(app.templates.values()))


def test_the_readme_gives_the_same_month_in_whole_dollars(app: Synthesised) -> None:
    month = sum(line.dollars for line in idle(app.templates.values()))
    assert re.search(rf"`{app.settings.profile}`( costs)? \${month:.0f}\b", (ROOT / "README.md").read_text())


@pytest.mark.parametrize("number", [0, 1])
def test_an_onsale_costs_what_the_model_says(number: int) -> None:
    heading = ("One onsale of 50,000 fans who wait 15", "One onsale of a million fans who wait 40")[number]
    assert section(f"{heading} minutes on the mean") == in_markdown(SALES[number].lines())


def test_outputs_and_stacks_that_are_named_exist(lean: Synthesised) -> None:
    outputs = {name for template in lean.templates.values() for name in template.get("Outputs", {})}
    page = DEPLOY.read_text()
    named = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`", page))
    assert {"PublicUrl", "OperatorsPool", "StatusBucket", "FairlineStateless"} <= named
    assert named <= outputs | {f"Fairline{stack}" for stack in STACKS}


def test_the_region_is_set_by_the_variables_that_the_cdk_and_our_own_commands_read() -> None:
    (exported,) = [text for text in code(DEPLOY) if text.startswith("export ")]
    assert re.findall(r"(\w+)=", exported) == ["AWS_REGION", BOTOCORE_DEFAUT_SESSION_VARIABLES["region"][1]]


def test_whoever_copies_a_deployment_from_a_page_says_which_profile() -> None:
    typed = [text for page in PAGES for text in code(page) if re.match(r"make deploy .*(-c |--)", text)]
    assert typed
    assert [text for text in typed if "PROFILE=" not in text] == []


def test_the_stacks_that_are_said_to_be_protected_are_those(app: Synthesised) -> None:
    said = re.search(r"`(\w+)` and `(\w+)` are protected", DEPLOY.read_text())
    made = [stack for stack in vars(app.deployment).values() if getattr(stack, "termination_protection", False)]
    assert said
    assert {stack.stack_name for stack in made} == set(said.groups())
