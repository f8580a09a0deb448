"""The Lua scripts beside this file, and the only place that names Redis keys."""

import hashlib
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from redis.exceptions import NoScriptError, RedisError

from fairline.domain.errors import Unavailable

if TYPE_CHECKING:
    from redis import Redis

NAMES = ("state", "line", "called", "ended", "active", "outbox")
ADDRESSES = "addresses"
"""Only where guests are limited by address, and only `register` touches it."""


@lru_cache(maxsize=1_000)
def keys(onsale: str, *names: str) -> tuple[str, ...]:
    """Key names of one onsale, all in one slot; every name, in the scripts' order, if none is given.

    state: hash of epoch, counters, bucket and mirrored policy. line: visitors waiting, by position. called: visitors
    let in or gone, by position. ended: visitor -> completed | left. active: sessions by the time they end.
    outbox: session -> started:ends of admissions not yet known to be written. addresses: epoch:mark -> newcomers.
    """
    return tuple(f"{{{onsale}}}:{name}" for name in names or NAMES)


@cache
def source(name: str) -> str:
    """The text of a script."""
    return files("fairline.adapters").joinpath("lua", f"{name}.lua").read_text()


@cache
def _sha1(name: str) -> str:
    return hashlib.sha1(source(name).encode(), usedforsecurity=False).hexdigest()


class Scripts:
    """Runs scripts by name on one client (made with `decode_responses=True`), one round trip each."""

    def __init__(self, client: "Redis") -> None:
        self._client = client

    def run(self, name: str, onsale_keys: tuple[str, ...], *args: str | int) -> Any:
        """The script's reply. Raises Unavailable if the store does not answer in time."""
        try:
            return self._client.evalsha(_sha1(name), len(onsale_keys), *onsale_keys, *args)
        except NoScriptError:
            return self._sent(name, onsale_keys, *args)
        except RedisError as error:
            raise _unavailable() from error

    def _sent(self, name: str, onsale_keys: tuple[str, ...], *args: str | int) -> Any:
        """As `run`, for a server that has not seen the script: it is sent along, and known from then on."""
        try:
            return self._client.eval(source(name), len(onsale_keys), *onsale_keys, *args)
        except RedisError as error:
            raise _unavailable() from error


def _unavailable() -> Unavailable:
    return Unavailable("The line does not answer; no place is lost.", retry_after_seconds=2)
