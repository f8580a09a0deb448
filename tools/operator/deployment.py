"""A deployment on AWS by its name: what its stacks say of themselves, read with the caller's credentials."""

import os

from fairline.clients import aws
from fairline.domain.errors import Unavailable
from tools.operator.desk import reaching_aws

STATEFUL, EDGE = "Stateful", "Edge"
ONSALES = "OnsalesTable"
SETTINGS = {
    "ONSALES_TABLE": ONSALES,
    "SEATS_TABLE": "SeatsTable",
    "SESSION_SECONDS": "SessionSeconds",
    "STATUS_BUCKET": "StatusBucket",
}
"""Outputs of the stateful stack by setting; only a deployment with the sample backend has the second."""


def enter(name: str) -> None:
    """Tell the deployment's settings in the environment, and nobody else's. Raises Unavailable."""
    stack = f"{name}{STATEFUL}"
    found = outputs(stack)
    if ONSALES not in found:
        raise Unavailable(f"The stack {stack} has no output {ONSALES}: is it one of Fairline's, and of this version?")
    for setting, key in SETTINGS.items():
        os.environ.pop(setting, None)
        if key in found:
            os.environ[setting] = found[key]


def addresses(name: str) -> dict[str, str]:
    """The outputs of the stack that holds the public addresses. Raises Unavailable."""
    return outputs(f"{name}{EDGE}")


def outputs(stack: str) -> dict[str, str]:
    """A stack's outputs by key. Raises Unavailable if there is none, or if AWS does not answer to these credentials."""
    from botocore.exceptions import ClientError

    if "AWS_REGION" in os.environ:  # every SDK but Python's reads it, and the CDK before the other
        os.environ["AWS_DEFAULT_REGION"] = os.environ["AWS_REGION"]
    with reaching_aws():
        cloudformation = aws("cloudformation")
        try:
            (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            region = cloudformation.meta.region_name
            raise Unavailable(f"There is no stack {stack} in {region}, for this account.") from error
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", ())}
