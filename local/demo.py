"""The onsale `demo` and its crowd, both made through the front door."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from local import children
from local.directory import RoomError
from local.settings import ROOT

ONSALE = "demo"
TIMEOUT = aiohttp.ClientTimeout(total=30)


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
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        async with session.post(operator_token_url) as answer:
            token = (await answer.json())["access_token"]
        headers = {"authorization": f"Bearer {token}"}
        body = demo_onsale(datetime.now(UTC))
        async with session.post(f"{url}/v1/admin/onsales", json=body, headers=headers) as answer:
            if answer.status != 201:  # noqa: PLR2004 - Created
                raise RoomError(f"the onsale {ONSALE!r} was not created: {answer.status} {await answer.text()}")


async def start_crowd(url: str, fans: int, log: Path) -> Any:
    """Start the crowd: a process of its own that knows nothing but the front address."""
    command = ["-m", "tools.crowd", "--url", url, "--onsale", ONSALE, "--fans", str(fans)]
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    return await children.start([sys.executable, *command], environment=environment, directory=ROOT, log=log)
