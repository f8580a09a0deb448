"""Whatever is sent, fitting or not, the room answers with what the description allows."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from fairline.domain.onsale import NAME
from fairline.domain.place import ID
from tests.journey.client import Operator
from tests.openapi.conftest import Sale, loaded, opened
from tests.openapi.description import described, operations

SCHEMA = loaded()
LABELS = [f"{method} {path}" for method, path, _ in operations(described())]
FEW = settings(max_examples=30, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=400, print_blob=True, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass
class Requests:
    """How many went over the wire, and how many are to: checks send some of their own, such as without a token."""

    sent: int = 0
    enough: int = 1_000
    operations: set[str] = field(default_factory=set)


BEYOND_A_SCHEMA: list[CheckFunction] = [positive_data_acceptance]
"""That times are in order, and that a version is the latest, a schema cannot say: what fits it may yet be refused."""


@pytest.fixture(scope="module")
def crowd(operator: Operator) -> list[Sale]:
    """One sale with a fan for every operation: whoever leaves or completes does it to nobody else."""
    return opened(operator, len(LABELS))


@pytest.fixture(scope="module")
def operated(operator: Operator) -> Sale:
    """A sale that operators may close: nobody else needs it."""
    return opened(operator, 1)[0]


@pytest.fixture(scope="module")
def requests_sent(request: pytest.FixtureRequest) -> Iterator[Requests]:
    """All requests, counted; their number is told at the end, and is enough if every operation had its turn."""
    counted = Requests()
    send = requests.Session.send

    def sending(self: requests.Session, *args: Any, **options: Any) -> requests.Response:
        counted.sent += 1
        return send(self, *args, **options)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(requests.Session, "send", sending)
        yield counted
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        sys.stdout.write(f"\nrequests sent to {len(counted.operations)} operations: {counted.sent}\n")
    assert len(counted.operations) < len(LABELS) or counted.sent >= counted.enough


@SCHEMA.parametrize()
@FEW
def test_anything_that_is_sent_is_answered_as_described(
    case: Case[Any], crowd: list[Sale], operated: Sale, requests_sent: Requests
) -> None:
    answered(case, crowd, operated, requests_sent)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@SCHEMA.parametrize()
@MANY
def test_anything_at_all_is_answered_as_described(
    case: Case[Any], crowd: list[Sale], operated: Sale, requests_sent: Requests
) -> None:
    requests_sent.enough = 10_000
    answered(case, crowd, operated, requests_sent)


def answered(case: Case[Any], crowd: list[Sale], operated: Sale, sent: Requests) -> None:
    sent.operations.add(case.operation.label)
    sale = operated if "/admin/" in case.path else crowd[LABELS.index(case.operation.label)]
    aim(case, sale)
    case.call_and_validate(base_url=sale.url, headers=sale.headers(scheme(case)), excluded_checks=BEYOND_A_SCHEMA)


def scheme(case: Case[Any]) -> str | None:
    """The first security scheme of an operation, or None where anyone may call."""
    wanted: list[dict[str, Any]] = case.operation.definition.raw.get("security", [{}])
    return next(iter(wanted[0]), None)


def aim(case: Case[Any], sale: Sale) -> None:
    """A name that an onsale or a session could have becomes the one there is: all others are refused soon."""
    for name, form, real in (("onsale", NAME, sale.onsale.name), ("session", ID, sale.session)):
        if form.fullmatch(str(case.path_parameters.get(name, ""))):
            case.path_parameters[name] = real
