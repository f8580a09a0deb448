"""`fairline onsale …`: create, key, list, show."""

from typing import TYPE_CHECKING, Annotated

import typer

from tools.operator import branding, moments
from tools.operator.desk import Desk
from tools.operator.names import Expected, Name

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

    from fairline.domain.onsale import Onsale
    from fairline.usecases.operate import Issued

app = typer.Typer(no_args_is_help=True)
WHEN = "ISO 8601 with a zone, `now`, or `+10m`, `+2h`"
KEEP = """
Completion key: {key}

It is shown this once and kept only as a hash. Hand it to the booking backend, which reports each purchase with it
(Authorization: Bearer KEY); whoever has it can end sessions of this onsale.
"""


@app.command("create")
def create(  # noqa: PLR0913 - a policy has that many parts
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits and hyphens; in addresses.")],
    *,
    title: Annotated[str, typer.Option(help="What visitors read.")],
    lobby: Annotated[str, typer.Option(metavar="TIME", help=f"When visitors may join the line: {WHEN}.")],
    start: Annotated[str, typer.Option(metavar="TIME", help="When the first are let in.")],
    close: Annotated[str, typer.Option(metavar="TIME", help="When it ends.")],
    rate: Annotated[int, typer.Option(metavar="N", help="Visitors let in a minute, at most.")],
    cap: Annotated[int, typer.Option(metavar="N", help="Sessions at once, at most.")],
    session: Annotated[
        int | None,
        typer.Option(metavar="SECONDS", help="How long a visitor has to buy; as the deployment has it, unless given."),
    ] = None,
    no_rejoin: Annotated[
        bool, typer.Option("--no-rejoin", help="Nobody whose session ended gets a new place in the line.")
    ] = False,
) -> None:
    """Create an onsale and print its completion key, this once."""
    from fairline.clients import now_ms
    from fairline.wiring import session_seconds

    now = now_ms()
    values = {
        "onsale": name,
        "name": title,
        "lobby_opens_at_ms": moments.parsed("--lobby", lobby, now),
        "sale_starts_at_ms": moments.parsed("--start", start, now),
        "closes_at_ms": moments.parsed("--close", close, now),
        "rate_per_minute": rate,
        "max_active": cap,
        "rejoin": not no_rejoin,
    }
    desk = Desk.of(ctx)
    operations = desk.operations()
    length = session_seconds() if session is None else session
    issued = operations.create(desk.caller(), session_seconds=length, **values)
    _show(desk, issued, f"Created {name}, version {issued.onsale.version}: {_plan(issued.onsale, now)}.")


@app.command("key")
def key(ctx: typer.Context, name: Name, *, expected: Expected = None) -> None:
    """Issue a new completion key; the old one ends at once."""
    desk = Desk.of(ctx)
    version = desk.operations().read(name).version if expected is None else expected
    issued = desk.operations().new_key(name, version, desk.caller())
    _show(desk, issued, f"{name}: a new completion key, version {issued.onsale.version}.")


def _show(desk: Desk, issued: "Issued", what: str) -> None:
    from fairline.clients import now_ms
    from fairline.entrypoints.bodies import NOT_HANDED_OVER, issued_body

    warning = [] if issued.handed_over else [NOT_HANDED_OVER]
    desk.say(issued_body(issued, now_ms()), what, KEEP.format(key=issued.completion_key).rstrip(), *warning)


@app.command("list")
def every(ctx: typer.Context) -> None:
    """List every onsale."""
    from fairline.clients import now_ms
    from fairline.entrypoints.bodies import policy_body
    from tools.operator.screen import console

    desk, now = Desk.of(ctx), now_ms()
    found = desk.operations().every()
    if desk.as_json:
        desk.say({"onsales": [policy_body(onsale, now) for onsale in found]})
    elif found:
        console().print(_overview(found, now))
    else:
        desk.say({}, "There is no onsale yet. `fairline onsale create --help` says how to make one.")


@app.command("show")
def show(
    ctx: typer.Context,
    name: Name,
    *,
    audit: Annotated[bool, typer.Option("--audit", help="Every change as well: who, when, from what to what.")] = False,
) -> None:
    """Show one onsale's policy."""
    from fairline.clients import now_ms
    from fairline.entrypoints.bodies import policy_body
    from tools.operator import trail
    from tools.operator.screen import console

    desk, now = Desk.of(ctx), now_ms()
    operations = desk.operations()
    onsale = operations.read(name)
    history = trail.trail(operations, name) if audit else {}
    if desk.as_json:
        desk.say({**policy_body(onsale, now), **history})
        return
    console().print(_policy(onsale, now))
    if audit:
        console().print(trail.table(history))


app.command("brand")(branding.brand)


def _plan(onsale: "Onsale", now: int) -> str:
    opens = "the lobby opens" if onsale.lobby_opens_at_ms > now else "the lobby is open since"
    return f"{opens} {moments.shown(onsale.lobby_opens_at_ms, now)}"


def _overview(found: list["Onsale"], now: int) -> "Table":
    from rich.box import SIMPLE
    from rich.table import Table

    made = Table("onsale", "title", "phase", "rate/min", "cap", "sale starts", box=SIMPLE)
    for onsale in sorted(found, key=lambda each: each.sale_starts_at_ms):
        policy = f"{onsale.rate_per_minute:,}", f"{onsale.max_active:,}", moments.stamp(onsale.sale_starts_at_ms)
        made.add_row(onsale.onsale, onsale.name, onsale.phase(now), *policy)
    return made


def _policy(onsale: "Onsale", now: int) -> "Group":
    from tools.operator.screen import card

    return card(
        f"{onsale.onsale}: {onsale.name}",
        [
            ("phase", onsale.phase(now)),
            ("lobby opens", moments.shown(onsale.lobby_opens_at_ms, now)),
            ("sale starts", moments.shown(onsale.sale_starts_at_ms, now)),
            ("closes", moments.shown(onsale.closes_at_ms, now)),
            ("rate", f"{onsale.rate_per_minute:,} a minute"),
            ("cap", f"{onsale.max_active:,} sessions at once, {onsale.session_seconds} s each"),
            ("rejoin", "yes" if onsale.rejoin else "no"),
            ("notice", onsale.shown_notice or "none"),
            ("version", str(onsale.version)),
        ],
    )
