"""Resources that have to be named by a pattern: each is accepted by itself, under the name that cdk-nag gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Acknowledgment, Stack, Validations

if TYPE_CHECKING:
    from constructs import IConstruct


def imported(owner: IConstruct, value: str) -> str:
    """A value of another stack as it is written here: its export is named now, and not at the end of synthesis."""
    exported: str = Stack.of(owner).export_value(value)
    return exported


def accept_pattern(role: IConstruct, arn: str, reason: str) -> None:
    """Acknowledge one resource of a role's policy, and no other one."""
    name = _written(Stack.of(role).resolve(arn))
    Validations.of(role).acknowledge(Acknowledgment(id=f"AwsSolutions-IAM5[Resource::{name}]", reason=reason))


def _written(part: Any) -> str:
    """How cdk-nag writes a value of CloudFormation: references in angle brackets, imports by their names."""
    if isinstance(part, str):
        return part
    (function, argument), *_ = part.items()
    if function == "Fn::Join":
        return "".join(map(_written, argument[1]))
    return str(argument) if function == "Fn::ImportValue" else f"<{argument}>"
