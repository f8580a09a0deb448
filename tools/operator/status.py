"""`fairline status`: how a line goes, as of its last tick; with `--watch`, again each second."""

import contextlib
import json
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.operator.desk import Desk
from tools.operator.names import Name

if TYPE_CHECKING:
    from fairline.usecases.figures import Figures, Live

EVERY_SECONDS = 1


def status(
    ctx: typer.Context,
    name: Name,
    *,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Refresh each second, until Ctrl-C.")] = False,
) -> None:
    """Show how the line goes."""
    from fairline.clients import now_ms

    desk = Desk.of(ctx)
    figures = desk.figures()
    live = figures.live(name)
    if watch and desk.as_json:
        _watch_as_json(figures, name)
    elif watch:
        _watch(figures, live)
    elif desk.as_json:
        desk.say(_body(live))
    else:
        from tools.operator.line import shown
        from tools.operator.screen import console

        console().print(shown(live, now_ms()))


def _body(live: "Live") -> dict[str, Any]:
    from fairline.clients import now_ms
    from fairline.entrypoints.figures import live_body

    return live_body(live, now_ms())


def _watch_as_json(figures: "Figures", name: str) -> None:
    """One object a line, for a program that reads along. Raises Unavailable as soon as a store does not answer."""
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            typer.echo(json.dumps(_body(figures.live(name))))
            time.sleep(EVERY_SECONDS)


def _watch(figures: "Figures", live: "Live") -> None:
    """Refresh the table in its place. While a store does not answer, what was seen last stays and ages."""
    from rich.live import Live as Refreshed

    from fairline.clients import now_ms
    from fairline.domain.errors import Unavailable
    from tools.operator.line import shown
    from tools.operator.screen import console

    trouble = ""
    with contextlib.suppress(KeyboardInterrupt), Refreshed(console=console(), auto_refresh=False) as screen:
        while True:
            screen.update(shown(live, now_ms(), trouble), refresh=True)
            time.sleep(EVERY_SECONDS)
            try:
                live, trouble = figures.live(live.onsale.onsale), ""
            except Unavailable as unavailable:
                trouble = unavailable.detail
