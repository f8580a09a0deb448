"""The organiser of what pictures show: makes onsales by the operators' interface, and gives one a look of its own."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DRESSED = "night-trains"
POSTER = Path(__file__).with_name("poster.svg")
LOOK = {
    "organiser": "Harbour Nights presents",
    "accent": "#b5451b",
    "picture_alt": "A night train under the moon",
    "text": "Doors open at seven. Tickets are for the name that buys them; four at most.",
    "link": "https://tickets.example/night-trains",
    "link_text": "Questions and answers",
}
NOT_KEPT_YET = 503
Method = Literal["POST", "PATCH"]


class Organiser:
    """Works with an operator's token in the room at `url`."""

    def __init__(self, browser: "Browser", url: str, token: str) -> None:
        self._browser = browser
        self._context = browser.new_context(base_url=url, extra_http_headers={"authorization": f"Bearer {token}"})

    def creates(self, onsale: str, name: str, *, opens: int, starts: int, max_active: int = 60) -> None:
        """An onsale whose lobby opens and whose sale starts so many seconds from now."""
        now = datetime.now(UTC)
        times = {"lobby_opens_at": opens, "sale_starts_at": starts, "closes_at": starts + 4 * 60 * 60}
        moments = {each: (now + timedelta(seconds=seconds)).isoformat() for each, seconds in times.items()}
        policy = {"rate_per_minute": 120, "max_active": max_active, "session_seconds": 180}
        self.asks("POST", "", {"onsale": onsale, "name": name, **moments, **policy})

    def dresses(self, onsale: str) -> None:
        """Give an onsale that nobody has changed yet a picture, a colour and words."""
        name = self.asks("POST", f"/{onsale}/picture", self._poster())["picture"]
        self.asks("PATCH", f"/{onsale}", {"expected_version": 1, "branding": {**LOOK, "picture": name}})

    def brings(self, onsale: str, many: int) -> None:
        """Let so many others join a line, as soon as it is kept."""
        where = f"/v1/onsales/{onsale}/registrations"
        for number in range(many):
            headers = {"idempotency-key": f"{number:032x}", "authorization": ""}
            while self._context.request.post(where, data={}, headers=headers).status == NOT_KEPT_YET:
                pass

    def asks(self, method: Method, path: str, body: Mapping[str, Any] | bytes) -> dict[str, Any]:
        """The answer to one request under the operators' routes. Raises RuntimeError for a refusal."""
        answer = self._context.request.fetch(f"/v1/admin/onsales{path}", method=method, data=body)
        if not answer.ok:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.text()}")
        told: dict[str, Any] = answer.json()
        return told

    def _poster(self) -> bytes:
        """A drawing as a picture that can be uploaded."""
        with self._browser.new_context(viewport={"width": 1200, "height": 900}) as context:
            page = context.new_page()
            page.set_content(f"<style>body {{ margin: 0 }}</style>{POSTER.read_text('utf-8')}")
            return page.screenshot(type="jpeg", quality=82)
