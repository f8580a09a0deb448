"""Opens the room, part by part, and closes it in the opposite order."""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount, WebSocketRoute

from fairline.routes import OPERATOR_SCOPE
from local import children, schedule
from local.authorizers import Gate
from local.cdn import Bucket, CachedApi, front_routes
from local.connections import Connections
from local.console import console_settings
from local.demo import create_demo, start_crowd
from local.directory import RoomDirectory, RoomError
from local.edge import AddressHeader, OriginHeader
from local.engines import Engine, EngineError, start_aws, start_valkey
from local.functions import Functions, Place
from local.http_api import Authorizer, HttpApi
from local.issuer import FANS, OPERATORS, Issuer
from local.jwt_authorizer import JwtAuthorizer
from local.lanes import FailureQueue, Lanes
from local.listener import bind, port_of, serving
from local.management import management_app
from local.provision import client, provision
from local.settings import FIRST_WARMED, LIMITS, Addresses, Settings, environment
from local.stream import CONSUMER, Stream
from local.tasks import Tasks
from local.throttle import stage
from local.traffic import Traffic, tell
from local.websocket_api import WebSocketApi
from local.worker import FunctionError
from stacks.headers import SECURITY_HEADERS, content_security_policy

LOG = logging.getLogger("local.room")


@dataclass(frozen=True)
class Engines:
    """The two stores."""

    valkey: Engine
    aws: Engine


@dataclass
class OpenRoom:
    """An open room: its addresses, and the parts that others must be able to reach."""

    settings: Settings
    directory: RoomDirectory
    engines: Engines
    addresses: Addresses
    environment: dict[str, str]
    functions: Functions
    issuer: Issuer
    connections: Connections
    lanes: Lanes
    failures: FailureQueue
    tasks: Tasks
    traffic: Traffic
    origin_secret: str = field(repr=False)

    @property
    def url(self) -> str:
        """The front address, without a slash at its end."""
        return self.addresses.public_url

    def report(self) -> dict[str, Any]:
        """What goes on inside, for tests and the curious."""
        return {
            "engines": {name: engine.process.pid for name, engine in vars(self.engines).items()},
            "fork_server": self.functions.forks.process.pid,
            "functions": self.functions.report(),
            "connections": len(self.connections),
            "records": {"delivered": self.lanes.delivered, "failed": self.failures.records},
        }

    def description(self) -> dict[str, Any]:
        """What `room.json` says."""
        management = f"http://127.0.0.1:{self.addresses.management}"
        logs = {
            function.name: str(self.directory.logs / f"{function.name}.log") for function in self.settings.functions
        }
        return {
            "pid": os.getpid(),
            "url": self.url,
            "environment": self.environment,
            "operator_token_url": self.issuer.operator_token_url,
            "report_url": f"{management}/report",
            "lambda_url": management,
            "engines": self.report()["engines"],
            "functions": {name: {"log": log} for name, log in logs.items()},
        }


@contextlib.asynccontextmanager
async def open_room(settings: Settings) -> AsyncIterator[OpenRoom]:
    """A room that serves while in the context. Raises RoomError; then its logs are kept."""
    directory = RoomDirectory(settings.directory)
    directory.open()
    opened = False
    try:
        async with AsyncExitStack() as stack:
            room = await _open(settings, directory, stack)
            opened = True
            yield room
    except (EngineError, FunctionError) as error:
        raise RoomError(f"{error}\nLogs: {directory.logs}") from error
    finally:
        directory.close(keep_logs=not opened)


async def _open(settings: Settings, directory: RoomDirectory, stack: AsyncExitStack) -> OpenRoom:
    front, management = _bind(settings.port, stack), _bind(0, stack)
    engines = await _start_engines(directory, stack)
    ports = Addresses(port_of(front), port_of(management), engines.valkey.port, engines.aws.port)
    room = _assemble(settings, directory, engines, ports)
    await room.functions.open()
    stack.push_async_callback(room.functions.forks.close)
    stack.push_async_callback(room.functions.close)
    warming = asyncio.create_task(room.functions.warm(["rotate", "admin"] if settings.demo else ["rotate"]))
    stream_arn = await asyncio.to_thread(provision, room.environment, room.origin_secret)
    await warming
    await room.functions.invoke("rotate", schedule.scheduled_event(schedule.ROTATION))
    stack.push_async_callback(room.tasks.close)
    inside = management_app(room.functions, room.connections, room.tasks, room.report)
    await stack.enter_async_context(serving(inside, management))
    await stack.enter_async_context(serving(_front(room), front))
    stack.push_async_callback(room.functions.close)  # before the servers: then no request is left that waits for one
    await _begin(room, stream_arn, stack)
    directory.describe(room.description())
    return room


def _bind(port: int, stack: AsyncExitStack) -> socket.socket:
    try:
        return stack.enter_context(bind(port))
    except OSError as error:
        raise RoomError(
            f"port {port} cannot be used ({error.strerror}); choose another with --port or PORT="
        ) from error


async def _start_engines(directory: RoomDirectory, stack: AsyncExitStack) -> Engines:
    """Start both at once; whichever has started is stopped with the room."""
    starts = start_valkey(directory.path, directory.logs / "valkey.log"), start_aws(directory.logs / "aws.log")
    started = await asyncio.gather(*starts, return_exceptions=True)
    for engine in started:
        if isinstance(engine, Engine):
            stack.push_async_callback(children.kill, engine.process)
    for engine in started:
        if isinstance(engine, BaseException):
            raise engine
    return Engines(*(engine for engine in started if isinstance(engine, Engine)))


def _assemble(settings: Settings, directory: RoomDirectory, engines: Engines, addresses: Addresses) -> OpenRoom:
    known = environment(settings, addresses)
    place = Place(settings.lambdas, settings.layer, known, directory.logs)
    functions = Functions(settings.functions, place, limits=LIMITS)
    failures = FailureQueue(directory.failed_records)
    return OpenRoom(
        settings=settings,
        directory=directory,
        engines=engines,
        addresses=addresses,
        environment=known,
        functions=functions,
        issuer=Issuer(f"{addresses.public_url}/issuer"),
        connections=Connections(),
        lanes=Lanes(lambda batch: functions.invoke(CONSUMER, {"Records": batch}), failures),
        failures=failures,
        tasks=Tasks(),
        traffic=Traffic(),
        origin_secret=secrets.token_urlsafe(32),
    )


def _front(room: OpenRoom) -> Starlette:
    """The one address that browsers know."""
    sockets = WebSocketApi(room.functions, room.connections, room.tasks)
    bucket = Bucket(client("s3", room.environment), room.environment["STATUS_BUCKET"])
    throttle = stage(room.settings.registration_throttle, room.settings.api_throttle)
    http_api = HttpApi(room.functions, _authorizers(room), throttle, room.traffic)
    api = OriginHeader(CachedApi(http_api), room.origin_secret)
    tells_addresses = room.settings.guest_places_per_address > 0
    policy = content_security_policy([room.environment["WEBSOCKET_URL"].removesuffix("/socket")])
    headers = {**SECURITY_HEADERS, "content-security-policy": policy}
    return Starlette(
        routes=[
            WebSocketRoute("/socket", sockets.endpoint),
            Mount("/issuer", routes=room.issuer.routes()),
            console_settings(room.issuer.url),
            *front_routes(AddressHeader(api) if tells_addresses else api, bucket, room.settings.frontend, headers),
        ]
    )


def _authorizers(room: OpenRoom) -> dict[str, Authorizer]:
    issuer, keys = room.issuer.url, room.issuer.key_set
    authorizers: dict[str, Authorizer] = {
        "gate": Gate(room.functions),
        "operator": JwtAuthorizer(issuer=issuer, audience=OPERATORS, keys=keys, scopes=(OPERATOR_SCOPE,)),
    }
    if room.settings.identity == "oidc":
        authorizers["fan"] = JwtAuthorizer(issuer=issuer, audience=FANS, keys=keys)
    return authorizers


async def _begin(room: OpenRoom, stream_arn: str, stack: AsyncExitStack) -> None:
    """Start what goes on by itself. The demo comes before the first admission, which then finds it."""
    stream = Stream(client("dynamodbstreams", room.environment), stream_arn, room.lanes)
    work = Tasks()
    stack.push_async_callback(work.close)
    for engine in (room.engines.valkey, room.engines.aws):
        work.spawn(_report_end(engine.name, engine.process))
    work.spawn(_report_end("the fork server", room.functions.forks.process))
    work.spawn(room.lanes.run())
    work.spawn(stream.run())
    work.spawn(tell(room.traffic, room.environment))
    if room.settings.demo:
        await create_demo(room.url, room.issuer.operator_token_url)
    work.spawn(schedule.keep(schedule.ADMISSION, room.functions, room.tasks, at_once=True))
    work.spawn(schedule.keep(schedule.ROTATION, room.functions, room.tasks, at_once=False))
    work.spawn(room.functions.warm(FIRST_WARMED))
    if room.settings.demo and room.settings.crowd:
        crowd = await start_crowd(room.url, room.settings.crowd, room.directory.logs / "crowd.log")
        stack.push_async_callback(children.stop, crowd)


async def _report_end(name: str, process: asyncio.subprocess.Process) -> None:
    """Say when a part ends before the room does. Nothing takes its place: the journey is to break."""
    status = await process.wait()
    LOG.warning("%s has ended (%d); the room goes on without it", name, status)
