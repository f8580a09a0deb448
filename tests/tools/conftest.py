"""Retries without their pauses: how long a pause would be is tested by itself."""

import pytest


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("front", "line"):
        monkeypatch.setattr(f"tools.{module}.pause_seconds", lambda *_: 0.0)
    monkeypatch.setattr("tools.line.CALLED_POLL_SECONDS", 0.02)
    monkeypatch.setattr("tools.fan.LATE_PUSH_SECONDS", 0.02)
