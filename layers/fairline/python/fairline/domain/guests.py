"""What limits guests: nobody vouches for them, so their browser is known by a cookie and their network by a mark.

Neither is a person. docs/decisions/0029 says what each limit stops and what it does not.
"""

import base64
import hmac
from dataclasses import dataclass

MARK_BYTES = 6
"""Enough to tell the addresses of a crowd apart: of a million, some two will share a mark with another by chance."""

IPV6_NETWORK_BYTES = 8
"""The first 64 bits: the least that one connection is given, all of whose addresses are its own to choose."""


@dataclass(frozen=True)
class GuestRules:
    """How many new places one address may take in one onsale, 0 for any number; whether a browser has one only."""

    places_per_address: int = 0
    one_per_browser: bool = False


@dataclass(frozen=True)
class Caller:
    """Where a new place is asked for from, as the line counts it: a mark, and how many places it may take in all."""

    mark: str
    places: int


def network(address: str) -> str:
    """What counts as one: an IPv4 address, or the /64 of an IPv6 address. Raises ValueError for what is neither."""
    from ipaddress import IPv6Address, ip_address

    parsed = ip_address(address)
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or parsed.packed[:IPV6_NETWORK_BYTES].hex())


def mark(secret: str, onsale: str, address: str) -> str:
    """What the store is told instead of an address: without the secret it leads back to none.

    It is another one in each onsale, so that nobody can be followed from sale to sale. Raises ValueError.
    """
    digest = hmac.digest(secret.encode(), f"network {onsale} {network(address)}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:MARK_BYTES]).decode()
