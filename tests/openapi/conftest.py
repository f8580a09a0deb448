"""A room to hold the description against, and sales in it whose visitors have been let in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jwt
import pytest
import schemathesis
from schemathesis.specs.openapi.schemas import OpenApiSchema

from local.background import Room
from tests.journey.client import Fan, Onsale, Operator
from tests.journey.conftest import keeping
from tests.openapi.description import described, strict


def loaded() -> OpenApiSchema:
    """The description, strictly read. Whose token a request has is the tests' to say."""
    schema: OpenApiSchema = schemathesis.openapi.from_dict(strict(described()))
    schema.config.generation.update(with_security_parameters=False)
    schema.config.phases.update(phases=["fuzzing"])
    return schema


@dataclass(frozen=True)
class Sale:
    """One onsale, and somebody in it who has been let in."""

    onsale: Onsale
    operator_token: str
    inside: Fan
    access_token: str

    @property
    def url(self) -> str:
        return self.onsale.api.url

    @property
    def session(self) -> str:
        """The session's id, as the booking backend knows it."""
        claims: dict[str, Any] = jwt.decode(self.access_token, options={"verify_signature": False})
        return str(claims["jti"])

    def headers(self, scheme: str | None) -> dict[str, str]:
        """What the bearer of a security scheme sends; nothing for nobody."""
        tokens = {
            "visitorToken": self.inside.token,
            "accessToken": self.access_token,
            "completionKey": self.onsale.completion_key,
            "operator": self.operator_token,
        }
        return {"Authorization": f"Bearer {tokens[scheme]}"} if scheme else {}


def opened(operator: Operator, fans: int) -> list[Sale]:
    """A new onsale, once for each of some fans inside."""
    onsale = operator.onsale()
    inside = [onsale.join() for _ in range(fans)]
    return [Sale(onsale, operator.token, fan, fan.admitted()["access_token"]) for fan in inside]


@pytest.fixture(scope="package")
def room() -> Iterator[Room]:
    with Room() as room:
        yield room


@pytest.fixture(scope="package")
def operator(room: Room) -> Operator:
    return keeping(room)


@pytest.fixture
def sale(operator: Operator) -> Iterator[Sale]:
    """A fresh sale, so that no test meets what another left."""
    [sale] = opened(operator, 1)
    yield sale
    sale.onsale.act("close")
