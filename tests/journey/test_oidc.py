"""With identities of an issuer: one place per person, on every device."""

from collections.abc import Iterator

import pytest

from local.background import Room, Wish
from tests.journey.client import Answer, Api, Fan, Onsale, eventually
from tests.journey.conftest import keeping


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(Wish(identity="oidc")) as room:
        yield room


def id_token(room: Room, person: str) -> str:
    grant = f"grant_type=client_credentials&client_id=fairline-fans&username={person}"
    tokens = Api(room.url).call("GET", f"{room.url}/issuer/token?{grant}").body
    return str(tokens["id_token"])


def register(onsale: Onsale, token: str | None) -> Answer:
    path = f"{onsale.path}/registrations"
    return eventually(lambda: onsale.api.call("POST", path, token=token), lambda answer: answer.status != 503)


def test_a_person_has_one_place_on_every_device_and_takes_it_through_the_gate(room: Room) -> None:
    onsale = keeping(room).onsale()
    assert onsale.describe()["identity"] == "oidc"
    ann, ann_again = register(onsale, id_token(room, "ann")), register(onsale, id_token(room, "ann"))
    bob = register(onsale, id_token(room, "bob"))
    assert (ann.status, ann_again.status, bob.status) == (201, 200, 201)
    assert (ann.body["position"], ann_again.body["position"], bob.body["position"]) == (1, 1, 2)
    fan = Fan(onsale, "", ann.body["visitor_token"], 1)
    assert fan.buy(fan.admitted()["access_token"], "A-1").status == 201


def test_without_an_identity_nobody_joins(room: Room) -> None:
    onsale = keeping(room).onsale()
    for token in (None, "nonsense", room.operator_token()):
        answer = onsale.api.call("POST", f"{onsale.path}/registrations", token=token)
        assert (answer.status, answer.body) == (401, {"message": "Unauthorized"})
