"""`cdk synth` as it is typed: cdk.json and app.py, in a process of its own that knows nothing of this one."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from stacks.settings import WrongSettings, read
from tests.support.synthesis import ROOT, STACKS, Synthesised

SECONDS = 100
NOBODY = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
"""Whatever AWS account and Region this machine has are none of the templates' business."""


def synth(*words: str, out: Path) -> subprocess.CompletedProcess[str]:
    """Without what the command line writes into templates for itself: where constructs and files are."""
    plain = ("--quiet", "--no-notices", "--no-path-metadata", "--no-asset-metadata")
    return subprocess.run(
        [".venv/bin/cdk", "synth", *plain, *words, "-o", str(out)],
        cwd=ROOT,
        env={"PATH": ".venv/bin:/usr/bin:/bin", "HOME": os.environ["HOME"], "PYTHONHASHSEED": "1", **NOBODY},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_the_command_line_makes_the_templates_that_the_tests_look_at(app: Synthesised, tmp_path: Path) -> None:
    """And so the same ones twice, whatever order a process has its sets in."""
    done = synth("-c", f"profile={app.settings.profile}", out=tmp_path)
    assert done.returncode == 0, done.stderr
    for stack in STACKS:
        made = json.loads((tmp_path / f"{app.settings.name}{stack}.template.json").read_text())
        assert made == app.templates[stack], stack


def test_settings_that_cannot_be_deployed_are_refused_with_every_fault_and_no_more_words(tmp_path: Path) -> None:
    wrong = {"zones": "many", "cache_nodes": "9", "alarm_mail": "night@example.com"}
    with pytest.raises(WrongSettings) as refusal:
        read(wrong, None)
    done = synth(*(word for setting in wrong.items() for word in ("-c", "=".join(setting))), out=tmp_path)
    *said, last = done.stderr.splitlines()
    assert said == str(refusal.value).splitlines()
    assert last.endswith("app.py: Subprocess exited with error 1")
    assert done.returncode == 1
