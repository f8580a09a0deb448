"""`docs/openapi.yaml`, and what it says in forms that a test can hold against the code."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
PATH = ROOT / "docs" / "openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")
Node = dict[str, Any]


def described() -> Node:
    """The description as it is written."""
    loaded: Node = yaml.load(PATH.read_text(), Loader=yaml.CSafeLoader)  # Python's own takes a second
    return loaded


def operations(description: Node) -> Iterator[tuple[str, str, Node]]:
    """Each operation with its method and path."""
    for path, item in description["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def strict(description: Node) -> Node:
    """The description, allowing no member of an answer that it does not name.

    Clients must let unknown members pass, so the description itself does; our own answers are to be described in full.
    """
    made = copy.deepcopy(description)
    schemas = made["components"]["schemas"]
    for schema in schemas.values():
        _flatten(schema, schemas)
    for schema in schemas.values():
        _close(schema)
    for _, _, operation in operations(made):
        _close(operation["responses"])
    return made


def _flatten(schema: Node, schemas: Node) -> None:
    """Take over what `allOf` refers to, so that one object says all about its members."""
    for part in schema.get("allOf", []):
        if "$ref" not in part:
            return
        base = schemas[part["$ref"].rpartition("/")[2]]
        schema["type"] = "object"
        schema["properties"] = {**base["properties"], **schema["properties"]}
        schema["required"] = [*base["required"], *schema.get("required", [])]
    schema.pop("allOf", None)


def _close(node: Any) -> None:
    if isinstance(node, list):
        for part in node:
            _close(part)
    elif isinstance(node, dict):
        if node.get("type") == "object" and "properties" in node:
            node.setdefault("additionalProperties", False)
        for part in node.values():
            _close(part)
