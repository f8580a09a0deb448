"""What is wrong with settings, in the words of whoever typed them. One rule a function; all are asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stacks.settings import Settings

    Rule = Callable[[Settings], Iterator[str]]

LOG_RETENTIONS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""Days that CloudWatch Logs offers."""
_CERTIFICATE = re.compile(r"arn:aws:acm:us-east-1:\d{12}:certificate/.+")
_LISTENER = re.compile(r"arn:aws:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener/(app|net)/.+")
_HTTPS = re.compile(r"https://[a-zA-Z0-9.-]+(:\d+)?(/[^\s?#]*)?")


def faults(settings: Settings) -> list[str]:
    """Every fault, in the order of the rules; empty if it can be deployed."""
    return [fault for rule in _RULES for fault in rule(settings)]


def _names(settings: Settings) -> Iterator[str]:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,22}", settings.name):
        yield f"name begins with a letter and has up to 23 letters and digits, not {settings.name!r}"
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", settings.region):
        yield f"region looks like eu-central-1, not {settings.region!r}"


def _domain(settings: Settings) -> Iterator[str]:
    if bool(settings.domain_name) != bool(settings.certificate_arn):
        yield "domain_name and certificate_arn go together"
    if settings.certificate_arn and not _CERTIFICATE.fullmatch(settings.certificate_arn):
        yield "certificate_arn is an ACM certificate in us-east-1, where CloudFront looks for it"
    if settings.domain_name and not re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", settings.domain_name):
        yield f"domain_name is a host name such as tickets.example.com, not {settings.domain_name!r}"


def _identity(settings: Settings) -> Iterator[str]:
    if settings.identity not in {"guest", "oidc"}:
        yield f"identity is guest or oidc, not {settings.identity!r}"
    told = bool(settings.oidc_issuer or settings.oidc_client_id or settings.oidc_origins)
    if settings.identity == "oidc" and not (settings.oidc_issuer and settings.oidc_client_id):
        yield "identity=oidc needs oidc_issuer and oidc_client_id"
    if settings.identity == "guest" and told:
        yield "oidc_issuer, oidc_client_id and oidc_origins mean nothing with identity=guest"
    yield from _between("guest_places_per_address", settings.guest_places_per_address, 0, 1_000_000)
    if settings.identity == "oidc" and settings.guest_places_per_address:
        yield "guest_places_per_address means nothing with identity=oidc: each person has one place"
    yield from _https("oidc_issuer", settings.oidc_issuer)
    for origin in settings.oidc_origins:
        yield from _https("oidc_origins", origin)


def _operators(settings: Settings) -> Iterator[str]:
    if bool(settings.operators_issuer) != bool(settings.operators_client_id):
        yield "operators_issuer and operators_client_id go together; without both, a Cognito pool is made"
    yield from _https("operators_issuer", settings.operators_issuer)


def _cache(settings: Settings) -> Iterator[str]:
    if settings.cache_engine not in {"redis", "valkey"}:
        yield f"cache_engine is redis or valkey, not {settings.cache_engine!r}"
    if not re.fullmatch(r"cache\.[a-z0-9]+\.[a-z0-9]+", settings.cache_node_type):
        yield f"cache_node_type looks like cache.r7g.large, not {settings.cache_node_type!r}"
    yield from _between("cache_nodes", settings.cache_nodes, 1, 6)
    yield from _between("zones", settings.zones, 2, 3)


def _onsales(settings: Settings) -> Iterator[str]:
    yield from _between("session_seconds", settings.session_seconds, 30, 7200)
    fastest, slowest = (*settings.poll_seconds, 0, 0)[:2]
    if len(settings.poll_seconds) != 2 or not 1 <= fastest <= slowest <= 600:  # noqa: PLR2004 - a pair
        yield "poll_seconds are two numbers, the fastest and the slowest poll, such as 5,60 and at most 600"


def _throttles(settings: Settings) -> Iterator[str]:
    for name in ("registration_throttle", "api_throttle"):
        throttle: tuple[int, ...] = getattr(settings, name)
        if len(throttle) != 2 or min(throttle, default=0) < 1:  # noqa: PLR2004 - a pair
            yield f"{name} is two numbers, requests a second and burst, such as 500,1000"


def _booking(settings: Settings) -> Iterator[str]:
    backend = settings.booking_backend
    private = _LISTENER.fullmatch(backend)
    if backend != "sample" and not private and not _HTTPS.fullmatch(backend):
        yield "booking_backend is sample, an https address, or the ARN of a load balancer's listener"
    if private and not settings.booking_subnets:
        yield "a listener as booking_backend needs booking_subnets (and booking_security_groups) for its VPC link"
    if private and settings.region not in backend.split(":"):
        yield f"booking_backend is a listener in {settings.region}, where the deployment is"
    if not private and (settings.booking_subnets or settings.booking_security_groups):
        yield "booking_subnets and booking_security_groups are for a listener as booking_backend"


def _keeping(settings: Settings) -> Iterator[str]:
    if settings.log_retention_days not in LOG_RETENTIONS:
        yield f"log_retention_days is one of {', '.join(map(str, LOG_RETENTIONS))}, not {settings.log_retention_days}"
    if settings.alarm_email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", settings.alarm_email):
        yield f"alarm_email is an e-mail address, not {settings.alarm_email!r}"


def _https(name: str, address: str) -> Iterator[str]:
    if address and not _HTTPS.fullmatch(address):
        yield f"{name} is an https address without a query, not {address!r}"


def _between(name: str, value: int, least: int, most: int) -> Iterator[str]:
    if not least <= value <= most:
        yield f"{name} is between {least} and {most}, not {value}"


_RULES: tuple[Rule, ...] = (
    _names, _domain, _identity, _operators, _cache, _onsales, _throttles, _booking, _keeping,
)  # fmt: skip
