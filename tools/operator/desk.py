"""What every command works with: the use cases of one deployment, who is calling, and how answers are printed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from fairline.domain.errors import Unavailable

if TYPE_CHECKING:
    from fairline.usecases.figures import Figures
    from fairline.usecases.operate import Operations


@dataclass(frozen=True)
class Desk:
    """`local`: the room on this machine instead of AWS. `stack`: the deployment's name, or empty for the environment's.

    `as_json`: answers for programs instead of people.
    """

    local: bool
    stack: str
    as_json: bool

    @classmethod
    def of(cls, ctx: typer.Context) -> "Desk":
        """The one that the program's own options describe."""
        desk: Desk = ctx.obj
        return desk

    def operations(self) -> "Operations":
        """The operators' use cases. Raises Unavailable without a room or AWS, SettingMissing without table names."""
        from fairline.wiring import operations

        self._enter()
        with reaching_aws():
            return operations()

    def figures(self) -> "Figures":
        """How lines go. Raises as `operations` does."""
        from fairline.console import figures

        self._enter()
        with reaching_aws():
            return figures()

    def _enter(self) -> None:
        """Tell the deployment's settings in the environment."""
        if self.local:
            from tools.operator.room import enter

            enter()
        if self.stack:
            from tools.operator.deployment import enter as enter_deployment

            enter_deployment(self.stack)
        from fairline.clients import setting

        setting("ONSALES_TABLE")  # before any client is made: which deployment is the first question

    def caller(self) -> str:
        """Who is calling, for the audit trail: an ARN, or `local:` and a user name. Raises Unavailable."""
        if self.local:
            return f"local:{_user()}"
        from fairline.clients import aws

        with reaching_aws():
            return str(aws("sts").get_caller_identity()["Arn"])

    def say(self, body: dict[str, Any], *lines: str) -> None:
        """Print the `body` for a program, or the `lines` for a person."""
        typer.echo(json.dumps(body, indent=2) if self.as_json else "\n".join(line for line in lines if line))


@contextmanager
def reaching_aws() -> Iterator[None]:
    """Turn what AWS or its client refuses into Unavailable, with the cause."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("AWS does not answer, or not to these credentials.") from error


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user id without a name, as in some containers
        return "unknown"
