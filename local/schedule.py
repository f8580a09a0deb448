"""The schedule: functions that run because it is time, as EventBridge invokes them."""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.aws_shapes import ACCOUNT, REGION, request_id
from local.functions import Functions
from local.tasks import Tasks
from local.worker import FunctionError


@dataclass(frozen=True)
class Rule:
    """Invoke `function` every `seconds`, whether or not the one before has ended."""

    function: str
    seconds: float


ADMISSION = Rule("admit", 60)
ROTATION = Rule("rotate", 86_400)


def scheduled_event(rule: Rule) -> dict[str, Any]:
    """The event of one firing."""
    return {
        "version": "0",
        "id": request_id(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/fairline-{rule.function}"],
        "detail": {},
    }


async def keep(rule: Rule, functions: Functions, tasks: Tasks, *, at_once: bool) -> None:
    """Fire until cancelled, first at once or after one period. A failure is not retried: the next one comes."""
    if not at_once:
        await asyncio.sleep(rule.seconds)
    while True:
        tasks.spawn(_fire(rule, functions))
        await asyncio.sleep(rule.seconds)


async def _fire(rule: Rule, functions: Functions) -> None:
    with contextlib.suppress(FunctionError):  # logged and counted where functions are invoked
        await functions.invoke(rule.function, scheduled_event(rule))
