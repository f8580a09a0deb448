"""Every metric that our functions write, by running what writes it; nothing of AWS, Redis or a store is needed."""

import json
import logging
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from fairline import upkeep, wiring
from fairline.domain.errors import TooManyPlaces, Unavailable
from fairline.domain.guests import GuestRules
from fairline.domain.status import iso
from fairline.domain.tick import Record
from fairline.entrypoints import telemetry, ticks
from fairline.usecases.admit import TickReport
from lambdas.admit.handler import handler as admit
from lambdas.authorize.handler import handler as authorize
from lambdas.connect.handler import handler as connect
from lambdas.notify import handler as notify
from lambdas.register.handler import handler as register
from lambdas.rotate.handler import handler as rotate
from tests.handlers.events import http_event, socket_event

Lines = list[dict[str, Any]]

BROKEN = Unavailable("The store does not answer.")


def _fail(error: Exception) -> Callable[..., Any]:
    def fails(*_args: Any, **_kwargs: Any) -> Any:
        raise error

    return fails


def _ticking(_monkeypatch: pytest.MonkeyPatch) -> None:
    ticks.report(TickReport("demo", 3, 2, Record(), 1, over=False), 0.2)
    ticks.failed("demo", ValueError("of a test"))


def _starting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "ticker", lambda: SimpleNamespace(run=lambda _seconds: 0))
    admit({}, None)


def _refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "origin_check", _fail(BROKEN))
    register(http_event("POST", "/v1/onsales/demo/registrations"), None)


def _crowding(monkeypatch: pytest.MonkeyPatch) -> None:
    full = SimpleNamespace(rules=GuestRules(), register_guest=_fail(TooManyPlaces("As many as may come from there.")))
    monkeypatch.setattr(wiring, "origin_check", lambda: SimpleNamespace(require=lambda _: None))
    monkeypatch.setattr(wiring, "registrar", lambda: full)
    register(http_event("POST", "/v1/onsales/demo/registrations"), None)


def _breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "origin_check", _fail(ZeroDivisionError()))
    register(http_event("POST", "/v1/onsales/demo/registrations"), None)


def _breaking_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "socket_register", _fail(ZeroDivisionError()))
    connect(socket_event("$connect", {"onsale": "demo", "place": "demo#1.v"}), None)


def _guarding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "origin_check", _fail(BROKEN))
    authorize(http_event("GET", "/v1/onsales/demo/booking/seats"), None)


def _reading(_monkeypatch: pytest.MonkeyPatch) -> None:
    ticks.seen({"onsale": "demo", "phase": "lobby", "updated_at": iso(0)}, 1_000)


def _pushing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "notifier", lambda: None)
    monkeypatch.setattr(notify, "notify", lambda *_: {"batchItemFailures": [{"itemIdentifier": "1"}]})
    notify.handler({}, None)


def _rotating(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "rotation", lambda: SimpleNamespace(rotate=list))
    monkeypatch.setattr(upkeep, "origin_renewal", lambda: SimpleNamespace(renew=lambda: None))
    rotate({}, None)


TELLERS: tuple[tuple[str, Callable[[pytest.MonkeyPatch], None]], ...] = (
    ("admit", _starting),
    ("admit", _ticking),
    ("register", _refusing),
    ("register", _crowding),
    ("register", _breaking),
    ("connect", _breaking_sockets),
    ("authorize", _guarding),
    ("message", _reading),
    ("notify", _pushing),
    ("rotate", _rotating),
)
"""What each function does when it has something to tell."""


def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], namespace: str) -> Lines:
    """The EMF lines of all of them, in a deployment whose metrics are in `namespace`."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", namespace)
    for function, tell in TELLERS:
        monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", function)
        forget(function)
        with monkeypatch.context() as patched:
            tell(patched)
        forget(function)
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [line for line in printed if "_aws" in line]


def forget(function: str) -> None:
    """Make telemetry anew, as in an environment of that function."""
    for made in (telemetry.logger, telemetry._metrics, telemetry._tally):
        made.cache_clear()
    logger = logging.getLogger(function)
    logger.handlers.clear()
    for kept in ("init", "powertools_handler"):
        vars(logger).pop(kept, None)
