"""A front that hands everything on to a room, and some answers not as they came."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from local.background import Room
from local.settings import ROOT

HOP = {"transfer-encoding", "content-length", "content-encoding", "date", "server", "connection"}


@dataclass(frozen=True)
class Reply:
    """An answer on its way back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def saying(self, **values: Any) -> "Reply":
        """With other members in its JSON object."""
        return replace(self, body=json.dumps(self.json | values).encode())

    def without(self, name: str) -> "Reply":
        """Without one of the members of its JSON object."""
        return replace(self, body=json.dumps({key: value for key, value in self.json.items() if key != name}).encode())


A_STEP = re.compile(r"(?P<mark>ok|FAIL|skip|-) +([\d.]+ s)? +(?P<name>.+?)(  |$)")
Tamper = Callable[[web.Request, Reply], Reply]


@dataclass
class Found:
    """What a run of the smoke test printed and how it ended."""

    code: int | None
    out: str
    err: str
    named: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.named = {mark: [] for mark in ("ok", "FAIL", "skip", "-")}
        for line in self.out.splitlines():
            if told := A_STEP.match(line):
                self.named[told["mark"]].append(told["name"])


@asynccontextmanager
async def front(room: str, tamper: Tamper) -> AsyncIterator[str]:
    """Its address. Visitors stay with it: the addresses that the room tells under `/v1` are made this front's."""
    async with aiohttp.ClientSession(auto_decompress=True) as http:

        async def hand_on(request: web.Request) -> web.Response:
            headers = {name: value for name, value in request.headers.items() if name != "Host"}
            body = await request.read()
            async with http.request(request.method, room + request.path_qs, headers=headers, data=body) as answer:
                kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP}
                came = (await answer.read()).replace(f"{room}/v1/".encode(), f"http://{request.host}/v1/".encode())
                reply = tamper(request, Reply(answer.status, kept, came))
            return web.Response(status=reply.status, headers=reply.headers, body=reply.body)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", hand_on)
        async with TestServer(app) as server:
            yield str(server.make_url("")).rstrip("/")


async def smoke(url: str, *words: str, **environment: str) -> Found:
    """Run it as an operator does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tools.smoke",
        "--url",
        url,
        *words,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "300", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return Found(process.returncode, out.decode(), err.decode())


def behind(room: Room, tamper: Tamper, *words: str) -> Found:
    """What the smoke test finds at a front of `room` with `tamper`."""

    async def run() -> Found:
        async with front(room.url, tamper) as url:
            return await smoke(url, *words, FAIRLINE_OPERATOR_TOKEN=room.operator_token())

    return asyncio.run(run())
