"""Which addresses a program that makes load may call: this machine's, and those its operator says are theirs."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

SCHEMES = ("http", "https", "ws", "wss")


class ForeignAddressError(ValueError):
    """An address that is neither on this machine nor confirmed by the operator."""


class Targets:
    """The hosts that may be called. Every request passes `check`, whatever address an answer named."""

    def __init__(self, owned: Iterable[str] = ()) -> None:
        """`owned` are host names the operator confirmed as their own, without port."""
        self._owned = frozenset(host.lower() for host in owned)
        self._passed: set[str] = set()

    def check(self, url: str) -> str:
        """The same `url`, if it may be called. Raises ForeignAddressError."""
        address = urlsplit(url)
        origin = f"{address.scheme}://{address.netloc}"
        if origin not in self._passed:
            self._inspect(address.scheme, address.hostname or "")
            self._passed.add(origin)
        return url

    def _inspect(self, scheme: str, host: str) -> None:
        if scheme not in SCHEMES:
            raise ForeignAddressError(f"'{scheme}' is no scheme of {', '.join(SCHEMES)}.")
        if not (is_loopback(host) or host in self._owned):
            raise ForeignAddressError(
                f"{host or 'That'} is not this machine. Only if it is yours, and you may load it, say so: "
                f"--i-own-this-target {host}"
            )


def is_loopback(host: str) -> bool:
    """Whether `host` (no port, no brackets) is this machine by its very spelling: nothing is looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
