"""Our own sources, read and not run."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "layers/fairline/python"
LAMBDAS = ROOT / "lambdas"
SHIPPED = ("layers", "lambdas", "local", "tools", "stacks")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def sources(*folders: str) -> tuple[Path, ...]:
    """Every module under these folders of the repository, all that we ship if none is named."""
    found = (path for folder in folders or SHIPPED for path in (ROOT / folder).rglob("*.py"))
    return tuple(sorted(path for path in found if "__pycache__" not in path.parts))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def module_name(path: Path) -> str:
    """`fairline.domain.place` for a module of the library, else as imported from the repository."""
    base = LIBRARY if path.is_relative_to(LIBRARY) else ROOT
    return ".".join(path.relative_to(base).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """Every module that a module names in an import, at its head or in a function; type checking included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{shown(path)}:{node.lineno}: imports are absolute"
            yield from (_named(node.module or "", alias.name) for alias in node.names)


def _named(module: str, name: str) -> str:
    """The module that `from module import name` names: itself, or a module in it."""
    parts = f"{module}.{name}".split(".")
    inner = LIBRARY.joinpath(*parts)
    return ".".join(parts) if inner.with_suffix(".py").exists() or inner.is_dir() else module


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines of a function's body, its docstring apart: what has to be kept in mind."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def names_used(path: Path) -> Iterator[tuple[str, int]]:
    """Every dotted name in a module, such as `time.time`, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node), node.lineno
        elif isinstance(node, ast.Name):
            yield node.id, node.lineno
