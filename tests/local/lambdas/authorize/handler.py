"""Lets `good` pass, fails at `broken`, refuses the rest."""

from typing import Any


def handler(event: dict[str, Any], _context: Any) -> Any:
    token = event["headers"].get("authorization", "")
    if token == "Bearer broken":
        raise RuntimeError("the gate is broken")
    if token == "Bearer nonsense":
        return {"allowed": "perhaps"}
    found = {"visitor": "v1", "session": "s1", "onsale": event["pathParameters"]["onsale"]}
    return {"isAuthorized": token == "Bearer good", "context": found}
