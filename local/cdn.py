"""The front, as CloudFront has it: the page, the status bucket, one cached route, all else straight through."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from starlette.convertors import Convertor, register_url_convertor
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from fairline.routes import ONSALE
from local.edge import AnswerHeaders
from local.http_api import HttpApi
from local.site import Site

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

CACHE_SECONDS = 1.0
CACHE_ENTRIES = 1000
COMPRESSED_FROM_BYTES = 1000


@dataclass
class Entry:
    """One cached answer, or the request for it that is under way."""

    answer: asyncio.Task[Response]
    fresh_until: float = float("inf")


class Cache:
    """Keeps good answers for a second; whoever asks while one is being fetched waits for that one."""

    def __init__(self, seconds: float = CACHE_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._entries: dict[str, Entry] = {}

    async def get(self, key: str, fetch: Callable[[], Awaitable[Response]]) -> Response:
        """The answer for `key`, from the cache or through `fetch`."""
        entry = self._entries.get(key)
        if entry is None or self._clock() >= entry.fresh_until:
            self._make_room()
            entry = Entry(asyncio.ensure_future(_await(fetch)))
            self._entries[key] = entry
            entry.answer.add_done_callback(lambda _: self._settle(key, entry))
        return await asyncio.shield(entry.answer)

    def _settle(self, key: str, entry: Entry) -> None:
        """Start the second of a good answer; forget any other at once."""
        entry.fresh_until = self._clock() + self._seconds
        failed = entry.answer.cancelled() or entry.answer.exception() is not None
        if (failed or not _cacheable(entry.answer.result())) and self._entries.get(key) is entry:
            del self._entries[key]

    def _make_room(self) -> None:
        if len(self._entries) >= CACHE_ENTRIES:
            now = self._clock()
            self._entries = {key: entry for key, entry in self._entries.items() if entry.fresh_until > now}


async def _await(fetch: Callable[[], Awaitable[Response]]) -> Response:
    return await fetch()


def _cacheable(response: Response) -> bool:
    return response.status_code == 200 and "no-store" not in response.headers.get("cache-control", "")  # noqa: PLR2004 - OK


class CachedApi:
    """The HTTP API, with the one route in front of which a crowd stands behind a cache."""

    def __init__(self, api: HttpApi) -> None:
        self._api = api
        self._cache = Cache()
        self._depth = ONSALE.count("/")
        self._prefix = ONSALE.partition("{")[0]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"]
        if scope["method"] != "GET" or not path.startswith(self._prefix) or path.count("/") != self._depth:
            return await self._api(scope, receive, send)
        response = await self._cache.get(path, lambda: self._api.answer(Request(scope, receive)))
        return await response(scope, receive, send)


class Bucket:
    """Objects of the status bucket, under their own names."""

    def __init__(self, client: "S3Client", name: str) -> None:
        self._client, self._name = client, name
        self._cache = Cache()

    async def endpoint(self, request: Request) -> Response:
        """One object; 304 for a reader that has it already, 404 when there is none."""
        key = request.scope["path"].lstrip("/")
        response = await self._cache.get(key, lambda: asyncio.to_thread(self._fetch, key))
        if request.headers.get("if-none-match") == response.headers.get("etag", ""):
            return Response(status_code=304, headers={"etag": response.headers["etag"]})
        return response

    def _fetch(self, key: str) -> Response:
        try:
            found = self._client.get_object(Bucket=self._name, Key=key)
            body = found["Body"].read()
        except ClientError as error:
            return Response(error.response["Error"]["Code"], 404, media_type="text/plain")
        except BotoCoreError:
            return Response("The origin does not answer", 502, media_type="text/plain")
        return Response(body, headers=_object_headers(found))


def _object_headers(found: Any) -> dict[str, str]:
    """Headers as S3 gives them. Status has a name of its own in a deployment, so any page may read it."""
    cache = {"cache-control": found["CacheControl"]} if found.get("CacheControl") else {}
    open_to_all = {"access-control-allow-origin": "*"}
    return {"content-type": found["ContentType"], "etag": found["ETag"], **cache, **open_to_all}


class AnyPath(Convertor[str]):
    """What is left of a path, line ends included: Starlette's own `path` stops there, and the page would answer."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        """As it is."""
        return value

    def to_string(self, value: str) -> str:
        """As it is."""
        return value


register_url_convertor("any", AnyPath())


def front_routes(api: ASGIApp, bucket: Bucket, frontend: "Path", headers: Mapping[str, str]) -> list[BaseRoute]:
    """Which paths go where, the page being what is left. API and page answer with `headers`."""
    page = GZipMiddleware(Site(frontend), minimum_size=COMPRESSED_FROM_BYTES)
    return [
        Route("/status/{name}.json", bucket.endpoint),
        Route("/pictures/{name:path}", bucket.endpoint),
        Route("/.well-known/{name:path}", bucket.endpoint),
        Route("/v1/{rest:any}", AnswerHeaders(api, headers)),
        Mount("/", AnswerHeaders(ExceptionMiddleware(page), headers)),
    ]
