"""Arrows point inward: handlers -> use cases -> domain. Adapters know the protocols, one module knows both."""

import sys
from pathlib import Path

import pytest

from tests.architecture.source import LAMBDAS, LIBRARY, imports, module_name, names_used, shown, sources

FAIRLINE = "fairline"
PORTS = ("fairline.usecases.ports", "fairline.usecases.book")
"""Where protocols stand. The sample backend's stand beside its one use case: it is an example, apart from the rest."""

ARROWS: dict[str, tuple[str, ...]] = {
    "domain": ("fairline.domain",),
    "usecases": ("fairline.domain", "fairline.usecases"),
    "adapters": ("fairline.domain", *PORTS, "fairline.adapters"),
    "entrypoints": (
        "fairline.domain",
        "fairline.usecases",
        "fairline.adapters",
        "fairline.entrypoints",
        "fairline.wiring",
        "fairline.upkeep",
        "fairline.console",
        "fairline.clients",
        "fairline.routes",
        "fairline.languages",
    ),
    "stores": ("fairline.adapters", "fairline.clients"),
    "routes": (),
    "languages": (),
    "clients": ("fairline.cache_login",),
    "cache_login": (),
    "snapshot": (),
}
CLOCKS = ("time.time", "time.time_ns", "time.monotonic", "datetime.now", "datetime.utcnow", "date.today")


def part(path: Path) -> str:
    """`domain` for `fairline/domain/place.py`, `routes` for `fairline/routes.py`."""
    return path.relative_to(LIBRARY / FAIRLINE).with_suffix("").parts[0]


def of_ours(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] == FAIRLINE


def may(module: str, allowed: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


@pytest.mark.parametrize("layer", ARROWS)
def test_each_part_of_the_library_imports_only_inward(layer: str) -> None:
    wrong = [
        f"{shown(path)} imports {module}"
        for path in sources("layers")
        if part(path) == layer
        for module in imports(path)
        if of_ours(module) and not may(module, ARROWS[layer])
    ]
    assert wrong == []


def test_every_module_of_the_library_has_its_place_in_the_rule() -> None:
    assert {part(path) for path in sources("layers")} - ARROWS.keys() == {"__init__", "wiring", "upkeep", "console"}


@pytest.mark.parametrize("layer", ["domain", "usecases"])
def test_the_inside_needs_the_standard_library_alone(layer: str) -> None:
    wrong = [
        f"{shown(path)} imports {module}"
        for path in sources("layers")
        if part(path) == layer
        for module in imports(path)
        if not of_ours(module) and module.split(".")[0] not in sys.stdlib_module_names
    ]
    assert wrong == []


@pytest.mark.parametrize("layer", ["domain", "usecases"])
def test_the_inside_is_handed_time_and_settings(layer: str) -> None:
    forbidden = (*CLOCKS, "os.environ", "os.getenv", "environ", "getenv", "time.sleep")
    wrong = [
        f"{shown(path)}:{line} uses {name}"
        for path in sources("layers")
        if part(path) == layer
        for name, line in names_used(path)
        if name in forbidden or name.endswith(tuple(f".{clock}" for clock in CLOCKS))
    ]
    assert wrong == []


def test_handlers_and_entrypoints_reach_stores_through_the_wiring_alone() -> None:
    wrong = [
        f"{shown(path)} imports {module}"
        for path in (*sources("lambdas"), *(LIBRARY / FAIRLINE / "entrypoints").glob("*.py"))
        for module in imports(path)
        if module.split(".")[0] in {"boto3", "botocore", "redis", "jwt", "cryptography"}
    ]
    assert wrong == []


def test_handlers_know_entrypoints_wiring_and_inward() -> None:
    allowed = (
        "fairline",
        *(
            f"fairline.{name}"
            for name in ("wiring", "upkeep", "console", "clients", "entrypoints", "domain", "routes", "snapshot")
        ),
    )
    wrong = [
        f"{shown(path)} imports {module}"
        for path in sources("lambdas")
        for module in imports(path)
        if (of_ours(module) and module not in allowed and not may(module, allowed[1:])) or module.startswith("lambdas")
    ]
    assert wrong == []


def test_the_room_knows_nothing_of_the_library_but_its_routes() -> None:
    wrong = [
        f"{shown(path)} imports {module}"
        for path in sources("local")
        for module in imports(path)
        if of_ours(module) and module != "fairline.routes"
    ]
    assert wrong == []


def test_what_is_deployed_knows_nothing_of_rooms_tools_and_tests() -> None:
    wrong = [
        f"{shown(path)} imports {module}"
        for path in sources("layers", "lambdas")
        for module in imports(path)
        if module.split(".")[0] in {"local", "tools", "tests", "benchmarks", "stacks"}
    ]
    assert wrong == []


def test_the_environment_is_read_in_two_modules_alone() -> None:
    readers = {
        module_name(path)
        for path in sources("layers", "lambdas")
        for name, _ in names_used(path)
        if name in {"os.environ", "os.getenv", "environ", "getenv"}
    }
    assert readers <= {"fairline.clients", "fairline.wiring"}
    assert LAMBDAS.is_dir()
