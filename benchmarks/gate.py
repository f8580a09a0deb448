"""Requests a second through the warm gate without a network, against PyJWT verifying the same token."""

import os
import time
from unittest.mock import patch

import jwt

from benchmarks.figures import Figure, compare, show
from benchmarks.stores import ISSUER, ORIGIN, SETTINGS, KeysInMemory, OriginInMemory
from fairline import stores
from fairline.adapters.access_tokens import AccessTokens
from fairline.adapters.memory_ledger import MemorySessions
from fairline.domain.place import Place
from fairline.domain.session import Row, Session, Start
from fairline.routes import ORIGIN_HEADER
from lambdas.authorize.handler import handler

CALLS = 400
BUDGET_RATE = 4_000
PLACE = Place("demo", 17, "q3hPs0m3Vis1tor0fOurs0")


class CountedSessions(MemorySessions):
    """Counts what would be remote calls."""

    reads = 0

    def rows(self, place: Place) -> list[Row]:
        """As the ledger."""
        self.reads += 1
        return super().rows(place)


def event(token: str) -> dict[str, object]:
    """What the gate is asked."""
    return {
        "version": "2.0",
        "type": "REQUEST",
        "rawPath": "/v1/onsales/demo/booking/seats",
        "headers": {"authorization": f"Bearer {token}", "accept": "application/json", ORIGIN_HEADER: ORIGIN},
        "requestContext": {"http": {"method": "GET"}},
    }


def main() -> None:
    """Measure a good token and a bad one, and count calls."""
    os.environ |= SETTINGS
    keys, sessions, origin = KeysInMemory(), CountedSessions(), OriginInMemory()
    with patch.multiple(stores, keys=lambda: keys, sessions=lambda: sessions, origin_secrets=lambda: origin):
        measure(keys, sessions, origin)


def measure(keys: KeysInMemory, sessions: CountedSessions, origin: OriginInMemory) -> None:
    """The warm gate over these stores."""
    token = admitted(keys, sessions)
    good, bad = event(token), event(token[:-6] + "AAAAAA")
    public = jwt.PyJWK(keys.access.public_jwk or {}).key

    def bare(_: int) -> None:
        jwt.decode(token, public, algorithms=["RS256"], audience="demo", issuer=ISSUER)

    if not handler(good, None)["isAuthorized"] or handler(bad, None)["isAuthorized"]:
        raise SystemExit("the gate does not work")
    passed = compare(lambda _: handler(good, None), bare, calls=CALLS)
    sessions.reads = keys.reads = origin.reads = 0
    refused = compare(lambda _: handler(bad, None), bare, calls=CALLS)
    print(f"  bare PyJWT verifies {passed.baseline:,.0f}/s; the gate passes {passed.ratio:.0%} of that")
    print(f"  and refuses {refused.subject:,.0f} bad tokens a second")
    show(
        "The gate, warm, without a network",
        Figure("requests passed a second", passed.subject, "/s", BUDGET_RATE, "above"),
        Figure("remote calls for bad tokens", sessions.reads + keys.reads + origin.reads, "calls", 0, "below"),
    )


def admitted(keys: KeysInMemory, sessions: CountedSessions) -> str:
    """The access token of a live session."""
    now_ms = time.time_ns() // 1_000_000
    start = Start(PLACE, now_ms, now_ms + 3_600_000)
    sessions.start([start], 0)
    session = Session(PLACE, start.started_at_ms, start.ends_at_ms, extended=False, ended=None)
    return AccessTokens(ISSUER).mint(session, [keys.access])


if __name__ == "__main__":
    main()
