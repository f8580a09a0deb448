"""An onsale's picture, put where fans find it. Showing it is a change of the onsale's branding like any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fairline.domain.errors import PayloadTooLarge, UnknownOnsale
from fairline.domain.picture import KINDS, LARGEST_PICTURE, recognised

if TYPE_CHECKING:
    from fairline.domain.onsale import Onsale

Keep = Callable[[str, bytes, str], None]
"""Puts an object: its key, its bytes, its content type. Again is fine. Raises Unavailable."""


class Pictures:
    """`latest` finds an onsale's newest version."""

    def __init__(self, latest: Callable[[str], Onsale | None], keep: Keep) -> None:
        self._latest = latest
        self._keep = keep

    def add(self, onsale: str, content: bytes) -> str:
        """Keep a picture; what the branding is to name it. Raises UnknownOnsale, InvalidRequest, PayloadTooLarge."""
        if len(content) > LARGEST_PICTURE:
            raise PayloadTooLarge(f"A picture has at most {LARGEST_PICTURE} bytes.")
        picture = recognised(content)
        if self._latest(onsale) is None:
            raise UnknownOnsale(f"There is no onsale named {onsale!r}.")
        key = picture.key(onsale)
        self._keep(key, content, KINDS[picture.kind])
        return key
