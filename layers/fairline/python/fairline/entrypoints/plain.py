"""How the pages without JavaScript speak to somebody: words, numbers and times in the language of a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fairline.domain.status import iso
from fairline.entrypoints.page import Markup, button, tag
from fairline.languages import LANGUAGES, chosen, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairline.entrypoints.http import Request


@dataclass(frozen=True)
class Voice:
    """`asked` is the language that the address asks for, if it does; `home` is the page that can be opened again."""

    language: str
    asked: str
    home: str

    @classmethod
    def of(cls, request: Request) -> Voice:
        """The language that is asked for by name, or liked best."""
        asked = request.query("lang") or ""
        language = chosen(request.header("accept-language") or "", asked)
        home = quote(request.path) if request.method == "GET" else place_path(request.path_parameter("onsale"))
        return cls(language, asked if asked in LANGUAGES else "", home)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return str(words(self.language)["direction"])

    @property
    def _plain(self) -> Mapping[str, Any]:
        said: Mapping[str, Any] = words(self.language)["plain"]
        return said

    def say(self, name: str, **values: object) -> str:
        """Words by their name."""
        return str(self._plain[name]).format(**values)

    def refusal(self, slug: str) -> tuple[str, str]:
        """Title and text for what was refused; the same for all that people can do nothing about."""
        told = self._plain["refusals"]
        title, text = told.get(slug, told["other"])
        return title, text

    def link(self, path: str) -> str:
        """An address that goes on in the language that was asked for."""
        return f"{path}?lang={self.asked}" if self.asked else path

    def way(self, label: str, path: str, **hidden: str) -> Markup:
        """A button that opens a page, and goes on in the language that was asked for."""
        asked = {"lang": self.asked} if self.asked else {}
        return button(self.say(label), path, method="get", kind="main", **hidden, **asked)

    def number(self, value: int) -> str:
        """Grouped by thousands."""
        return f"{value:,}".replace(",", self.say("grouping"))

    def money(self, amount: int, currency: str) -> str:
        """An amount given in cents."""
        return f"{self.number(amount // 100)}{self.say('decimal')}{amount % 100:02} {currency}"

    def moment(self, ms: int) -> Markup:
        """Day and time, in UTC: nobody has told us where they are."""
        at = datetime.fromtimestamp(ms / 1000, UTC)
        month = self._plain["months"][at.month - 1]
        return _time(ms, self.say("moment", day=at.day, month=month, year=at.year, time=f"{at:%H:%M}"))

    def clock(self, ms: int) -> Markup:
        """The time alone, to the second."""
        return _time(ms, f"{datetime.fromtimestamp(ms / 1000, UTC):%H:%M:%S} UTC")

    def others(self) -> Markup:
        """The same page in every other language."""
        known = ((each, str(words(each)["name"])) for each in LANGUAGES if each != self.language)
        links = (tag("a", name, href=f"{self.home}?lang={each}", lang=each, hreflang=each) for each, name in known)
        return tag("footer", tag("ul", *(tag("li", link) for link in links)), class_="foot")


def _time(ms: int, said: str) -> Markup:
    return tag("time", said, datetime=iso(ms))


def span(seconds: int) -> str:
    """`2:05` of minutes and seconds, or of hours and minutes if given those."""
    whole, rest = divmod(max(0, seconds), 60)
    return f"{whole}:{rest:02}"


def place_path(onsale: str) -> str:
    """The page of a place."""
    return f"/v1/onsales/{quote(onsale, safe='')}/place"
