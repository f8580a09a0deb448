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
) -> None:
    """Print both bills."""
    templates = [json.loads(path.read_text()) for path in sorted(assembly.glob("*.template.json"))]
    console = Console()
    console.print(table(f"{assembly.name}, idle, a month", idle(templates)))
    for sale in SALES:
        title = f"one onsale, {sale.fans:,} fans, {sale.mean_wait_minutes:g} min mean wait"
        console.print(table(title, sale.lines()))


def table(title: str, lines: list[Line]) -> Table:
    """A bill. What comes to less than a cent is not hidden: it is shown as such."""
    made = Table("what", "quantity", "each $", "$", title=f"{title} (list prices of {GATHERED})", show_footer=True)
    made.columns[3].footer = f"{sum(line.dollars for line in lines):,.2f}"
    for column in made.columns[1:]:
        column.justify = "right"
    for line in lines:
        made.add_row(line.what, f"{line.quantity:,.6g}", f"{line.each:.6g}", f"{line.dollars:,.2f}")
    return made


if __name__ == "__main__":
    typer.run(main)
