"""`python -m tools.bill build/lean`: the month of an idle deployment and one onsale, line by line."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tools.bill.materials import Line, idle
from tools.bill.onsale import Sale
from tools.bill.prices import GATHERED

SALES = (Sale(50_000, 15), Sale(1_000_000, 40))


def main(
    assembly: Annotated[Path, typer.Argument(help="what `make synth` made, such as build/lean", exists=True)],
    *,
    markdown: Annotated[bool, typer.Option(help="print tables for a page instead")] = False,
) -> None:
    """Print both bills."""
    templates = [json.loads(path.read_text()) for path in sorted(assembly.glob("*.template.json"))]
    bills = {f"{assembly.name}, idle, a month": idle(templates), **{_named(sale): sale.lines() for sale in SALES}}
    for title, lines in bills.items():
        if markdown:
            typer.echo(in_markdown(lines))
        else:
            Console().print(table(title, lines))


def _named(sale: Sale) -> str:
    return f"one onsale, {sale.fans:,} fans, {sale.mean_wait_minutes:g} min mean wait"


def table(title: str, lines: list[Line]) -> Table:
    """A bill for a terminal. What comes to less than a cent is not hidden: it is shown as such."""
    *rows, total = cells(lines)
    made = Table("what", "quantity", "each $", "$", title=f"{title} (list prices of {GATHERED})", show_footer=True)
    made.columns[3].footer = total[3]
    for column in made.columns[1:]:
        column.justify = "right"
    for row in rows:
        made.add_row(*row)
    return made


def in_markdown(lines: list[Line]) -> str:
    """A bill for a page."""
    rows = [("what", "quantity", "each $", "$"), ("---", "---:", "---:", "---:"), *cells(lines)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def cells(lines: list[Line]) -> list[tuple[str, str, str, str]]:
    """The rows of a bill, its sum last."""
    total = sum(line.dollars for line in lines)
    rows = [(line.what, _quantity(line.quantity), f"{line.each:.4g}", f"{line.dollars:,.2f}") for line in lines]
    return [*rows, ("**in all**", "", "", f"{total:,.2f}")]


def _quantity(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.4g}"  # noqa: PLR2004 - where fractions stop to matter


if __name__ == "__main__":
    typer.run(main)
