"""A line for each step as it is taken, and the verdict."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from tools.smoke.steps import Result, Verdict

MARKS: dict[Verdict, tuple[str, str]] = {
    "passed": ("ok", "green"),
    "failed": ("FAIL", "bold red"),
    "skipped": ("skip", "yellow"),
    "not tried": ("-", "dim"),
}
INDENT = " " * 15


class Paper:
    """Where the lines go."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def show(self, result: Result) -> None:
        """One step; where it failed, what was expected, what came, and where to look."""
        mark, style = MARKS[result.verdict]
        taken = f"{result.seconds:6.2f} s" if result.verdict in ("passed", "failed") else " " * 8
        words = "" if result.verdict == "failed" else result.words
        line = Text.assemble((f"{mark:4}", style), f"  {taken}  {result.step.name}", (f"  {words}".rstrip(), "dim"))
        self._console.print(line, soft_wrap=True)
        if result.verdict == "failed":
            for label, text in (("expected", result.expected), ("came", result.words), ("look at", result.step.look)):
                self._console.print(Text(f"{INDENT}{label:>8}: {text}"), soft_wrap=True)

    def verdict(self, results: Sequence[Result], url: str, seconds: float) -> None:
        """The last line."""
        counts = Counter(result.verdict for result in results)
        told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in MARKS if counts[verdict])
        good = is_good(results)
        word = ("GOOD", "bold green") if good else ("NOT GOOD", "bold red")
        skipped = "; ".join(result.step.name for result in results if result.verdict == "skipped")
        unseen = f"; not seen: {skipped}" if skipped else ""
        self._console.print(Text.assemble(word, f": {url}: {told}, in {seconds:.0f} s{unseen}"), soft_wrap=True)


def is_good(results: Sequence[Result]) -> bool:
    """Whether everything that could be tried held, and was tried."""
    return all(result.verdict in ("passed", "skipped") for result in results)
