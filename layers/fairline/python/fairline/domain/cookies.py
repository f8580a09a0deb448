"""The cookies of somebody who comes without JavaScript, and whether a request that brings one is meant.

Their names end in what no name of an onsale has, so that no cookie of one is another's of a second.
"""

import re

SAFE = frozenset({"GET", "HEAD"})
ORDER = re.compile(r"(?P<order>FL-[A-Z2-7]{12})\.(?P<seat>[A-Z]-[1-9][0-9]?)")


def key_cookie(onsale: str) -> str:
    """The random key that a browser joins with. Of one onsale each.

    With this prefix browsers take a cookie from this very host alone, and over TLS.
    """
    return f"__Host-fairline-{onsale}"


def place_cookie(onsale: str) -> str:
    """The visitor token."""
    return f"{key_cookie(onsale)}.place"


def access_cookie(onsale: str) -> str:
    """The access token, while its session lasts."""
    return f"{key_cookie(onsale)}.access"


def order_cookie(onsale: str) -> str:
    """What was bought of the sample backend: order and seat, as ORDER reads them."""
    return f"{key_cookie(onsale)}.order"


def kept(name: str, value: str, seconds: int) -> str:
    """A cookie that no script can read, and that no other site's form brings along."""
    return f"{name}={value}; Max-Age={max(0, seconds)}; Path=/; Secure; HttpOnly; SameSite=Lax"


def meant(method: str, origin: str | None, public_url: str) -> bool:
    """Whether a request that changes something and is known by a cookie was made by a page of ours.

    Browsers send cookies by themselves, whoever made them ask; `Origin` says who did, and no page can set it. Our own
    host is another one than the browser's: it is the public address that counts.
    """
    return method in SAFE or origin == public_url.lower()
