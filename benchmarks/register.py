"""Registrations a second of one process over a real Valkey, against the bare script on the same client."""

import base64
from unittest.mock import patch

from benchmarks.figures import Figure, compare, show
from benchmarks.stores import ORIGIN, KeysInMemory, OriginInMemory, line, redis
from fairline import stores
from fairline.adapters.scripts import keys, source
from fairline.domain.identity import guest
from fairline.routes import ORIGIN_HEADER
from lambdas.register.handler import handler

CALLS, ROUNDS = 500, 31
BUDGET = 0.6


def idempotency_key(number: int) -> str:
    """A key of 128 bits, as pages make them."""
    return base64.urlsafe_b64encode(number.to_bytes(16)).rstrip(b"=").decode()


def event(onsale: str, key: str) -> dict[str, object]:
    """A registration as API Gateway hands it on, made for this call as Lambda makes it."""
    return {
        "version": "2.0",
        "routeKey": "POST /v1/onsales/{onsale}/registrations",
        "rawPath": f"/v1/onsales/{onsale}/registrations",
        "headers": {"accept": "application/json", "idempotency-key": key, ORIGIN_HEADER: ORIGIN},
        "requestContext": {"http": {"method": "POST", "sourceIp": "203.0.113.7"}, "stage": "$default"},
        "pathParameters": {"onsale": onsale},
        "isBase64Encoded": False,
    }


def main() -> None:
    """Measure new visitors, then the same again."""
    stored, origin = KeysInMemory(), OriginInMemory()
    with redis() as client, patch.multiple(stores, keys=lambda: stored, origin_secrets=lambda: origin):
        ours, theirs = line(client).name, line(client).name
        total = CALLS * (ROUNDS + 1)
        sent = [idempotency_key(number) for number in range(total)]
        visitors = [guest(key) for key in sent]
        sha, names = client.script_load(source("register")), keys(theirs)
        for name in ("new", "known"):
            made = compare(
                lambda number: handler(event(ours, sent[number]), None),
                lambda number: client.evalsha(sha, len(names), *names, visitors[number]),
                calls=CALLS,
                rounds=ROUNDS,
            )
            row = Figure(f"a {name} visitor registers", made.subject, "of the bare EVALSHA rate", BUDGET, "above",
                         made.baseline, made.ratio)  # fmt: skip
            show("Registrations a second, one process", row)
        print(f"  (keys were read {stored.reads + origin.reads} times in {2 * total:,} registrations)")


if __name__ == "__main__":
    main()
