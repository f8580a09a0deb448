"""A place as a QR code, for its visitor's other device. What draws it is imported with the first one asked for."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from fairline.clients import setting
from fairline.entrypoints.http import Response
from fairline.entrypoints.place import shown

if TYPE_CHECKING:
    from fairline.entrypoints.http import Request


def code(request: Request) -> Response:
    """`GET …/place/code`: an SVG of the page's address with the visitor token in its fragment.

    Fragments are sent nowhere: not even the token's own page tells us of it.
    """
    _, token = shown(request)
    return Response(200, drawn(f"{setting('PUBLIC_URL')}/?onsale={request.onsale}#place={token}"), HEADERS)


HEADERS = {"content-type": "image/svg+xml", "content-security-policy": "default-src 'none'"}


def drawn(text: str) -> str:
    """A QR code that fills the space it is given, dark on light whatever the page's colours are."""
    import segno

    out = io.BytesIO()
    segno.make_qr(text, error="l").save(out, kind="svg", light="#fff", dark="#000", omitsize=True, xmldecl=False)
    return out.getvalue().decode()
