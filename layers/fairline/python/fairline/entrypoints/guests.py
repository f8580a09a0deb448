"""Guests as their requests show them: a browser by its cookie, a network by the address that the CDN saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline import wiring
from fairline.clients import now_ms
from fairline.domain.cookies import kept, key_cookie
from fairline.domain.errors import TooManyPlaces
from fairline.domain.identity import IDEMPOTENCY_KEY, new_key
from fairline.entrypoints.telemetry import tally
from fairline.routes import ADDRESS_HEADER

if TYPE_CHECKING:
    from fairline.entrypoints.http import Request
    from fairline.usecases.register import Registration


def registered(request: Request, onsale: str) -> tuple[Registration, tuple[str, ...]]:
    """The place of the browser that asks, and the cookies that bind it to this place."""
    binds = wiring.registrar().rules.one_per_browser
    key = bound(request, onsale) if binds else None
    if key is None:
        key = request.header("idempotency-key")
    if key is None:
        key = new_key()
    made = placed(request, onsale, key)
    return made, (_cookie(onsale, key, made.forgotten_at),) if binds else ()


def placed(request: Request, onsale: str, key: str) -> Registration:
    """The place of a browser's key. Operators see how many are refused for their address: too many may share one."""
    try:
        return wiring.registrar().register_guest(onsale, key, request.header(ADDRESS_HEADER))
    except TooManyPlaces:
        tally("AddressRefusals")
        raise


def bound(request: Request, onsale: str) -> str | None:
    """The key this browser came with first. What is none was not set by us, and shuts nobody out."""
    value = request.cookie(key_cookie(onsale))
    return value if value and IDEMPOTENCY_KEY.fullmatch(value) else None


def _cookie(onsale: str, key: str, forgotten_at: int) -> str:
    """The key itself: it finds the place, as it does for the page, and no script of the page can read or clear it."""
    return kept(key_cookie(onsale), key, forgotten_at - now_ms() // 1000)
