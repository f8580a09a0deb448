"""The one place that knows both use cases and adapters. Everything is made on first use, from the environment.

Each function of the deployment is told only the settings that `stacks/functions.py` names; asking for another one
fails at once, by name.
"""

import os
import time
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from fairline.clients import aws, dynamodb, now_ms, redis, setting
from fairline.domain.keys import Key, Purpose, in_use
from fairline.domain.onsale import Onsale
from fairline.usecases.cached import Cached, CachedByName

if TYPE_CHECKING:
    from fairline.adapters.access_tokens import AccessTokens
    from fairline.adapters.documents import S3Documents
    from fairline.adapters.dynamodb_keys import DynamoDBKeys
    from fairline.adapters.dynamodb_onsales import DynamoDBOnsales
    from fairline.adapters.dynamodb_sessions import DynamoDBSessions
    from fairline.adapters.redis_line import RedisLine
    from fairline.entrypoints.bodies import Addresses
    from fairline.usecases.book import BoxOffice
    from fairline.usecases.complete import Completion
    from fairline.usecases.connect import SocketAnswers, SocketRegister
    from fairline.usecases.desk import AdmissionDesk
    from fairline.usecases.gate import Gate
    from fairline.usecases.lookup import Lookup
    from fairline.usecases.notify import Notifier
    from fairline.usecases.operate import Operations
    from fairline.usecases.places import Absence, Places
    from fairline.usecases.register import Registrar, VisitorTokens
    from fairline.usecases.rotate import Rotation
    from fairline.usecases.ticker import Ticker

KEYS_AGE_SECONDS = 60
ONSALE_AGE_SECONDS = 1
STATUS_AGE_SECONDS = 1
HOUSE_AGE_SECONDS = 5
SEATS_AGE_SECONDS = 1


@cache
def line() -> "RedisLine":
    """The line."""
    from fairline.adapters.redis_line import RedisLine

    return RedisLine(redis())


@cache
def sessions() -> "DynamoDBSessions":
    """The ledger of sessions."""
    from fairline.adapters.dynamodb_sessions import DynamoDBSessions

    return DynamoDBSessions(dynamodb(), setting("SESSIONS_TABLE"))


@cache
def onsales() -> "DynamoDBOnsales":
    """Onsales and their versions."""
    from fairline.adapters.dynamodb_onsales import DynamoDBOnsales

    return DynamoDBOnsales(dynamodb(), setting("ONSALES_TABLE"))


@cache
def latest_onsales() -> CachedByName[Onsale | None]:
    """Latest versions, a second old at most."""
    return CachedByName(onsales().latest, ONSALE_AGE_SECONDS, time.monotonic)


@cache
def documents() -> "S3Documents":
    """The status bucket."""
    from fairline.adapters.documents import S3Documents

    return S3Documents(aws("s3"), setting("STATUS_BUCKET"))


@cache
def keys() -> "DynamoDBKeys":
    """Signing keys."""
    from fairline.adapters.dynamodb_keys import DynamoDBKeys

    return DynamoDBKeys(dynamodb(), setting("KEYS_TABLE"))


@cache
def _cached_keys(purpose: Purpose) -> Cached[list[Key]]:
    return Cached(partial(keys().all, purpose), KEYS_AGE_SECONDS, time.monotonic)


def keys_in_use(purpose: Purpose) -> Sequence[Key]:
    """Keys that may verify, reloaded by age and never because of what a token says."""
    return in_use(_cached_keys(purpose).get(), now_ms())


@cache
def access_tokens() -> "AccessTokens":
    """Access tokens of this deployment's issuer."""
    from fairline.adapters.access_tokens import AccessTokens

    return AccessTokens(setting("STATUS_URL"))


@cache
def desk() -> "AdmissionDesk":
    """Admissions."""
    from fairline.usecases.desk import AdmissionDesk

    return AdmissionDesk(access_tokens(), partial(keys_in_use, "access"), setting("PUBLIC_URL"))


@cache
def visitor_tokens() -> "VisitorTokens":
    """Visitor tokens."""
    from fairline.usecases.register import VisitorTokens

    return VisitorTokens(partial(keys_in_use, "visitor"), now_ms)


@cache
def absence() -> "Absence":
    """Explanations of a missing line."""
    from fairline.usecases.places import Absence

    return Absence(lambda onsale: latest_onsales().get(onsale), now_ms)


@cache
def places() -> "Places":
    """Use cases of a visitor token."""
    from fairline.usecases.places import Places

    return Places(line(), sessions(), desk(), absence(), now_ms)


@cache
def lookup() -> "Lookup":
    """The help desk."""
    from fairline.usecases.lookup import Lookup

    return Lookup(line(), sessions(), now_ms)


@cache
def registrar() -> "Registrar":
    """Joining the line."""
    from fairline.usecases.register import Registrar

    return Registrar(line(), places(), visitor_tokens(), absence())


@cache
def completion() -> "Completion":
    """The backend's report."""
    from fairline.usecases.complete import Completion

    return Completion(line(), sessions(), latest_onsales().get, now_ms)


@cache
def addresses() -> "Addresses":
    """Where the public parts are."""
    from fairline.entrypoints.bodies import Addresses

    return Addresses(setting("STATUS_URL"), setting("WEBSOCKET_URL"), setting("IDENTITY"))


@cache
def gate() -> "Gate":
    """The gate."""
    from fairline.usecases.gate import Gate

    return Gate(access_tokens(), partial(keys_in_use, "access"), sessions(), now_ms)


@cache
def socket_register(*, closing: bool) -> "SocketRegister":
    """Opening and closing sockets."""
    from fairline.adapters.dynamodb_connections import DynamoDBConnections
    from fairline.usecases.connect import SocketRegister

    connections = DynamoDBConnections(dynamodb(), setting("CONNECTIONS_TABLE"))
    return SocketRegister(connections, _sockets() if closing else None, now_ms)


@cache
def _sockets() -> Any:
    from fairline.adapters.sockets import ApiGatewaySockets

    return ApiGatewaySockets(aws("apigatewaymanagementapi", endpoint_url=setting("SOCKETS_URL")))


@cache
def socket_answers() -> "SocketAnswers":
    """Answers on sockets."""
    from fairline.domain.status import status_key
    from fairline.usecases.connect import SocketAnswers

    status: CachedByName[Mapping[str, Any] | None] = CachedByName(
        lambda onsale: documents().read(status_key(onsale)), STATUS_AGE_SECONDS, time.monotonic
    )
    return SocketAnswers(sessions(), desk(), status.get, now_ms)


@cache
def notifier() -> "Notifier":
    """Pushes."""
    from fairline.adapters.dynamodb_connections import DynamoDBConnections
    from fairline.usecases.notify import Notifier

    connections = DynamoDBConnections(dynamodb(), setting("CONNECTIONS_TABLE"))
    return Notifier(connections, _sockets(), desk(), now_ms)


@cache
def ticker() -> "Ticker":
    """The ticker, reporting to logs and metrics."""
    from fairline.adapters.dynamodb_records import DynamoDBRecords
    from fairline.adapters.redis_admissions import RedisAdmissions
    from fairline.entrypoints.ticks import failed, report
    from fairline.usecases.admit import Admitter
    from fairline.usecases.ticker import Ticker

    records = DynamoDBRecords(dynamodb(), setting("ONSALES_TABLE"))
    admitter = Admitter(RedisAdmissions(redis()), sessions(), records, onsales(), documents())
    return Ticker(admitter, onsales(), clock=time.monotonic, now=now_ms, report=report, failed=failed)


@cache
def rotation() -> "Rotation":
    """Key rotation."""
    import secrets

    from fairline.adapters.access_tokens import generate
    from fairline.usecases.rotate import MakeKey, Rotation

    def secret(kid: str, signs_from_ms: int) -> Key:
        return Key("visitor", kid, secrets.token_urlsafe(32), signs_from_ms)

    make: dict[Purpose, MakeKey] = {"visitor": secret, "access": generate}
    return Rotation(keys(), documents(), make, setting("STATUS_URL"), now_ms)


@cache
def operations() -> "Operations":
    """Operators' use cases. Where the sample backend is deployed it is handed each new onsale's key."""
    from fairline.adapters.dynamodb_records import DynamoDBRecords
    from fairline.usecases.operate import Operations

    records = DynamoDBRecords(dynamodb(), setting("ONSALES_TABLE"))
    return Operations(onsales(), records, now_ms, _open_house if "SEATS_TABLE" in os.environ else None)


def _open_house(onsale: Onsale, completion_key: str) -> None:
    from fairline.adapters.dynamodb_seats import DynamoDBHouses
    from fairline.usecases.book import open_house

    open_house(DynamoDBHouses(dynamodb(), setting("SEATS_TABLE")), onsale.onsale, completion_key, onsale.closes_at_ms)


@cache
def box_office() -> "BoxOffice":
    """The sample backend."""
    from fairline.adapters.completion import HttpCompletions
    from fairline.adapters.dynamodb_seats import DynamoDBHouses, DynamoDBSeats
    from fairline.usecases.book import BoxOffice

    table = setting("SEATS_TABLE")
    return BoxOffice(
        house_of=CachedByName(DynamoDBHouses(dynamodb(), table).find, HOUSE_AGE_SECONDS, time.monotonic).get,
        seats=DynamoDBSeats(dynamodb(), table),
        completions=HttpCompletions(setting("PUBLIC_URL")),
        now_ms=now_ms,
        seen_seconds=SEATS_AGE_SECONDS,
    )
