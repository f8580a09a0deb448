"""Why something was not done: the reason on the error stream, and an exit code for scripts."""

import json
from typing import Any

import typer

from fairline.domain.errors import FairlineError

REFUSED, UNKNOWN, UNAVAILABLE = 3, 4, 5
CODES = {"unknown-onsale": UNKNOWN, "unavailable": UNAVAILABLE}


def exit_code(refusal: FairlineError) -> int:
    """3 unless the onsale is unknown (4) or something does not answer (5)."""
    return CODES.get(refusal.slug, REFUSED)


def report(refusal: FairlineError, *, as_json: bool) -> None:
    """Print the problem document for a program, or sentences for a person."""
    problem = refusal.problem()
    if cause := cause_of(refusal):
        problem["cause"] = cause
    typer.echo(json.dumps(problem, indent=2) if as_json else "\n".join(_sentences(problem)), err=True)


def cause_of(refusal: Exception) -> str:
    """What AWS or its client said: an operator can do something about it, a visitor could not."""
    from botocore.exceptions import BotoCoreError, ClientError

    return str(refusal.__cause__) if isinstance(refusal.__cause__, (BotoCoreError, ClientError)) else ""


def _sentences(problem: dict[str, Any]) -> list[str]:
    faults = problem.get("errors")
    reasons = [f"  {fault['field']}: {fault['reason']}" for fault in faults] if faults else []
    first = f"{problem['title']}:" if faults else problem["detail"]
    meanwhile = [f"  {_entry(entry)}" for entry in problem.get("meanwhile", [])]
    cause = [f"  {problem['cause']}"] if "cause" in problem else []
    return [f"fairline: {first}", *reasons, *meanwhile, *cause]


def _entry(entry: dict[str, Any]) -> str:
    from tools.operator.trail import seconds, told

    return f"version {entry['version']}, {seconds(entry['at'])}, {entry['by']}: {told(entry)}"
