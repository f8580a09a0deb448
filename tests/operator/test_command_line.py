import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.settings import ROOT
from tests.operator.conftest import Json, Typed
from tools.operator.app import hoisted

IMPORTED = """
import sys
from tools.operator.app import app
try:
    app(["--help"])
except SystemExit as end:
    assert not end.code
heavy = {"boto3", "botocore", "redis", "fairline.wiring", "aws_lambda_powertools"}
sys.exit(", ".join(sorted(heavy & set(sys.modules))) or None)
"""


@pytest.mark.parametrize(
    "line",
    ["--json onsale list", "onsale --json list", "onsale list --json"],
)
def test_the_programs_own_options_may_stand_anywhere(typed: Typed, aws: Any, line: str) -> None:
    assert aws
    assert json.loads(typed(*line.split()).stdout) == {"onsales": []}


def test_after_two_hyphens_words_are_only_words(typed: Typed, demo: str, answered: Json) -> None:
    assert hoisted(["notice", "demo", "--local", "--", "--json"]) == ["--local", "notice", "demo", "--", "--json"]
    assert typed("notice", demo, "--", "--json").exit_code == 0
    assert answered("onsale", "show", demo)["notice"] == "--json"


@pytest.mark.parametrize(
    "line", ["rate demo", "rate demo many", "frob", "onsale create demo", "rate demo 5 --expect 1"]
)
def test_wrong_usage_has_an_exit_code_of_its_own(typed: Typed, line: str) -> None:
    result = typed(*line.split())
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize("name", ["", "#roster", "x" * 3000])
def test_a_name_that_no_onsale_can_have_is_unknown(typed: Typed, aws: Any, name: str) -> None:
    assert aws
    assert typed("onsale", "show", name).exit_code == 4


def test_without_a_deployment_the_setting_that_names_it_is_asked_for(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONSALES_TABLE")
    result = typed("onsale", "list")
    assert result.exit_code == 2
    assert "ONSALES_TABLE" in result.stderr
    assert "--local" in result.stderr


def test_aws_that_does_not_answer_is_unavailable_with_the_cause(
    typed: Typed, aws: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert aws
    monkeypatch.setenv("ONSALES_TABLE", "elsewhere")
    result = typed("onsale", "list")
    assert result.exit_code == 5
    assert "ResourceNotFoundException" in result.stderr
    problem = json.loads(typed("onsale", "list", "--json").stderr)
    assert problem["type"] == "urn:fairline:problem:unavailable"
    assert "ResourceNotFoundException" in problem["cause"]


def test_a_missing_region_is_unavailable_and_named(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    result = typed("onsale", "list")
    assert result.exit_code == 5
    assert "region" in result.stderr


@pytest.mark.parametrize(
    "described",
    [None, "{", "[]", '{"pid": 1}', json.dumps({"pid": 2**22 + 1, "environment": {}})],
    ids=["no file", "half a file", "another file", "an incomplete file", "a dead room"],
)
def test_without_a_running_room_local_is_unavailable_and_says_how_to_open_one(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, described: str | None
) -> None:
    monkeypatch.setenv("FAIRLINE_ROOM", str(tmp_path))
    if described is not None:
        (tmp_path / "room.json").write_text(described)
    result = typed("--local", "rate", "demo", "600")
    assert result.exit_code == 5
    assert f"No room is running in {tmp_path}" in result.stderr
    assert "make dev" in result.stderr


def test_a_room_is_worked_on_without_any_aws_setting_of_the_caller(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo: str
) -> None:
    room = {name: value for name, value in os.environ.items() if name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    room |= {"ONSALES_TABLE": "onsales", "AWS_DEFAULT_REGION": os.environ["AWS_DEFAULT_REGION"]}
    (tmp_path / "room.json").write_text(json.dumps({"pid": os.getpid(), "environment": room}))
    monkeypatch.setenv("FAIRLINE_ROOM", str(tmp_path))
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("LOGNAME", "ada")
    assert typed("--local", "rate", demo, "600").exit_code == 0
    assert "AWS_PROFILE" not in os.environ
    assert "local:ada" in typed("--local", "onsale", "show", demo, "--audit").stdout


def test_help_answers_without_loading_what_only_the_work_needs() -> None:
    found = subprocess.run([sys.executable, "-c", IMPORTED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert "rate" in found.stdout
