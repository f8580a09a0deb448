"""Security headers of the page and the API as plain data, read by the CDN's policy and by the one-machine room."""

from collections.abc import Sequence

SECURITY_HEADERS = {
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""Sent with every answer under the public name, beside the content security policy."""


def content_security_policy(connect: Sequence[str], pictures: str = "") -> str:
    """What the page may load: its own files, and an organiser's picture. `connect` are the origins it calls as well.

    They are the WebSocket API, the status document's host and, where visitors sign in, their issuer's hosts. `pictures`
    is the origin of organisers' pictures, if it is another one.
    """
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' data: {pictures}".rstrip(),
        "connect-src": " ".join(("'self'", *connect)),
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
