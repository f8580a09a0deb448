"""The address that counts is the one that the CDN saw: in the room, and in the function that runs at AWS's edges."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from fairline.routes import ADDRESS_HEADER
from local.edge import AddressHeader
from stacks.edge.distribution import TELL_ADDRESS

SEEN, CLAIMED = "203.0.113.7", "192.0.2.1"


def test_the_room_writes_over_the_address_that_a_client_claims() -> None:
    heard: list[tuple[bytes, bytes]] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        heard.extend(scope["headers"])

    claims = [(name.encode(), CLAIMED.encode()) for name in (ADDRESS_HEADER, ADDRESS_HEADER.title(), "accept")]
    scope: Any = {"type": "http", "headers": claims, "client": (SEEN, 46532)}
    nothing: Any = None
    asyncio.run(AddressHeader(app)(scope, nothing, nothing))
    assert heard == [(b"accept", CLAIMED.encode()), (ADDRESS_HEADER.encode(), SEEN.encode())]


@pytest.mark.parametrize("seen", [SEEN, "2001:db8:1:2::1"])
def test_the_cdns_function_writes_over_the_address_that_a_client_claims(seen: str) -> None:
    sent = {"accept": {"value": "*/*"}, ADDRESS_HEADER: {"value": CLAIMED, "multiValue": [{"value": CLAIMED}]}}
    event = {"viewer": {"ip": seen}, "request": {"method": "POST", "headers": sent}}
    script = f"{TELL_ADDRESS}\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"
    node = [f"{sys.prefix}/bin/node", "-e", script]
    done = subprocess.run(node, capture_output=True, text=True, timeout=30, check=True)
    passed_on = json.loads(done.stdout)
    assert passed_on == {"method": "POST", "headers": {"accept": {"value": "*/*"}, ADDRESS_HEADER: {"value": seen}}}
