from typing import Any

import jwt
import pytest

from fairline.adapters.access_tokens import generate
from fairline.adapters.memory_ledger import MemoryDocuments, MemoryKeys
from fairline.domain.keys import DAY_MS, HOUR_MS, Key, in_use, signing_key
from fairline.usecases.rotate import Rotation
from tests.support.clock import Clock
from tests.support.sale import ISSUER


class Keyring:
    """Rotation in memory; RSA keys are stand-ins, since making them is what takes time."""

    def __init__(self) -> None:
        self.clock, self.keys, self.documents = Clock(), MemoryKeys(), MemoryDocuments()
        make: Any = {
            "visitor": lambda kid, at: Key("visitor", kid, "secret", at),
            "access": lambda kid, at: Key("access", kid, "private", at, {"kid": kid, "kty": "RSA"}),
        }
        self.rotation = Rotation(self.keys, self.documents, make, ISSUER, self.clock)

    def published(self) -> list[str]:
        document = self.documents.read(".well-known/jwks.json")
        assert document is not None
        return [key["kid"] for key in document["keys"]]

    def signs(self, purpose: Any = "access") -> str:
        return signing_key(self.keys.all(purpose), self.clock()).kid


@pytest.fixture
def keyring() -> Keyring:
    keyring = Keyring()
    assert len(keyring.rotation.rotate()) == 2
    return keyring


def test_the_first_keys_sign_at_once(keyring: Keyring) -> None:
    assert keyring.signs("visitor").startswith("visitor-")
    assert [keyring.signs()] == keyring.published()


def test_rotating_again_makes_nothing_and_publishes_the_same(keyring: Keyring) -> None:
    before = keyring.published()
    keyring.clock.passes(29 * DAY_MS)
    assert keyring.rotation.rotate() == []
    assert keyring.published() == before


def test_a_key_is_published_two_days_and_two_hours_before_it_signs(keyring: Keyring) -> None:
    old = keyring.signs()
    keyring.clock.passes(30 * DAY_MS)
    made = keyring.rotation.rotate()
    (new,) = [kid for kid in made if kid.startswith("access")]
    assert keyring.published() == [old, new]
    keyring.clock.passes(2 * DAY_MS + 2 * HOUR_MS - 1)
    assert keyring.signs() == old
    keyring.clock.passes(1)
    assert keyring.signs() == new


def test_an_old_key_is_published_until_two_hours_after_its_last_token(keyring: Keyring) -> None:
    old = keyring.signs()
    keyring.clock.passes(30 * DAY_MS)
    keyring.rotation.rotate()
    for hours, there in ((48 + 2 + 4 + 2 - 1, True), (1, False)):
        keyring.clock.passes(hours * HOUR_MS)
        keyring.rotation.rotate()
        assert (old in keyring.published()) is there


def test_visitor_keys_are_kept_as_long_as_a_place_may_be_presented(keyring: Keyring) -> None:
    old = keyring.signs("visitor")
    for _ in range(31):
        keyring.clock.passes(DAY_MS)
        keyring.rotation.rotate()
    keyring.clock.passes(31 * DAY_MS)
    assert old in [key.kid for key in in_use(keyring.keys.all("visitor"), keyring.clock())]


def test_two_rotations_on_one_day_make_one_key(keyring: Keyring) -> None:
    """A second one that had read the keys before the first had added its own."""
    known = keyring.keys.public("access")
    keyring.clock.passes(30 * DAY_MS)
    keyring.rotation.rotate()
    keyring.clock.passes(1)
    there = keyring.keys.public
    keyring.keys.public = lambda purpose: known if purpose == "access" else there(purpose)  # type: ignore[method-assign]
    assert keyring.rotation.rotate() == []
    assert len(there("access")) == 2


def test_a_deployment_whose_rotation_slept_goes_on_signing(keyring: Keyring) -> None:
    old = keyring.signs()
    keyring.clock.passes(200 * DAY_MS)
    assert [key.kid for key in in_use(keyring.keys.all("access"), keyring.clock())] == [old]
    assert keyring.signs() == old


def test_where_the_keys_are_is_published(keyring: Keyring) -> None:
    document = keyring.documents.read(".well-known/openid-configuration")
    assert document is not None
    assert (document["issuer"], document["jwks_uri"]) == (ISSUER, f"{ISSUER}/.well-known/jwks.json")


def test_a_public_key_gives_nothing_private_away_and_verifies() -> None:
    key = generate("access-1", 0)
    assert key.public_jwk is not None
    assert set(key.public_jwk) == {"kty", "n", "e", "kid", "use", "alg"}
    assert key.secret not in repr(key)
    token = jwt.encode({"aud": "demo"}, key.secret, algorithm="RS256")
    assert jwt.decode(token, jwt.PyJWK(key.public_jwk), algorithms=["RS256"], audience="demo") == {"aud": "demo"}
