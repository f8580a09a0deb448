"""Somebody without JavaScript: a browser that keeps cookies, shows pages, and sends forms from them."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from tests.handlers.cloud import Cloud, function_of
from tests.handlers.events import Event, gate_event, http_event
from tests.support.reading import Form, Reading

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORM = "application/x-www-form-urlencoded"
PLACE = "/v1/onsales/demo/place"
FORBIDDEN = 403


@dataclass(frozen=True)
class Shown:
    """An answer, read."""

    status: int
    headers: dict[str, str]
    html: str
    set_cookies: list[str]

    @property
    def read(self) -> Reading:
        return Reading.of(self.html)

    @property
    def heading(self) -> str:
        [heading] = self.read.headings
        return heading

    def form(self, label: str) -> Form:
        [form] = [form for form in self.read.forms if form.label == label]
        return form

    def labels(self) -> list[str]:
        """What can be pressed."""
        return [form.label for form in self.read.forms]


@dataclass
class Reader:
    """Sends `origin` with what is no GET, as browsers do."""

    cloud: Cloud
    origin: str | None = ""
    language: str = "en"
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.origin == "":
            self.origin = self.cloud.environment["PUBLIC_URL"]

    def open(self, address: str = PLACE) -> Shown:
        """A page by its address."""
        return self.shown(self.event("GET", address))

    def press(self, page: Shown, label: str, **filled: str) -> Shown:
        """Send a form of a page, and follow where it leads."""
        form = page.form(label)
        return self.follow(self.send(form, **filled))

    def send(self, form: Form, **filled: str) -> Shown:
        """Send a form; the answer itself."""
        said = urlencode({**form.fields, **filled})
        if form.method == "get":
            return self.open(f"{form.action}?{said}" if said else form.action)
        return self.shown(self.event("POST", form.action, said))

    def follow(self, shown: Shown) -> Shown:
        """Where an answer leads."""
        return self.open(shown.headers["location"]) if shown.status == 303 else shown

    def event(self, method: str, address: str, body: str | None = None) -> Event:
        """What a browser sends."""
        path, _, query = address.partition("?")
        headers = {"accept": ACCEPT, "accept-language": self.language}
        if method != "GET":
            headers |= {"content-type": FORM, **({"origin": self.origin} if self.origin is not None else {})}
        event = http_event(method, path, body, headers=headers, binary=True)
        if method == "GET":
            del event["headers"]["content-type"]
        if query:
            parameters = {name: values[0] for name, values in parse_qs(query).items()}
            event |= {"rawQueryString": query, "queryStringParameters": parameters}
        return self.with_cookies(event)

    def with_cookies(self, event: Event) -> Event:
        cookies = [f"{name}={value}" for name, value in self.cookies.items()]
        return {**event, **({"cookies": cookies} if cookies else {})}

    def shown(self, event: Event) -> Shown:
        """Ask the gate, where there is one, and then the function."""
        if "/booking/" in event["rawPath"]:
            passed = self.gate(event)
            if not passed["isAuthorized"]:
                return Shown(FORBIDDEN, {}, "", [])
            event["headers"] |= {f"x-fairline-{name}": value for name, value in passed["context"].items()}
        name = function_of(event["requestContext"]["http"]["method"], event["rawPath"])
        return self._kept(self.cloud.call(name, event))

    def gate(self, event: Event) -> Any:
        """What the gate says to an event."""
        method = event["requestContext"]["http"]["method"]
        asked = gate_event(method, event["rawPath"]) | {"headers": event["headers"]}
        return self.cloud.call("authorize", self.with_cookies(asked))

    def _kept(self, answer: Any) -> Shown:
        cookies = answer.get("cookies", [])
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            self.cloud.secrets |= {value} if "." in value and len(value) > 60 else set()
        gone = [cookie.partition("=")[0] for cookie in cookies if "Max-Age=0" in cookie]
        for name in gone:
            del self.cookies[name]
        return Shown(answer["statusCode"], answer["headers"], answer.get("body", ""), cookies)
