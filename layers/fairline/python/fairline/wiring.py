"""What serves: use cases over what they run on (`upkeep` has the rest). Made on first use, from the environment.

Each function of the deployment is told only the settings that `stacks/functions.py` names; asking for another one
fails at once, by name.
"""

import os
import time
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from fairline import stores
from fairline.clients import now_ms, setting
from fairline.domain.estimate import Polls
from fairline.domain.keys import Key, PublicKey, Purpose, in_use
from fairline.usecases.cached import Cached, CachedByName

if TYPE_CHECKING:
    from fairline.adapters.access_tokens import AccessTokens
    from fairline.domain.onsale import Onsale
    from fairline.entrypoints.bodies import Addresses
    from fairline.usecases.answer import SocketAnswers
    from fairline.usecases.book import BoxOffice
    from fairline.usecases.complete import Completion
    from fairline.usecases.connect import SocketRegister
    from fairline.usecases.desk import AdmissionDesk
    from fairline.usecases.gate import Gate
    from fairline.usecases.lookup import Lookup
    from fairline.usecases.notify import Notifier
    from fairline.usecases.operate import Operations
    from fairline.usecases.origin import OriginCheck
    from fairline.usecases.pictures import Pictures
    from fairline.usecases.places import Absence, Places
    from fairline.usecases.register import Registrar, VisitorTokens
    from fairline.usecases.ticker import Ticker

KEYS_AGE_SECONDS = 60
ONSALE_AGE_SECONDS = 1
STATUS_AGE_SECONDS = 1
HOUSE_AGE_SECONDS = 5
SEATS_AGE_SECONDS = 1


@cache
def latest_onsales() -> "CachedByName[Onsale | None]":
    """Latest versions, a second old at most."""
    return CachedByName(stores.onsales().latest, ONSALE_AGE_SECONDS, time.monotonic)


@cache
def _cached_keys(purpose: Purpose) -> Cached[list[Key]]:
    return Cached(partial(stores.keys().all, purpose), KEYS_AGE_SECONDS, time.monotonic)


def keys_in_use(purpose: Purpose) -> Sequence[Key]:
    """Keys that may verify, reloaded by age and never because of what a token says."""
    return in_use(_cached_keys(purpose).get(), now_ms())


@cache
def origin_check() -> "OriginCheck":
    """Who comes through the CDN."""
    from fairline.usecases.origin import OriginCheck

    return OriginCheck(Cached(stores.origin_secrets().all, KEYS_AGE_SECONDS, time.monotonic).get, now_ms)


@cache
def _public_keys(purpose: Purpose) -> Cached[list[PublicKey]]:
    return Cached(partial(stores.keys().public, purpose), KEYS_AGE_SECONDS, time.monotonic)


def public_keys_in_use(purpose: Purpose) -> Sequence[PublicKey]:
    """As `keys_in_use`, for whoever only verifies: secrets are not even read."""
    return in_use(_public_keys(purpose).get(), now_ms())


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

    return VisitorTokens(lambda: _cached_keys("visitor").get(), now_ms)


@cache
def polls() -> Polls:
    """How often visitors may ask."""
    return Polls.of(setting("POLL_SECONDS"))


@cache
def absence() -> "Absence":
    """Explanations of a missing line."""
    from fairline.usecases.places import Absence

    return Absence(lambda onsale: latest_onsales().get(onsale), now_ms)


@cache
def places() -> "Places":
    """Use cases of a visitor token."""
    from fairline.usecases.places import Places

    return Places(stores.line(), stores.sessions(), desk(), absence(), now_ms)


@cache
def lookup() -> "Lookup":
    """The help desk."""
    from fairline.usecases.lookup import Lookup

    return Lookup(stores.line(), stores.sessions(), now_ms)


@cache
def registrar() -> "Registrar":
    """Joining the line."""
    from fairline.domain.guests import GuestRules
    from fairline.usecases.register import Registrar

    rules = GuestRules(int(setting("GUEST_PLACES_PER_ADDRESS")), setting("GUEST_ONE_PER_BROWSER") == "true")
    return Registrar(stores.line(), places(), visitor_tokens(), absence(), rules)


@cache
def completion() -> "Completion":
    """The backend's report."""
    from fairline.usecases.complete import Completion

    return Completion(stores.line(), stores.sessions(), latest_onsales().get, now_ms)


@cache
def addresses() -> "Addresses":
    """Where the public parts are."""
    from fairline.entrypoints.bodies import Addresses

    identity = setting("IDENTITY")
    sign_in = {"issuer": setting("OIDC_ISSUER"), "client_id": setting("OIDC_CLIENT_ID")} if identity == "oidc" else None
    return Addresses(setting("STATUS_URL"), setting("WEBSOCKET_URL"), identity, sign_in)


@cache
def gate() -> "Gate":
    """The gate."""
    from fairline.usecases.gate import Gate

    return Gate(access_tokens(), partial(public_keys_in_use, "access"), stores.sessions(), now_ms)


@cache
def socket_register(*, closing: bool) -> "SocketRegister":
    """Opening and closing sockets."""
    from fairline.usecases.connect import SocketRegister

    return SocketRegister(stores.connections(), stores.sockets() if closing else None, now_ms)


@cache
def socket_answers() -> "SocketAnswers":
    """Answers on sockets."""
    from fairline.domain.status import status_key
    from fairline.entrypoints.ticks import seen
    from fairline.usecases.answer import SocketAnswers

    status: CachedByName[Mapping[str, Any] | None] = CachedByName(
        lambda onsale: seen(stores.documents().read(status_key(onsale)), now_ms()), STATUS_AGE_SECONDS, time.monotonic
    )
    return SocketAnswers(stores.sessions(), desk(), status.get, now_ms)


@cache
def notifier() -> "Notifier":
    """Pushes."""
    from fairline.usecases.notify import Notifier

    return Notifier(stores.connections(), stores.sockets(), desk(), now_ms)


@cache
def ticker() -> "Ticker":
    """The ticker, reporting to logs and metrics."""
    from fairline.entrypoints.ticks import failed, report
    from fairline.usecases.admit import Admitter
    from fairline.usecases.ticker import Ticker

    world = (stores.admissions(), stores.sessions(), stores.records(), stores.onsales(), stores.documents())
    admitter = Admitter(*world, stores.samples(ticking=True), clock=time.monotonic)
    return Ticker(admitter, stores.onsales(), clock=time.monotonic, now=now_ms, report=report, failed=failed)


@cache
def operations() -> "Operations":
    """Operators' use cases. Where the sample backend is deployed it is handed each new onsale's key."""
    from fairline.usecases.operate import Operations

    return Operations(stores.onsales(), stores.records(), now_ms, _open_house if "SEATS_TABLE" in os.environ else None)


@cache
def pictures() -> "Pictures":
    """Onsales' pictures."""
    from fairline.usecases.pictures import Pictures

    return Pictures(stores.onsales().latest, stores.documents().keep)


def session_seconds() -> int:
    """How long sessions last where an operator does not say."""
    return int(setting("SESSION_SECONDS"))


def _open_house(onsale: "Onsale", completion_key: str) -> None:
    from fairline.usecases.book import open_house

    open_house(stores.houses(), onsale.onsale, completion_key, onsale.closes_at_ms)


@cache
def box_office() -> "BoxOffice":
    """The sample backend."""
    from fairline.adapters.completion import HttpCompletions
    from fairline.usecases.book import BoxOffice

    return BoxOffice(
        house_of=CachedByName(stores.houses().find, HOUSE_AGE_SECONDS, time.monotonic).get,
        seats=stores.seats(),
        completions=HttpCompletions(setting("PUBLIC_URL")),
        now_ms=now_ms,
        seen_seconds=SEATS_AGE_SECONDS,
    )
