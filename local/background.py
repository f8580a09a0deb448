"""A room of one's own, for tests and scripts: the same `python -m local`, in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import urlopen

from local.children import TETHER

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90.0
STOP_SECONDS = 15.0
NOT_INHERITED = {"PORT", "CROWD", "FAIRLINE_ROOM"}


@dataclass(frozen=True)
class Wish:
    """What the room is to be like; see `python -m local --help`."""

    identity: str = "guest"
    guest_places_per_address: int = 0
    guest_one_per_browser: bool = False
    registration_throttle: str = ""
    api_throttle: str = ""
    demo: bool = False
    crowd: int = 0
    lambdas: Path | None = None

    def words(self) -> list[str]:
        """As words of the command line."""
        demo = [] if self.demo else ["--no-demo"]
        lambdas = ["--lambdas", str(self.lambdas)] if self.lambdas else []
        guests = ["--guest-places-per-address", str(self.guest_places_per_address)]
        guests += ["--guest-one-per-browser"] if self.guest_one_per_browser else []
        throttles = [f"--registration-throttle={self.registration_throttle}"] if self.registration_throttle else []
        throttles += [f"--api-throttle={self.api_throttle}"] if self.api_throttle else []
        return ["--identity", self.identity, "--crowd", str(self.crowd), *guests, *throttles, *demo, *lambdas]


class Room:
    """A context manager: inside it a room serves at `url`; after it nothing of the room is left.

    It ends with the process that opened it, too. Raises RuntimeError with the room's own words when it does not open.
    """

    def __init__(self, wish: Wish | None = None) -> None:
        self._wish = wish or Wish()
        self._folder = tempfile.TemporaryDirectory(prefix="fairline-room-")
        self.directory = Path(self._folder.name) / "room"
        self._output = Path(self._folder.name) / "output"
        self._process: subprocess.Popen[bytes] | None = None
        self._description: dict[str, Any] = {}

    def __enter__(self) -> Self:
        room = [sys.executable, "-m", "local", "--directory", str(self.directory), *self._wish.words()]
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own command, without a shell
                [sys.executable, "-IS", str(TETHER), str(os.getpid()), *room],
                cwd=ROOT,
                env=inherited,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            self._description = self._await_description(self._process)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _await_description(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        path = self.directory / "room.json"
        deadline = time.monotonic() + START_SECONDS
        while not path.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the room does not open: {self._output.read_text()}")
            time.sleep(0.05)
        description: dict[str, Any] = json.loads(path.read_text())
        return description

    def close(self) -> None:
        """End the room as Ctrl-C does, and wait until it is gone."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self._folder.cleanup()

    @property
    def output(self) -> str:
        """What the room has printed."""
        return self._output.read_text()

    @property
    def url(self) -> str:
        """The front address, without a slash at its end."""
        return str(self._description["url"])

    @property
    def pid(self) -> int:
        """The room's own process."""
        return int(self._description["pid"])

    @property
    def environment(self) -> dict[str, str]:
        """Every setting of every function, and where AWS is."""
        return dict(self._description["environment"])

    @property
    def engines(self) -> dict[str, int]:
        """Process ids of `valkey` and `aws`."""
        return dict(self._description["engines"])

    def report(self) -> dict[str, Any]:
        """What goes on inside now: `{"engines", "fork_server", "functions": {name: {"pids", …}}, …}`."""
        report: dict[str, Any] = _fetch(self._description["report_url"])
        return report

    def worker_pids(self, function: str) -> list[int]:
        """Process ids of a function's living execution environments."""
        return list(self.report()["functions"][function]["pids"])

    def invoke(self, function: str, event: Any, *, wait: bool = True) -> Any:
        """Invoke a function as `aws lambda invoke` would: its answer or error document; without `wait`, nothing."""
        from local.provision import client

        here = {**self.environment, "AWS_ENDPOINT_URL": self._description["lambda_url"]}
        answer = client("lambda", here, read_timeout=100).invoke(
            FunctionName=function,
            InvocationType="RequestResponse" if wait else "Event",
            Payload=json.dumps(event).encode(),
        )
        return json.loads(answer["Payload"].read() or b"null")

    def operator_token(self, name: str = "operator") -> str:
        """An operator's access token."""
        return str(_fetch(f"{self._description['operator_token_url']}&username={name}")["access_token"])


def _fetch(url: str) -> Any:
    with urlopen(url, timeout=10) as answer:  # noqa: S310 - the room's own address
        return json.load(answer)
