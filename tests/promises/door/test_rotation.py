"""Keys rotate in the middle of a sale, and nobody notices: neither visitors, nor the gate, nor a backend."""

from functools import cache
from typing import Any

import jwt
import pytest

from fairline.adapters.access_tokens import AccessTokens, generate
from fairline.adapters.memory_ledger import MemoryDocuments, MemoryKeys
from fairline.domain.keys import DAY_MS, HOUR_MS, PUBLISHED_AHEAD_MS, ROTATION_MS, Key, Purpose, in_use, signing_key
from fairline.domain.session import Session
from fairline.domain.visitor_token import VisitorClaims
from fairline.usecases.desk import AdmissionDesk
from fairline.usecases.gate import Gate
from fairline.usecases.register import Registrar, VisitorTokens
from fairline.usecases.rotate import KEY_SET, Rotation
from tests.promises.door import forge
from tests.support.clock import Clock
from tests.support.fragile import Crash, Fragile
from tests.support.sale import ISSUER, PUBLIC_URL, Sale


@cache
def made(number: int) -> Key:
    """RSA keys, each made once for all tests here."""
    return generate(f"made-{number}", 0)


class Keyring:
    """Keys that rotate daily; each next one is another."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.keys, self.documents = clock, MemoryKeys(), Fragile(MemoryDocuments())
        self._made = 0
        make: Any = {"visitor": self._visitor, "access": self._access}
        self.rotation = Rotation(self.keys, self.documents, make, ISSUER, clock)
        self.rotation.rotate()

    def _visitor(self, kid: str, signs_from_ms: int) -> Key:
        return Key("visitor", kid, f"the secret of {kid}, which is long enough", signs_from_ms)

    def _access(self, kid: str, signs_from_ms: int) -> Key:
        self._made += 1
        key = made(self._made)
        return Key("access", kid, key.secret, signs_from_ms, {**(key.public_jwk or {}), "kid": kid})

    def all(self, purpose: Purpose) -> list[Key]:
        return in_use(self.keys.all(purpose), self.clock())

    def published(self) -> dict[str, Any]:
        document = self.documents.read(KEY_SET)
        assert document is not None
        return {key["kid"]: key for key in document["keys"]}

    def successor(self, purpose: Purpose) -> Key:
        """The key that will sign next."""
        (coming,) = (key for key in self.keys.all(purpose) if key.signs_from_ms > self.clock())
        return coming


class TurningSale(Sale):
    """A sale whose keys are those of a keyring."""

    def __init__(self, **values: Any) -> None:
        clock = Clock()
        self.keyring = Keyring(clock)
        super().__init__(clock=clock, closes_at_ms=clock() + 40 * DAY_MS, **values)

    def _people(self) -> None:
        super()._people()
        tokens, access = AccessTokens(ISSUER), self.keyring
        self.desk = AdmissionDesk(tokens, lambda: access.all("access"), PUBLIC_URL)
        self.tokens = VisitorTokens(lambda: access.keys.all("visitor"), self.clock)
        self.places._desk = self.desk
        self.registrar = Registrar(self.line, self.places, self.tokens, self.absence)
        self.gate = Gate(tokens, lambda: access.all("access"), self.sessions, self.clock)

    def passes_to(self, at_ms: int) -> None:
        """Go there, rotating daily on the way."""
        while self.clock() < at_ms:
            self.clock.passes(min(DAY_MS, at_ms - self.clock()))
            self.keyring.rotation.rotate()

    def shows(self, token: str) -> Any:
        return self.places.read(self.claims(token))

    def enters(self, token: str) -> bool:
        return self.gate.admits(f"/v1/onsales/{self.name}/booking/seats", token) is not None


@pytest.fixture
def sale() -> TurningSale:
    """A minute before new keys begin to sign."""
    sale = TurningSale(rate_per_minute=600)
    sale.passes_to(sale.clock() + ROTATION_MS)
    sale.clock.now_ms = sale.keyring.successor("access").signs_from_ms - 60_000
    sale.ticks(20, every_ms=1_000)
    return sale


def token_of(view: Any) -> str:
    assert view.admission is not None
    return str(view.admission.access_token)


def test_sessions_go_on_through_the_moment_in_which_a_new_key_begins_to_sign(sale: TurningSale) -> None:
    before = sale.registers("ann").visitor_token
    sale.ticks(2)
    access = token_of(sale.shows(before))
    assert sale.enters(access)
    while forge.header_of(sale.registers("eve").visitor_token)["kid"] == forge.header_of(before)["kid"]:
        sale.ticks(every_ms=1_000)
        assert sale.enters(access)
    assert token_of(sale.shows(before)) == access
    sale.ticks(3)
    after = sale.registers("bob").visitor_token
    sale.ticks(3)
    theirs = token_of(sale.shows(after))
    assert forge.header_of(theirs)["kid"] != forge.header_of(access)["kid"]
    assert (sale.enters(access), sale.enters(theirs)) == (True, True)


def test_a_place_taken_before_the_change_is_found_by_its_token_to_the_end(sale: TurningSale) -> None:
    sale.changes(rate_per_minute=1, max_active=1)
    sale.ticks(3)
    first = sale.registers("ann")
    later = sale.registers("bob")
    sale.passes_to(sale.onsale.closes_at_ms - HOUR_MS)
    assert len(sale.keyring.keys.all("visitor")) == 2
    sale.ticks(3)
    for made_before in (first, later):
        assert sale.shows(made_before.visitor_token).place == made_before.view.place
    again = sale.registers("bob")
    assert (again.is_new, again.view.place) == (False, later.view.place)
    assert forge.header_of(again.visitor_token)["kid"] != forge.header_of(later.visitor_token)["kid"]


def test_tokens_of_two_keys_are_both_read_while_they_overlap_and_forged_ones_of_neither(sale: TurningSale) -> None:
    token = sale.registers("ann").visitor_token
    sale.clock.now_ms = sale.keyring.successor("visitor").signs_from_ms
    old, new = sale.keyring.all("visitor")
    claims = sale.claims(token)
    for key in (old, new):
        assert sale.tokens.read(forge.visitor_signed(forge.claims_of(token), key), sale.name) == claims
    crossed = Key("visitor", new.kid, old.secret, 0)
    with pytest.raises(Exception, match="visitor token"):
        sale.tokens.read(forge.visitor_signed(forge.claims_of(token), crossed), sale.name)


def verified(token: str, keys: dict[str, Any], onsale: str) -> bool:
    """As a backend does it, with the key set as it holds it."""
    key = keys.get(forge.header_of(token)["kid"])
    times: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    return key is not None and bool(
        jwt.decode(token, jwt.PyJWK(key), algorithms=["RS256"], audience=onsale, issuer=ISSUER, options=times)
    )


def minted(keyring: Keyring, sale: Sale, claims: VisitorClaims) -> str:
    (start,) = (start for start in sale.starts() if start.place == claims.place)
    now_ms = keyring.clock()
    session = Session(start.place, now_ms, now_ms + 180_000, extended=False, ended=None)
    return AccessTokens(ISSUER).mint(session, keyring.all("access"))


def test_a_backend_that_read_the_key_set_two_hours_ago_verifies_every_token_through_three_rotations() -> None:
    """Every hour of a hundred days, with the key set as it was published up to two hours before."""
    keyring, sale = Keyring(Clock()), Sale()
    claims = sale.admitted("ann")
    sets: list[dict[str, Any]] = []
    signed_by = set()
    steps_ms, held = HOUR_MS, PUBLISHED_AHEAD_MS // HOUR_MS
    for step in range(100 * DAY_MS // steps_ms):
        if step % (DAY_MS // steps_ms) == 0:
            keyring.rotation.rotate()
        sets.append(keyring.published())
        kid = signing_key(keyring.all("access"), keyring.clock()).kid
        if kid not in signed_by:
            signed_by.add(kid)
            assert verified(minted(keyring, sale, claims), sets[max(0, step - held)], sale.name)
        assert kid in sets[max(0, step - held)]
        keyring.clock.passes(steps_ms)
    assert len(signed_by) == 4


def test_a_key_whose_publication_failed_does_not_sign_before_it_has_been_published_for_two_hours() -> None:
    """The rotation dies between adding the key and publishing it, and is not repeated until the next day."""
    keyring = Keyring(Clock())
    keyring.clock.passes(ROTATION_MS)
    keyring.documents.breaks("write", error=Crash("write"))
    with pytest.raises(Crash):
        keyring.rotation.rotate()
    coming = keyring.successor("access")
    assert coming.kid not in keyring.published()
    keyring.clock.passes(DAY_MS)
    keyring.rotation.rotate()
    assert coming.kid in keyring.published()
    assert coming.signs_from_ms >= keyring.clock() + PUBLISHED_AHEAD_MS
