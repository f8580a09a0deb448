"""The onsale `demo` and its crowd, both made through the front door."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from local import children
from local.directory import RoomError
from local.settings import ROOT

ONSALE = "demo"
TIMEOUT_SECONDS = 30


def demo_onsale(now: datetime) -> dict[str, Any]:
    """An onsale whose lobby is open and whose sale begins in 15 s."""
    return {
        "onsale": ONSALE,
        "name": "The Lanterns, farewell tour",
        "lobby_opens_at": _iso(now - timedelta(minutes=1)),
        "sale_starts_at": _iso(now + timedelta(seconds=15)),
        "closes_at": _iso(now + timedelta(hours=4)),
        "rate_per_minute": 120,
        "max_active": 60,
        "session_seconds": 180,
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def create_demo(url: str, operator_token_url: str) -> None:
    """Create the onsale as an operator would. Raises RoomError."""
    token = (await asyncio.to_thread(_post, operator_token_url))["access_token"]
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    try:
        await asyncio.to_thread(_post, f"{url}/v1/admin/onsales", headers, demo_onsale(datetime.now(UTC)))
    except HTTPError as error:
        with error:
            raise RoomError(f"the onsale {ONSALE!r} was not created: {error.code} {error.read().decode()}") from error


def _post(url: str, headers: Mapping[str, str] | None = None, body: Any = None) -> Any:
    """What the room answers, as JSON. Raises HTTPError."""
    request = Request(url, json.dumps(body).encode(), dict(headers or {}), method="POST")  # noqa: S310 - the room's own
    with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
        return json.load(answer)


async def start_crowd(url: str, fans: int, log: Path) -> Any:
    """Start the crowd: a process of its own that knows nothing but the front address."""
    command = ["-m", "tools.crowd", "--url", url, "--onsale", ONSALE, "--fans", str(fans)]
    known = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    return await children.start([sys.executable, *command], environment=known, log=log)
