"""`--stack`: which tables and addresses a deployment has is what its stacks say."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from fairline.domain.errors import Unavailable
from tests.handlers.cloud import forget
from tests.operator.conftest import REGION, Typed
from tests.support.sessions import SESSION
from tools.operator import deployment
from tools.operator.app import hoisted

Stack = Callable[..., None]


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Have a stack that says so of itself: CloudFormation's answers, as its client reads them."""
    known: dict[str, dict[str, str]] = {}

    def described(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        name = params["body"]["StackName"]
        if name not in known:
            error = {"Code": "ValidationError", "Message": f"Stack with id {name} does not exist"}
            return SimpleNamespace(status_code=400), {"Error": error, "ResponseMetadata": {}}
        outputs = [{"OutputKey": key, "OutputValue": value} for key, value in known[name].items()]
        return SimpleNamespace(status_code=200), {"Stacks": [{"StackName": name, "Outputs": outputs}]}

    def client(service: str) -> Any:
        made = SESSION.own_client(service)
        made.meta.events.register("before-call.cloudformation.DescribeStacks", described)
        return made

    monkeypatch.setattr(deployment, "aws", client)
    return lambda name, **outputs: known.update({name: outputs})


@pytest.fixture
def unnamed(aws: Any, demo: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An onsale, with nothing in the environment that says in which tables."""
    assert aws
    monkeypatch.delenv("ONSALES_TABLE")
    monkeypatch.delenv("SEATS_TABLE")
    return demo


@pytest.mark.parametrize("line", ["--stack Spring {}", "{} --stack Spring", "{} --stack=Spring --json"])
def test_the_deployment_that_is_named_is_worked_on_wherever_its_name_stands(
    typed: Typed, unnamed: str, stack: Stack, line: str
) -> None:
    stack("SpringStateful", OnsalesTable="onsales", SeatsTable="seats")
    shown = typed(*line.format(f"onsale show {unnamed}").split())
    assert shown.exit_code == 0, shown.stderr
    assert unnamed in shown.stdout


def test_the_sample_backend_is_handed_the_key_if_the_deployment_has_one(
    typed: Typed, unnamed: str, stack: Stack
) -> None:
    stack("SpringStateful", OnsalesTable="onsales", SeatsTable="seats")
    stack("AutumnStateful", OnsalesTable="onsales")
    handed_over = [new_key(typed, name, unnamed) in keys_of_the_house() for name in ("Autumn", "Spring")]
    assert handed_over == [False, True]


def new_key(typed: Typed, name: str, onsale: str) -> str:
    forget()  # as the command, which is a process of its own each time
    return str(json.loads(typed("--stack", name, "onsale", "key", onsale, "--json").stdout)["completion_key"])


def keys_of_the_house() -> set[str]:
    rows = boto3.client("dynamodb", region_name=REGION).scan(TableName="seats")["Items"]
    return {row["completion_key"]["S"] for row in rows if "completion_key" in row}


def test_sessions_last_as_long_as_the_deployment_says_unless_the_operator_does(create: Typed, stack: Stack) -> None:
    stack("SpringStateful", OnsalesTable="onsales", SessionSeconds="240")
    made = [
        create(name, "--stack", "Spring", "--json", **said) for name, said in {"a": {}, "b": {"session": "300"}}.items()
    ]
    assert [json.loads(each.stdout)["session_seconds"] for each in made] == [240, 300]


def test_how_long_sessions_last_is_asked_of_the_operator_if_nobody_else_says(create: Typed, stack: Stack) -> None:
    stack("AutumnStateful", OnsalesTable="onsales")
    refused = create("demo", "--stack", "Autumn")
    assert refused.exit_code == 2
    assert "SESSION_SECONDS" in refused.stderr
    assert create("demo", "--stack", "Autumn", session="60").exit_code == 0


def test_tables_of_the_environment_are_not_mixed_with_those_of_a_deployment(
    typed: Typed, demo: str, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack("AutumnStateful", OnsalesTable="onsales")
    monkeypatch.setenv("ONSALES_TABLE", "elsewhere")
    monkeypatch.setenv("SEATS_TABLE", "elsewhere")
    assert typed("--stack", "Autumn", "rate", demo, "600").exit_code == 0
    assert (os.environ["ONSALES_TABLE"], os.environ.get("SEATS_TABLE")) == ("onsales", None)


def test_a_deployment_that_is_not_there_is_unavailable_and_named_with_its_region(
    typed: Typed, unnamed: str, stack: Stack
) -> None:
    stack("SpringStateful", OnsalesTable="onsales")
    refused = typed("--stack", "Winter", "rate", unnamed, "600")
    assert refused.exit_code == 5
    assert f"There is no stack WinterStateful in {REGION}" in refused.stderr


def test_the_region_is_the_one_that_the_cdk_deployed_to(
    typed: Typed, unnamed: str, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads this variable before the other, which Python's SDK alone knows."""
    stack("SpringStateful", OnsalesTable="onsales")
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    refused = typed("--stack", "Winter", "rate", unnamed, "600")
    assert "There is no stack WinterStateful in eu-west-3" in refused.stderr


def test_a_stack_that_lacks_an_output_is_unavailable_and_the_output_named(
    typed: Typed, unnamed: str, stack: Stack
) -> None:
    stack("WinterStateful", SeatsTable="seats")
    refused = typed("--stack", "Winter", "rate", unnamed, "600")
    assert refused.exit_code == 5
    assert "The stack WinterStateful has no output OnsalesTable" in refused.stderr


def test_without_credentials_it_is_unavailable_and_said_so(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it remembers the credentials of tests before this one
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    refused = typed("--stack", "Winter", "onsale", "list")
    assert refused.exit_code == 5
    assert "Unable to locate credentials" in refused.stderr


def test_the_public_addresses_are_those_of_the_stack_that_keeps_them(stack: Stack) -> None:
    stack("SpringEdge", PublicUrl="https://tickets.example.com")
    assert deployment.addresses("Spring") == {"PublicUrl": "https://tickets.example.com"}
    with pytest.raises(Unavailable):
        deployment.addresses("Winter")


def test_a_deployment_and_the_room_at_once_are_wrong_usage(typed: Typed) -> None:
    refused = typed("--local", "--stack", "Spring", "onsale", "list")
    assert refused.exit_code == 2
    assert "choose one" in refused.stderr


def test_a_name_that_is_missing_is_wrong_usage(typed: Typed) -> None:
    assert hoisted(["onsale", "list", "--stack"]) == ["--stack", "onsale", "list"]
    assert typed("onsale", "show", "demo", "--stack").exit_code == 2
