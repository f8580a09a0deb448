"""Admissions a second: taken from a real Valkey, stored through boto3 with AWS answered in memory; and signing."""

from typing import TYPE_CHECKING

import boto3
import jwt

from benchmarks.figures import Figure, compare, show
from benchmarks.stores import ISSUER, KeysInMemory, answer_in_memory, line, redis
from benchmarks.tick import fill
from fairline.adapters.access_tokens import AccessTokens, _private
from fairline.adapters.dynamodb_sessions import DynamoDBSessions, to_item
from fairline.domain.place import Place
from fairline.domain.session import Session, Start
from tests.support.keeper import Keeper

if TYPE_CHECKING:
    from redis import Redis

AT_ONCE = 1_000
ROUNDS = 9
SIGNATURES = 100
BUDGET_RATE, BUDGET_SIGNING = 5_000, 0.9


def stored(keeper: Keeper, sessions: DynamoDBSessions) -> None:
    """One tick as the ticker makes it: look, take, write, confirm."""
    view = keeper.looks()
    taken = keeper.takes(view, AT_ONCE)
    assert sessions.start(taken.starts, 1) == []  # noqa: S101 - all have to be written
    keeper.confirms(view, taken)


def admissions(client: "Redis") -> Figure:
    """Take and store, against boto3's own share of it: the same batches, their items ready made."""
    keeper = line(client, max_active=1_000_000, session_seconds=7_200)
    fill(client, keeper, AT_ONCE * (ROUNDS + 2))
    dynamodb = boto3.client("dynamodb")
    answer_in_memory(dynamodb, lambda _: b'{"UnprocessedItems":{}}')
    starts = [Start(Place(keeper.name, n, f"visitor-{n:014}"), 1_795_363_200_000, 1_795_363_380_000) for n in range(25)]
    batch = [{"PutRequest": {"Item": to_item(start, 1)}} for start in starts]

    def bare(_: int) -> None:
        for _batch in range(AT_ONCE // 25):
            dynamodb.batch_write_item(RequestItems={"sessions": batch})

    sessions = DynamoDBSessions(dynamodb, "sessions")
    made = compare(lambda _: stored(keeper, sessions), bare, calls=1, rounds=ROUNDS)
    rate, baseline = made.subject * AT_ONCE, made.baseline * AT_ONCE
    print(f"  boto3 alone, writing the same batches, stores {baseline:,.0f} visitors/s (ratio {made.ratio:.2f})")
    return Figure("taken and stored", rate, "visitors/s", BUDGET_RATE, "above")


def signing() -> Figure:
    """Access tokens minted, against PyJWT signing the same claims with a loaded key."""
    keys = KeysInMemory()
    tokens, key = AccessTokens(ISSUER), _private(keys.access.secret)
    place = Place("demo", 17, "q3hPs0m3Vis1tor0fOurs0")
    session = Session(place, 1_795_363_200_000, 1_795_363_380_000, extended=False, ended=None)
    claims = jwt.decode(tokens.mint(session, [keys.access]), options={"verify_signature": False})
    made = compare(
        lambda _: tokens.mint(session, [keys.access]),
        lambda _: jwt.encode(claims, key, algorithm="RS256", headers={"kid": "access-1"}),
        calls=SIGNATURES,
        rounds=ROUNDS,
    )
    return Figure("signed", made.subject, "of bare PyJWT", BUDGET_SIGNING, "above", made.baseline, made.ratio)


def main() -> None:
    """Measure both."""
    with redis() as client:
        rows = admissions(client), signing()
    show("Admissions a second, one process", *rows)


if __name__ == "__main__":
    main()
