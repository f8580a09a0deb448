"""`fairline status`: how a line goes, as of its last tick; with `--watch`, again each second."""

import contextlib
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.operator.desk import Desk
from tools.operator.moments import duration
from tools.operator.names import Name

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text

    from fairline.domain.onsale import Onsale
    from fairline.domain.tick import Record
    from fairline.usecases.operate import Operations

EVERY_SECONDS = 1
Show = Callable[["Onsale", "Record", int], None]


def status(
    ctx: typer.Context,
    name: Name,
    *,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Refresh each second, until Ctrl-C.")] = False,
) -> None:
    """Show how the line goes."""
    from fairline.clients import now_ms

    desk = Desk.of(ctx)
    operations = desk.operations()
    onsale, record = operations.progress(name)
    if watch and desk.as_json:
        _watch_as_json(operations, name)
    elif watch:
        _watch(operations, onsale, record)
    elif desk.as_json:
        desk.say(_body(onsale, record, now_ms()))
    else:
        from tools.operator.screen import console

        console().print(figures(onsale, record, now_ms()))


def _body(onsale: "Onsale", record: "Record", now: int) -> dict[str, Any]:
    from fairline.entrypoints.bodies import progress_body

    return progress_body(onsale, record, now)


def _watch_as_json(operations: "Operations", name: str) -> None:
    """One object a line, for a program that reads along. Raises Unavailable as soon as a store does not answer."""
    from fairline.clients import now_ms

    with contextlib.suppress(KeyboardInterrupt):
        while True:
            typer.echo(json.dumps(_body(*operations.progress(name), now_ms())))
            time.sleep(EVERY_SECONDS)


def _watch(operations: "Operations", onsale: "Onsale", record: "Record") -> None:
    """Refresh the table in its place. While a store does not answer, what was seen last stays and ages."""
    from rich.live import Live

    from fairline.clients import now_ms
    from fairline.domain.errors import Unavailable
    from tools.operator.screen import console

    trouble = ""
    with contextlib.suppress(KeyboardInterrupt), Live(console=console(), auto_refresh=False) as live:
        while True:
            live.update(figures(onsale, record, now_ms(), trouble), refresh=True)
            time.sleep(EVERY_SECONDS)
            try:
                (onsale, record), trouble = operations.progress(onsale.onsale), ""
            except Unavailable as unavailable:
                trouble = unavailable.detail


def figures(onsale: "Onsale", record: "Record", now: int, trouble: str = "") -> "Group":
    """How the line goes at `now` (ms), and above all whether that is fresh. `trouble`: why it cannot be read now."""
    from rich.text import Text

    from tools.operator.screen import card

    tick = ("last tick", Text(*_freshness(onsale, record, now)))
    troubles = [("", Text(trouble, "bold red"))] if trouble else []
    return card(f"{onsale.onsale}: {onsale.name}", [*_rows(onsale, record, now), tick, *troubles])


def _rows(onsale: "Onsale", record: "Record", now: int) -> "list[tuple[str, str | Text]]":
    counts = record.counts
    return [
        ("phase", onsale.phase(now)),
        ("rate", f"{onsale.rate_per_minute:,} a minute"),
        ("cap", f"{onsale.max_active:,}"),
        ("waiting", f"{record.waiting:,}"),
        ("active", f"{record.active:,}"),
        ("admitted", f"{counts.admitted:,}"),
        ("completed", f"{counts.completed:,}"),
        ("expired", f"{counts.expired:,}"),
        ("left", f"{counts.left:,}"),
        ("position", f"{record.serving:,} served of {record.issued:,} issued"),
        *([("notice", onsale.shown_notice)] if onsale.shown_notice else []),
    ]


def _freshness(onsale: "Onsale", record: "Record", now: int) -> tuple[str, str]:
    """How old the figures are, and a style: loud where a live line is not being ticked."""
    from fairline.domain.tick import LEASE_MS

    live = onsale.live_from_ms <= now < onsale.live_until_ms
    if not record.updated_at_ms:
        return ("never: nobody can join until the ticker runs", "bold red") if live else ("none yet", "dim")
    age = max(0, now - record.updated_at_ms)
    if live and age > LEASE_MS:
        return f"{duration(age)} ago: nobody joins or enters until the ticker runs again", "bold red"
    return f"{duration(age)} ago", "dim"
