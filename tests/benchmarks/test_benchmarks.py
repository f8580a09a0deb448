"""That each benchmark still measures something. What it measures says nothing in so few calls, and is not looked at."""

import os
import re
from collections.abc import Iterator
from types import ModuleType
from unittest.mock import patch

import pytest

from benchmarks import admissions, gate, imports, memory, register, tick
from fairline import clients, console, stores, upkeep, wiring
from stacks.functions import FUNCTIONS

FEW = {"CALLS": 3, "ROUNDS": 2, "AT_ONCE": 25, "SIGNATURES": 2, "VISITORS": 400, "BATCH": 200, "PORTION": 500}


def forget() -> None:
    """What handlers have made is made for one benchmark."""
    for function in [*vars(wiring).values(), *vars(stores).values(), *vars(clients).values()]:
        if hasattr(function, "cache_clear"):
            function.cache_clear()


@pytest.fixture(autouse=True)
def _of_its_own() -> Iterator[None]:
    with patch.dict(os.environ):
        forget()
        yield
    forget()


@pytest.mark.parametrize("benchmark", [admissions, gate, memory, register])
def test_it_measures(
    benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, few in FEW.items():
        if hasattr(benchmark, name):
            monkeypatch.setattr(benchmark, name, few)
    benchmark.main()
    assert re.search(r": (kept|MISSED)$", capsys.readouterr().out, re.MULTILINE)


def test_a_long_line_is_ticked_beside_a_short_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tick, "FEW", 1_000)
    monkeypatch.setattr(tick, "ROUNDS", 2)
    monkeypatch.setattr(tick, "AT_ONCE", 5)
    tick.main(2_000)
    assert "2,000 wait" in capsys.readouterr().out


def test_each_functions_cold_start_is_measured_by_what_there_is() -> None:
    assert {cold.function for cold in imports.COLD} == {function.name for function in FUNCTIONS}
    there = {"wiring": wiring, "stores": stores, "upkeep": upkeep, "console": console}
    used = re.findall(r"\b(wiring|stores|upkeep|console)\.(\w+)\(", " ".join(cold.made for cold in imports.COLD))
    assert [f"{module}.{name}" for module, name in used if not hasattr(there[module], name)] == []
