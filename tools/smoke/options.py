"""Which deployment is meant, and how its operator is let in."""

import argparse
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from tools.options import within

FANS = 3
TOKEN = "FAIRLINE_OPERATOR_TOKEN"  # noqa: S105 - the name of a setting


class UnclearError(Exception):
    """What was typed does not say which deployment, or does not let anybody in."""


@dataclass(frozen=True)
class Target:
    """A deployment: its front address, its API's own if known, and the operator's token or the stacks' name."""

    url: str
    api_url: str
    token: str
    stack: str
    id_tokens: tuple[str, ...]
    seconds: float


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The options of the command line."""
    options = argparse.ArgumentParser(
        prog="smoke",
        description="Walk the whole journey through a deployment, with an onsale that is made for it, and judge.",
        epilog="Exit codes: 0 good, 1 not good, 2 nothing was tried.",
    )
    options.add_argument("--url", default="", help="the front address; with --stack, what the deployment says it is")
    options.add_argument(
        "--stack", default="", metavar="NAME", help="the deployment's name, to act with AWS credentials"
    )
    options.add_argument("--token", default="", help=f"an operator's access token (better: in {TOKEN})")
    options.add_argument("--api", default="", metavar="URL", help="the API's own address, which must answer nobody")
    options.add_argument(
        "--id-token",
        action="append",
        default=[],
        metavar="TOKEN",
        help=f"where visitors sign in: {FANS} ID tokens, of {FANS} people",
    )
    options.add_argument("--seconds", type=within(10, 1800), default=420, help="end after so long (default: 420)")
    return options.parse_args(arguments)


def target(options: argparse.Namespace) -> Target:
    """Which deployment. Raises UnclearError; Unavailable if its stacks cannot be asked."""
    if options.id_token and len(set(options.id_token)) != FANS:
        raise UnclearError(f"--id-token: {FANS} different ones are needed")
    told = _told(options.stack) if options.stack else {}
    url = (options.url or told.get("PublicUrl", "")).rstrip("/")
    api_url = (options.api or told.get("ApiUrl", "")).rstrip("/")
    for name, address in (("--url", url), ("--api", api_url)):
        if urlsplit(address).scheme not in (("http", "https") if address or name == "--url" else ("",)):
            raise UnclearError(f"{name}: an address such as https://tickets.example.com is needed, not {address!r}")
    token = options.token or ("" if options.stack else os.environ.get(TOKEN, ""))
    return Target(url, api_url, token, options.stack, tuple(options.id_token), options.seconds)


def _told(stack: str) -> dict[str, str]:
    from tools.operator.deployment import addresses

    return addresses(stack)
