"""From the plain data of `stacks/grants.py` to a function's role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs

from stacks.edge.addresses import SOCKET_STAGE
from stacks.grants import Grant, grants_of
from stacks.stateless.patterns import accept_pattern, imported
from stacks.tables import TABLES

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.edge.stack import Edge
    from stacks.functions import Function
    from stacks.stateful.stack import Stateful

Arns = Mapping[str, list[str]]

ABSENT: list[str] = []
"""What a word stands for that this deployment does not have, such as the seats of a sample backend."""


class Permissions:
    """Knows the ARNs behind the words of grants in one deployment. `failures` are queues by the function's name."""

    def __init__(self, stack: Stack, *, stateful: Stateful, edge: Edge, failures: Mapping[str, sqs.IQueue]) -> None:
        self._stack = stack
        self._arns: Arns = {
            **_tables(stateful),
            **{f"failures:{name}": [queue.queue_arn] for name, queue in failures.items()},
            "cache": stateful.cache.connect_arns,
            "keys_encryption": [stateful.keys_encryption.key_arn],
            "status": [imported(stateful.status_bucket, stateful.status_bucket.bucket_arn)],
            "origin_secret": [edge.origin_secret.secret_arn],
            "sockets": [
                _own(stack, "execute-api", f"{imported(edge.websocket_api, edge.websocket_api.api_id)}/{SOCKET_STAGE}")
            ],
            "interfaces": [_own(stack, "ec2", "*/*")],
            "*": ["*"],
        }

    def role(self, scope: Construct, construct_id: str, *, function: Function, log_group: logs.ILogGroup) -> iam.IRole:
        """A function's own role: what its grants say and nothing else, whatever constructs want to add to it later."""
        known = {**self._arns, "logs": [log_group.log_group_arn]}
        given = [grant for grant in grants_of(function) if arns_of(grant.resource, known)]
        role = iam.Role(
            scope,
            construct_id,
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"What {function.name} may do",
            inline_policies={"Grants": iam.PolicyDocument(statements=[self._statement(each, known) for each in given])},
        )
        for grant in given:
            for arn in arns_of(grant.resource, known) if grant.wildcard else ():
                accept_pattern(role, arn, grant.wildcard)
        return role.without_policy_updates()

    def _statement(self, grant: Grant, known: Arns) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            effect=iam.Effect[grant.effect.upper()],
            actions=list(grant.actions),
            resources=arns_of(grant.resource, known),
            conditions={
                operator: {key: [self._own_words(value) for value in values] for key, values in keys.items()}
                for operator, keys in grant.conditions.items()
            },
        )

    def _own_words(self, text: str) -> str:
        stack = self._stack
        return text.format(partition=stack.partition, region=stack.region, account=stack.account)


def _own(stack: Stack, service: str, resource: str) -> str:
    return f"arn:{stack.partition}:{service}:{stack.region}:{stack.account}:{resource}"


def _tables(stateful: Stateful) -> Arns:
    found = {f"table:{table.name}": ABSENT for table in TABLES}
    for table in TABLES:
        if made := stateful.tables.get(table.name):
            found[f"table:{table.name}"] = [made.table_arn]
            found |= {f"index:{table.name}/{index}": [f"{made.table_arn}/index/{index}"] for index, _ in table.indexes}
        if made and made.table_stream_arn:
            found[f"stream:{table.name}"] = [made.table_stream_arn]
            found[f"streams:{table.name}"] = [f"{imported(made, made.table_arn)}/stream/*"]
    return found


def arns_of(word: str, known: Arns) -> list[str]:
    """The ARNs of a word; one with a part of its own after the bucket or the sockets extends theirs."""
    thing, _, key = word.partition("/")
    if thing == "status" and key:
        return [f"{arn}/{key}" for arn in known["status"]]
    thing, _, method = word.partition(":")
    if thing == "sockets":
        return [f"{arn}/{method}/@connections/*" for arn in known["sockets"]]
    return known[word]
