"""A boto3 session for all tests of a process: a client takes longer to make than most tests to ask it everything."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3

Listener = Callable[..., None]
EVENTS = ("before-call", "before-send", "provide-client-params")


class KeptSession(boto3.Session):
    """Whoever asks for a client as another did is given the same: clients keep nothing of what passes through them.

    What a test wants to know of calls it is told by `listening`, since a handler registered on a client stays there.
    """

    def __init__(self) -> None:
        super().__init__(aws_access_key_id="testing", aws_secret_access_key="testing")
        self._made: dict[str, Any] = {}
        self._listeners: list[tuple[str, Listener]] = []
        for event in EVENTS:
            self.events.register_first(event, self._tell)

    def client(self, service_name: str, **options: Any) -> Any:  # type: ignore[override]
        """The one client of its kind, its configuration and the environment."""
        told = {name: value for name, value in sorted(os.environ.items()) if name.startswith("AWS_")}
        asked = {name: vars(value) if name == "config" else value for name, value in options.items()}
        kind = f"{service_name} {asked} {told}"
        if kind not in self._made:
            self._made[kind] = self.own_client(service_name, **options)
        return self._made[kind]

    def own_client(self, service_name: str, **options: Any) -> Any:
        """A client that nobody else has."""
        return super().client(service_name, **options)

    def forget(self) -> None:
        """Make clients anew: botocore's count how often they may still try again, after many failures."""
        self._made.clear()

    @contextmanager
    def listening(self, event: str, listener: Listener) -> Iterator[None]:
        """Tell of every event whose name begins so, before anybody else is."""
        heard = (event, listener)
        self._listeners.append(heard)
        try:
            yield
        finally:
            self._listeners.remove(heard)

    def _tell(self, event_name: str, **what: Any) -> None:
        for event, listener in self._listeners:
            if event_name.startswith(event):
                listener(event_name=event_name, **what)


SESSION = KeptSession()
