"""Requests of a CloudFormation custom resource in, their answers out by HTTP: a deployment waits for them."""

from collections.abc import Callable
from typing import Any

from fairline import upkeep
from fairline.entrypoints.telemetry import logger

Event = dict[str, Any]

RESOURCE = "fairline-keys"
"""One resource for good: an update replaces nothing, so that none is deleted afterwards."""

WORKS = {"Create": True, "Update": True, "Delete": False}
"""Whether a request has the work done."""


def of_a_deployment(event: Event) -> bool:
    """Whether CloudFormation sent this, and waits."""
    return "ResponseURL" in event


def custom_resource(event: Event, work: Callable[[], Event]) -> Event:
    """Do the work, unless the resource is to go, and tell CloudFormation how it went: what the work gave, if anything.

    A request of a kind that we do not know fails.

    Raises Unavailable if CloudFormation cannot be told; then Lambda tries the whole event again.
    """
    done, failure = _done(event, work)
    answer = {name: str(event[name]) for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer |= {"Status": "FAILED", "Reason": failure} if failure else {"Status": "SUCCESS"}
    upkeep.stack_answers().send(event["ResponseURL"], {**answer, "PhysicalResourceId": RESOURCE})
    return done


def _done(event: Event, work: Callable[[], Event]) -> tuple[Event, str]:
    """What the work gave, and why it failed, if it did: without its words, which stand in the log."""
    request = event.get("RequestType", "")
    try:
        return work() if WORKS[request] else {}, ""
    except Exception as error:  # noqa: BLE001 - a deployment that hears nothing waits until it gives up
        logger().exception("upkeep failed", request=request, error=type(error).__name__)
        return {}, f"{type(error).__name__}, of which the function's log tells more."
