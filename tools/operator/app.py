"""The command line: what may be typed. Each command imports what it needs, so that `--help` answers at once."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tools.operator import changes, onsales, status
from tools.operator.desk import Desk

ANYWHERE = ("--local", "--json")
VALUED = "--stack"
HELP = """Run an onsale: its rate and cap, pause and resume, notices, and how its line goes.

--stack NAME works on the deployment of that name, with your AWS credentials and Region; --local on the room of this
machine; without either, on the tables that ONSALES_TABLE (and SEATS_TABLE, for the sample backend) name. These options
and --json may stand anywhere on the line.

Exit codes: 0 done, 1 not confirmed, 2 wrong usage, 3 refused, 4 no such onsale, 5 not available.
"""


def hoisted(words: list[str]) -> list[str]:
    """The words with options of the whole program first, wherever they were typed before a `--`."""
    end = words.index("--") if "--" in words else len(words)
    typed, untouched = words[:end], words[end:]
    first: list[str] = []
    rest: list[str] = []
    while typed:
        word = typed.pop(0)
        ours = word in (*ANYWHERE, VALUED) or word.startswith(f"{VALUED}=")
        value = [typed.pop(0)] if word == VALUED and typed else []
        (first if ours else rest).extend([word, *value])
    return [*first, *rest, *untouched]


class CommandLine(TyperGroup):
    """Takes its own options anywhere, and ends on a refusal with the reason and an exit code."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As every group, with the program's own options brought forward."""
        return super().parse_args(ctx, hoisted(args))

    def invoke(self, ctx: Any) -> Any:
        """As every group; a refusal is reported rather than raised."""
        from fairline.clients import SettingMissing
        from fairline.domain.errors import FairlineError
        from tools.operator.refusals import exit_code, report

        try:
            return super().invoke(ctx)
        except FairlineError as refusal:
            report(refusal, as_json=ctx.params["as_json"])
            raise typer.Exit(exit_code(refusal)) from refusal
        except SettingMissing as missing:
            ctx.fail(f"{missing} Name a deployment with --stack, or add --local for the room on this machine.")


app = typer.Typer(
    cls=CommandLine,
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # it would show the values of variables, a completion key among them
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def program(
    ctx: typer.Context,
    *,
    local: Annotated[bool, typer.Option("--local", help="Work on the room that `make dev` runs here.")] = False,
    stack: Annotated[str, typer.Option("--stack", metavar="NAME", help="Work on the deployment of this name.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Remember how this is to be done."""
    if local and stack:
        ctx.fail("--local is the room on this machine and --stack a deployment: choose one.")
    ctx.obj = Desk(local=local, stack=stack, as_json=as_json)


app.add_typer(onsales.app, name="onsale", help="Create an onsale, brand it, list them, show one.")
app.command()(status.status)
changes.add_to(app)
