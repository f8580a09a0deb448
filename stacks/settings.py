"""What an operator may set when deploying: one frozen instance per profile, changed by `-c name=value`.

Whatever changes during a sale (rate, cap, times) is not here: it lives in the onsales table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, get_args, get_type_hints

from stacks.faults import faults


class WrongSettings(ValueError):
    """Settings that cannot be deployed. The message lists every fault, a line each."""

    def __init__(self, found: list[str]) -> None:
        super().__init__("\n".join(["These settings cannot be deployed:", *(f"  - {fault}" for fault in found)]))


@dataclass(frozen=True)
class Settings:
    """A deployment. Throttles are `(requests per second, burst)`; `poll_seconds` is `(fastest, slowest)`."""

    profile: str
    name: str = "Fairline"
    region: str = "us-east-1"
    domain_name: str = ""
    certificate_arn: str = ""
    identity: str = "guest"
    guest_places_per_address: int = 0
    guest_one_per_browser: bool = True
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_origins: tuple[str, ...] = ()
    operators_issuer: str = ""
    operators_client_id: str = ""
    cache_engine: str = "redis"
    cache_node_type: str = "cache.t4g.micro"
    cache_nodes: int = 1
    zones: int = 2
    session_seconds: int = 180
    poll_seconds: tuple[int, ...] = (5, 60)
    registration_throttle: tuple[int, ...] = (500, 1000)
    api_throttle: tuple[int, ...] = (2000, 4000)
    booking_backend: str = "sample"
    booking_subnets: tuple[str, ...] = ()
    booking_security_groups: tuple[str, ...] = ()
    alarm_email: str = ""
    log_retention_days: int = 30
    retain: bool = True
    warm_throughput: bool = False
    snapstart: bool = False

    @property
    def sample_backend(self) -> bool:
        """Whether the sample booking backend is deployed."""
        return self.booking_backend == "sample"

    @property
    def own_operators(self) -> bool:
        """Whether operators sign in to a Cognito pool of this deployment."""
        return not self.operators_issuer


LEAN = Settings("lean")
STANDARD = replace(
    LEAN,
    profile="standard",
    cache_node_type="cache.r7g.large",
    cache_nodes=2,
    zones=3,
    registration_throttle=(4000, 5000),
    api_throttle=(9000, 5000),
    log_retention_days=90,
    warm_throughput=True,
    snapstart=True,
)
PROFILES = {each.profile: each for each in (LEAN, STANDARD)}


def read(context: Mapping[str, Any], region: str | None) -> Settings:
    """The settings that `-c name=value` and cdk.json give. Raises WrongSettings with every fault at once.

    `context`: all that the CDK knows. `region`: the caller's, unless the context names one.
    """
    given = {"region": region, **_meant_for_us(context)}
    profile = given.pop("profile", None) or LEAN.profile
    if profile not in PROFILES:
        raise WrongSettings([f"profile is one of {', '.join(PROFILES)}, not {profile!r}"])
    unknown = [f"{name} is no setting; there are {', '.join(_TYPES)}" for name in given if name not in _TYPES]
    values, unreadable = _typed({name: each for name, each in given.items() if name in _TYPES and each is not None})
    settings = replace(PROFILES[profile], **values)
    found = unknown + unreadable + faults(settings)
    if found:
        raise WrongSettings(found)
    return settings


def _meant_for_us(context: Mapping[str, Any]) -> dict[str, Any]:
    """What is not the CDK's own: its names have a colon, a slash or a hyphen (`cli-telemetry`).

    A setting of ours that is written with a hyphen is a mistake, and stays to be told.
    """
    own = {name for name in context if name.replace("-", "_") in _TYPES}
    return {name: value for name, value in context.items() if name in own or not {":", "/", "-"} & set(name)}


_TYPES: Mapping[str, Any] = {field.name: get_type_hints(Settings)[field.name] for field in fields(Settings)}


def _typed(given: Mapping[str, object]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    unreadable = []
    for name, value in given.items():
        try:
            values[name] = _value(_TYPES[name], _text(value))
        except ValueError:
            unreadable.append(f"{name} cannot be read from {value!r}: it is {_MEANT[_TYPES[name]]}")
    return values, unreadable


def _text(value: object) -> str:
    """As `-c` would say it; `cdk.json` can have a list where that has commas."""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value).strip()


def _value(of: Any, text: str) -> Any:
    if of is bool:
        return _truth(text)
    if of in (int, str):
        return of(text)
    return tuple(get_args(of)[0](part.strip()) for part in text.split(",") if part.strip())


def _truth(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError(text)
    return text.lower() == "true"


_MEANT = {
    bool: "true or false",
    int: "a whole number",
    tuple[int, ...]: "whole numbers with commas between them",
}
