"""The description is valid and names what there is: each route, each published object, each refusal."""

from collections.abc import Iterator

import pytest
import schemathesis

from fairline.domain.errors import FairlineError
from fairline.domain.seats import AlreadyBought, NothingHeld, SeatTaken
from fairline.domain.status import status_key
from fairline.routes import HTTP_ROUTES, HttpRoute
from fairline.usecases.rotate import CONFIGURATION, KEY_SET
from tests.openapi.description import PATH, described, operations

DESCRIPTION = described()


def refusals(kind: type[FairlineError] = FairlineError) -> Iterator[type[FairlineError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from refusals(narrower)


def test_the_description_is_valid_openapi() -> None:
    schemathesis.openapi.from_path(PATH).validate()


def test_every_route_is_described_and_nothing_else() -> None:
    described_routes = {
        operation.get("x-fairline-route", f"{method} {path}")
        for method, path, operation in operations(DESCRIPTION)
        if "x-fairline-object" not in operation
    }
    assert described_routes == {route.key for route in HTTP_ROUTES}


def test_every_published_object_is_described_and_nothing_else() -> None:
    marked = {
        operation["x-fairline-object"]: path
        for _, path, operation in operations(DESCRIPTION)
        if "x-fairline-object" in operation
    }
    assert marked == {key: f"/{key}" for key in (status_key("{onsale}"), KEY_SET, CONFIGURATION)}


def test_the_sample_backend_is_described_as_a_part_of_its_route() -> None:
    for _, path, operation in operations(DESCRIPTION):
        if route := operation.get("x-fairline-route"):
            assert path.startswith(route.removeprefix("ANY ").removesuffix("{proxy+}"))


def test_every_refusal_is_described_by_its_slug_title_and_status() -> None:
    said = {
        (fields["type"]["const"], fields["title"]["const"], fields["status"]["const"])
        for schema in DESCRIPTION["components"]["schemas"].values()
        if "const" in (fields := schema.get("properties", {})).get("type", {})
    }
    known = {(f"urn:fairline:problem:{kind.slug}", kind.title, kind.status) for kind in refusals()}
    assert said == known
    assert {SeatTaken, NothingHeld, AlreadyBought} <= set(refusals())


@pytest.mark.parametrize("route", [route for route in HTTP_ROUTES if route.authorizer], ids=lambda route: route.key)
def test_a_route_with_an_authorizer_says_whose_token_it_wants(route: HttpRoute) -> None:
    scheme = {"operator": "operator", "gate": "accessToken", "fan": "idToken"}
    assert route.authorizer is not None
    for method, path, operation in operations(DESCRIPTION):
        if operation.get("x-fairline-route", f"{method} {path}") == route.key:
            wanted = {name for requirement in operation["security"] for name in requirement}
            assert scheme[route.authorizer] in wanted
