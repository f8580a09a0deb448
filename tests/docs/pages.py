"""The pages of the repository, taken apart."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = "layers/fairline/python/fairline"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]+\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")


def shown(page: Path) -> str:
    """A page's name, for test ids."""
    return str(page.relative_to(ROOT))


def blocks(page: Path, kind: str) -> list[str]:
    """The fenced blocks of one kind."""
    return [match["text"] for match in FENCE.finditer(page.read_text()) if match["kind"] == kind]


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCE.sub("", page.read_text())


def links(page: Path) -> list[str]:
    """Targets of links that are not to other sites."""
    found = [match["target"] for match in LINK.finditer(prose(page))]
    return [target for target in found if "://" not in target]


def code(page: Path) -> list[str]:
    """What is set as code: in running text each span, in plain blocks each line."""
    spans = CODE.findall(prose(page))
    lines = [line.strip() for block in blocks(page, "") for line in block.splitlines()]
    return [*spans, *lines]


def rows(page: Path, heading: str) -> list[list[str]]:
    """The cells of every table under a heading, without the tables' heads."""
    section = page.read_text().partition(f"\n{heading}\n")[2].partition("\n## ")[0]
    tables = re.findall(r"^\|.*\n\|[-|]+\n((?:\|.*\n)+)", section, re.MULTILINE)
    lines = [line for table in tables for line in table.splitlines()]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def anchors(page: Path) -> set[str]:
    """What a page's headings can be linked by."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
