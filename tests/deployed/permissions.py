"""Taking a permission from a function's role by the IAM API, for a while."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from stacks.functions import FUNCTIONS
from stacks.grants import Grant, grants_of
from tests.deployed.deployment import Deployed

POLICY = "Grants"
LEADING = "dynamodb:LeadingKeys"
EVALUATED = ("dynamodb:", "execute-api:", "s3:", "secretsmanager:")
"""Actions that the emulator asks a role for."""


@dataclass(frozen=True)
class Permission:
    """One action of one grant of a function."""

    function: str
    action: str
    grant: Grant

    @property
    def name(self) -> str:
        """Such as `place sessions PutItem`, with the partition keys where a grant has some."""
        keys = "+".join(_leading(self.grant.conditions))
        resource = self.grant.resource.removeprefix("table:") + (f"[{keys}]" if keys else "")
        return f"{self.function} {resource} {self.action.partition(':')[2]}"


def _leading(conditions: Any) -> tuple[str, ...]:
    return tuple(conditions.get("ForAllValues:StringEquals", {}).get(LEADING, ()))


def permissions() -> list[Permission]:
    """All that a function's own calls need, and those that AWS asks for on its behalf."""
    return [
        Permission(function.name, action, grant)
        for function in FUNCTIONS
        for grant in grants_of(function)
        if grant.effect == "Allow"
        for action in grant.actions
    ]


def is_evaluated(permission: Permission) -> bool:
    """Whether the emulator asks for it: not for what AWS does with the function's role, nor for how an answer reads."""
    return not permission.grant.reason and permission.action.startswith(EVALUATED)


@contextmanager
def without(deployed: Deployed, permission: Permission) -> Iterator[None]:
    """Take the permission from the role, and give it back. The function starts anew: it may remember what it read."""
    iam, role = deployed.emulator.client("iam"), deployed.functions[permission.function]["Role"].rpartition("/")[2]
    policy = iam.get_role_policy(RoleName=role, PolicyName=POLICY)["PolicyDocument"]
    put = {"RoleName": role, "PolicyName": POLICY}
    reduced = _reduced(policy, permission, deployed)
    try:
        iam.put_role_policy(**put, PolicyDocument=json.dumps(reduced))
        _renew(deployed, permission.function)
        yield
    finally:
        iam.put_role_policy(**put, PolicyDocument=json.dumps(policy))
        _renew(deployed, permission.function)


def _reduced(policy: dict[str, Any], permission: Permission, deployed: Deployed) -> dict[str, Any]:
    taken = [each for each in policy["Statement"] if _is_of(each, permission, deployed)]
    assert len(taken) == 1, f"{permission.name} stands in {len(taken)} statements"
    rest = [action for action in _listed(taken[0]["Action"]) if action != permission.action]
    left = [each for each in policy["Statement"] if each is not taken[0]]
    return {**policy, "Statement": [*left, *([{**taken[0], "Action": rest}] if rest else [])]}


def _is_of(statement: dict[str, Any], permission: Permission, deployed: Deployed) -> bool:
    return (
        permission.action in _listed(statement["Action"])
        and statement["Effect"] == "Allow"
        and tuple(_listed(_leading(statement.get("Condition", {})))) == _leading(permission.grant.conditions)
        and any(resource.endswith(_ending(permission.grant.resource, deployed)) for resource in _arns(statement))
    )


def _arns(statement: dict[str, Any]) -> list[str]:
    return _listed(statement["Resource"])


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _ending(word: str, deployed: Deployed) -> str:
    """How the ARN of a grant's resource ends."""
    kind, _, name = word.partition(":")
    outputs = deployed.outputs
    match kind:
        case "table":
            return f"/{outputs[f'{name.capitalize()}Table']}"
        case "index":
            table, _, index = name.partition("/")
            return f"/{outputs[f'{table.capitalize()}Table']}/index/{index}"
        case "sockets":
            return f"/{name}/@connections/*"
        case "origin_secret":
            return outputs["OriginSecretArn"]
        case _ if word.startswith("status/"):
            return f":{outputs['StatusBucket']}{word.removeprefix('status')}"
    return ""


def _renew(deployed: Deployed, function: str) -> None:
    """End the function's idle environments. The ticker runs on: it remembers nothing, and would stand still."""
    if function != "admit":
        deployed.emulator.client("lambda").update_function_configuration(
            FunctionName=deployed.functions[function]["FunctionName"],
            MemorySize=deployed.functions[function]["MemorySize"],
        )
