"""TLS in front of a port of this machine, with a certificate of our own making."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Tunnel = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

LAST_WORDS_SECONDS = 0.1
"""For connections that are being given up, by either side."""


def make_certificate(path: Path, host: str) -> Path:
    """A file with key and certificate of `host`, which vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    day = timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@dataclass
class Front:
    """Where TLS is spoken, and all that clients have said in it."""

    port: int = 0
    heard: bytearray = field(default_factory=bytearray)


@contextmanager
def tls_in_front_of(port: int, certificate: Path) -> Iterator[Front]:
    """Everything that is said over TLS goes on to `port` in clear.

    By asyncio, since two threads must not read and write one TLS connection at a time.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    front, loop = Front(), asyncio.new_event_loop()
    server = loop.run_until_complete(_serve(context, partial(_tunnel, port, front)))
    front.port = server.sockets[0].getsockname()[1]
    serving = threading.Thread(target=loop.run_forever, daemon=True)
    serving.start()
    try:
        yield front
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        serving.join()
        loop.close()


async def _serve(context: ssl.SSLContext, tunnel: Tunnel) -> asyncio.Server:
    return await asyncio.start_server(tunnel, "127.0.0.1", 0, ssl=context)


async def _tunnel(port: int, front: Front, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.CancelledError):
        behind, onward = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(_pass_on(client, onward, front.heard), _pass_on(behind, back))
        finally:
            onward.transport.abort()
    back.transport.abort()


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter, heard: bytearray | None = None) -> None:
    with contextlib.suppress(OSError):
        while said := await source.read(65_536):
            if heard is not None:
                heard += said
            target.write(said)
            await target.drain()
    target.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    tunnels = asyncio.all_tasks() - {asyncio.current_task()}
    for each in tunnels:
        each.cancel()
    await asyncio.gather(*tunnels, return_exceptions=True)
    await asyncio.sleep(LAST_WORDS_SECONDS)
