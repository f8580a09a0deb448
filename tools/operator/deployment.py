"""A deployment on AWS by its name: what its stacks say of themselves, read with the caller's credentials."""

import os

from fairline.clients import aws
from fairline.domain.errors import Unavailable
from tools.operator.desk import reaching_aws

STATEFUL, EDGE = "Stateful", "Edge"
ONSALES, SEATS = "OnsalesTable", "SeatsTable"
"""Outputs of the stateful stack; only a deployment with the sample backend has the second."""


def enter(name: str) -> None:
    """Name the deployment's tables in the environment, and no others. Raises Unavailable."""
    stack = f"{name}{STATEFUL}"
    found = outputs(stack)
    os.environ["ONSALES_TABLE"] = output(found, ONSALES, stack)
    os.environ.pop("SEATS_TABLE", None)
    if SEATS in found:
        os.environ["SEATS_TABLE"] = found[SEATS]


def addresses(name: str) -> dict[str, str]:
    """The outputs of the stack that holds the public addresses. Raises Unavailable."""
    return outputs(f"{name}{EDGE}")


def outputs(stack: str) -> dict[str, str]:
    """A stack's outputs by key. Raises Unavailable if there is none, or if AWS does not answer to these credentials."""
    from botocore.exceptions import ClientError

    if "AWS_REGION" in os.environ:  # every SDK but Python's reads it
        os.environ.setdefault("AWS_DEFAULT_REGION", os.environ["AWS_REGION"])
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


def output(found: dict[str, str], key: str, stack: str) -> str:
    """One output. Raises Unavailable without it."""
    if key not in found:
        raise Unavailable(f"The stack {stack} has no output {key}: is it one of Fairline's, and of this version?")
    return found[key]
