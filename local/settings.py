"""What one room is told: ports, folders, identity, and what every function of it may know."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from local.aws_shapes import API_ID, REGION
from local.connections import STAGE
from local.issuer import FANS
from stacks.functions import FUNCTIONS, Function
from stacks.tables import TABLES

ROOT = Path(__file__).resolve().parent.parent
BUCKET = "fairline-status"
Identity = Literal["guest", "oidc"]
LIMITS = {"admit": 3, "authorize": 4, "booking": 4}
"""Admission overlaps with itself by design; the gate and the backend bear most of the calls, and mostly wait."""
FIRST_WARMED = (
    "onsale",
    "register",
    "place",
    "authorize_socket",
    "connect",
    "message",
    "notify",
    "authorize",
    "booking",
)


@dataclass(frozen=True)
class Settings:
    """`port` 0 takes a free one; `crowd` is the number of simulated fans, 0 for none.

    Guests are not limited unless it is asked for: on one machine all fans share an address, and often a browser.
    Nor is anything throttled: the throttles are those of a deployment, `(requests per second, burst)`, or empty.
    """

    port: int = 0
    crowd: int = 0
    identity: Identity = "guest"
    guest_places_per_address: int = 0
    guest_one_per_browser: bool = False
    registration_throttle: tuple[int, ...] = ()
    api_throttle: tuple[int, ...] = ()
    demo: bool = True
    directory: Path = Path(".room")
    lambdas: Path = ROOT / "lambdas"
    layer: Path = ROOT / "layers" / "fairline" / "python"
    frontend: Path = ROOT / "frontend"
    functions: tuple[Function, ...] = FUNCTIONS


@dataclass(frozen=True)
class Addresses:
    """The ports in use on 127.0.0.1."""

    front: int
    management: int
    valkey: int
    aws: int
    public_url: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "public_url", f"http://127.0.0.1:{self.front}")


def environment(settings: Settings, addresses: Addresses) -> dict[str, str]:
    """Every setting of every function; each is given only those it asks for."""
    return {
        **{table.setting: f"fairline-{table.name}" for table in TABLES},
        "STATUS_BUCKET": BUCKET,
        "REDIS_URL": f"redis://127.0.0.1:{addresses.valkey}/0",
        "REDIS_CACHE": "fairline",
        "PUBLIC_URL": addresses.public_url,
        "STATUS_URL": addresses.public_url,
        "WEBSOCKET_URL": f"ws://127.0.0.1:{addresses.front}/socket",
        "SOCKETS_URL": f"http://127.0.0.1:{addresses.management}/{STAGE}",
        "API_ID": API_ID,
        "ORIGIN_SECRET": "fairline-origin",
        "SESSION_SECONDS": "180",
        "POLL_SECONDS": "5-60",
        "IDENTITY": settings.identity,
        "GUEST_PLACES_PER_ADDRESS": str(settings.guest_places_per_address),
        "GUEST_ONE_PER_BROWSER": str(settings.guest_one_per_browser).lower(),
        "OIDC_ISSUER": f"{addresses.public_url}/issuer",
        "OIDC_CLIENT_ID": FANS,
        **_aws(addresses),
        "POWERTOOLS_METRICS_NAMESPACE": "Fairline",
        "LOG_LEVEL": "INFO",
    }


def _aws(addresses: Addresses) -> dict[str, str]:
    """The way to the room's own AWS, and to no other."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{addresses.aws}",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "fairline-room",
        "AWS_SECRET_ACCESS_KEY": "opens-nothing-but-this-room",
    }
