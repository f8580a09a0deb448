"""Where tables go. Names and notices are shown as they are: nothing in them is markup."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, Group
    from rich.text import Text


def console() -> "Console":
    """The output stream."""
    from rich.console import Console

    return Console(markup=False, emoji=False, highlight=False)


def card(title: str, rows: "Iterable[tuple[str, str | Text]]") -> "Group":
    """A title, and labels with their values under it."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for label, value in rows:
        grid.add_row(label, value)
    return Group(Text(title, "bold"), grid)
