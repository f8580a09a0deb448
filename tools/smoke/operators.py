"""How the run's operator reaches the deployment: over its admin routes, or in its tables as `fairline` does."""

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from tools.front import Call, Front, RefusedError

if TYPE_CHECKING:
    from random import Random

    from tools.operator.desk import Desk

TRIES = 3


class Operators(Protocol):
    """What the run does as an operator. `values` and answers have the form of the admin routes."""

    async def create(self, values: dict[str, Any]) -> str:
        """Make an onsale: its completion key."""

    async def act(self, onsale: str, action: str, **values: Any) -> None:
        """Pause, resume or close, from the latest version."""

    async def audit(self, onsale: str) -> list[dict[str, Any]]:
        """Every version, newest first."""


class Routes:
    """With an operator's token. Raises RefusedError."""

    def __init__(self, front: Front, url: str, token: str, luck: "Random") -> None:
        self._front, self._token, self._luck = front, token, luck
        self._admin = f"{url}/v1/admin/onsales"

    async def create(self, values: dict[str, Any]) -> str:
        """Not tried twice: the name would be taken."""
        return str((await self._send("POST", "", values, tries=1))["completion_key"])

    async def act(self, onsale: str, action: str, **values: Any) -> None:
        """From the version that is read first."""
        version = (await self._send("GET", f"/{onsale}"))["version"]
        await self._send("POST", f"/{onsale}/{action}", {"expected_version": version, **values})

    async def audit(self, onsale: str) -> list[dict[str, Any]]:
        """Every version, newest first."""
        return list((await self._send("GET", f"/{onsale}/audit"))["versions"])

    async def _send(
        self, method: str, path: str, body: dict[str, Any] | None = None, tries: int = TRIES
    ) -> dict[str, Any]:
        name = f"{method} /v1/admin/onsales{path}"
        answer = await self._front.send(
            Call(name, method, self._admin + path, self._token, body=body, tries=tries), self._luck
        )
        if not answer.ok:
            raise RefusedError(name, answer)
        return answer.body


class Tables:
    """With AWS credentials, through the use cases that `fairline` uses. Raises FairlineError."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def create(self, values: dict[str, Any]) -> str:
        """As `fairline onsale create`."""
        from fairline.entrypoints.bodies import policy_values

        return await asyncio.to_thread(self._create, policy_values(values, frozenset(values)))

    def _create(self, values: dict[str, Any]) -> str:
        return self._desk.operations().create(self._desk.caller(), **values).completion_key

    async def act(self, onsale: str, action: str, **values: Any) -> None:
        """As `fairline pause`, `resume`, `close`."""
        await asyncio.to_thread(self._act, onsale, action, values)

    def _act(self, onsale: str, action: str, values: dict[str, Any]) -> None:
        operations = self._desk.operations()
        getattr(operations, action)(onsale, operations.read(onsale).version, self._desk.caller(), **values)

    async def audit(self, onsale: str) -> list[dict[str, Any]]:
        """As `fairline onsale show --audit`."""
        from tools.operator.trail import trail

        versions = (await asyncio.to_thread(lambda: trail(self._desk.operations(), onsale)))["versions"]
        return list(versions)
