"""A page as somebody without JavaScript reads it: its headings and words, and the forms and links they can use."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

EMPTY = {"meta", "link", "input"}


@dataclass
class Form:
    """What pressing its button sends, and where."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    label: str = ""


class Reading(HTMLParser):
    """Raises AssertionError for elements that are not closed in the order they were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.root: dict[str, str | None] = {}
        self.headings: list[str] = []
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.options: list[str] = []
        self.text = ""
        self._open: list[tuple[str, dict[str, str | None]]] = []

    @classmethod
    def of(cls, html: str) -> Self:
        read = cls()
        read.feed(html)
        read.close()
        assert read._open == []
        return read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in EMPTY:
            self._open.append((tag, found))
        if tag == "html":
            self.root = found
        if tag == "form":
            self.forms.append(Form(str(found["action"]), str(found["method"])))
        if tag == "input":
            self.forms[-1].fields[str(found["name"])] = str(found["value"])
        if tag == "option":
            self.options.append(str(found["value"]))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        inside = dict(self._open)
        self.text += data + "\n"
        if "h1" in inside:
            self.headings.append(data)
        if "button" in inside:
            self.forms[-1].label = data
        if "a" in inside:
            self.links[data] = str(inside["a"]["href"])
