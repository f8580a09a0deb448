"""Promise 6 at the gate: whatever is not a genuine token for this onsale now is refused, without a call or a reason."""

from collections.abc import Iterator
from typing import Any

import pytest

from fairline import clients
from fairline.domain.keys import Key
from tests.handlers.cloud import Cloud
from tests.handlers.events import gate_event
from tests.promises.door import forge
from tests.promises.door.conftest import Watched
from tests.support.builders import any_visitor

SEATS = "/v1/onsales/demo/booking/seats"
NO = {"isAuthorized": False}


@pytest.fixture
def good(cloud: Cloud) -> str:
    """A token that the gate has let through a moment ago, so that it remembers the session."""
    cloud.open()
    token = str(cloud.admitted()["access_token"])
    assert ask(cloud, token)["isAuthorized"] is True
    return token


def ask(cloud: Cloud, token: str | None, path: str = SEATS) -> Any:
    return cloud.call("authorize", gate_event("GET", path, token=token))


def refused(cloud: Cloud, watched: Watched, tokens: Iterator[str]) -> int:
    """How many there were; each one refused with the same words and without a call."""
    many = 0
    with watched() as calls:
        for many, token in enumerate(tokens, start=1):  # noqa: B007 - counted on purpose
            assert ask(cloud, token) == NO, token[:200]
    assert calls == []
    return many


def test_no_algorithm_passes_but_the_one_we_sign_with(
    cloud: Cloud, watched: Watched, good: str, signing_keys: tuple[Key, Key]
) -> None:
    """None at all, the public key as a shared secret, and others with the true key: what we did not choose."""
    claims, key = forge.claims_of(good), signing_keys[0]
    assert key.public_jwk
    assert refused(cloud, watched, forge.without_algorithm(good)) == 14
    assert refused(cloud, watched, forge.confused(good, key.public_jwk)) == 30
    others = (forge.rsa_signed(claims, key.secret, key.kid, each) for each in ("RS384", "RS512", "PS256", "PS512"))
    assert refused(cloud, watched, others) == 4


def test_no_key_signs_but_ours_and_none_is_looked_for_whatever_it_is_called(
    cloud: Cloud, watched: Watched, good: str, signing_keys: tuple[Key, Key]
) -> None:
    """A stranger's, one brought along, that of visitor tokens, or an empty file that a name might lead to."""
    assert refused(cloud, watched, forge.of_other_keys(good, forge.stranger())) == 10
    assert refused(cloud, watched, forge.renamed(good)) == len(forge.KIDS)
    access, visitor = signing_keys
    claims, header = forge.claims_of(good), {"alg": "HS256", "typ": "at+jwt"}
    empty = (forge.hmac_signed({**header, "kid": kid}, claims, b"") for kid in forge.KIDS)
    assert refused(cloud, watched, empty) == len(forge.KIDS)
    secret = visitor.secret.encode()
    theirs = [forge.hmac_signed({**header, "kid": kid}, claims, secret) for kid in (visitor.kid, access.kid)]
    assert refused(cloud, watched, iter([*theirs, forge.visitor_signed(claims, visitor)])) == 3


def test_no_claim_can_be_changed(cloud: Cloud, watched: Watched, good: str) -> None:
    claims = forge.claims_of(good)
    tokens = forge.altered(
        good,
        exp=claims["exp"] + 1,
        aud="other",
        sub=any_visitor(7),
        jti=f"1.{any_visitor(7)}",
        iss="https://elsewhere.example",
        nbf=0,
        iat=0,
        more=True,
    )
    assert refused(cloud, watched, tokens) == 8


def genuine(claims: forge.Claims, now_s: int) -> Iterator[forge.Claims]:
    """What our own key might have signed at another time, for another onsale or visitor, or by a fault of ours."""
    yield from ({**claims, "exp": now_s - 1}, {**claims, "exp": now_s}, {**claims, "nbf": now_s + 7})
    yield from ({**claims, "aud": aud} for aud in ("other", "Demo", "demo ", "", ["other"], "demo/booking"))
    yield from ({**claims, "iss": iss} for iss in ("", claims["iss"] + "/", claims["iss"].upper(), "https://e.example"))
    yield from ({**claims, "sub": sub} for sub in ("", any_visitor(7), claims["sub"] + "A"))
    yield from ({**claims, "jti": jti} for jti in ("", "1", f"1#{claims['sub']}", f"01.{claims['sub']}"))
    yield from ({name: value for name, value in claims.items() if name != left_out} for left_out in claims)


def test_a_true_signature_under_the_wrong_claims_does_not_help(
    cloud: Cloud, watched: Watched, good: str, signing_keys: tuple[Key, Key], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Expired by one second, expired this second, not yet valid, for others, or incomplete."""
    now_ms = clients.now_ms() // 1000 * 1000
    monkeypatch.setattr("fairline.wiring.now_ms", lambda: now_ms)
    cloud.enter("authorize")
    assert ask(cloud, good)["isAuthorized"] is True
    key = signing_keys[0]
    tokens = [forge.rsa_signed(each, key.secret, key.kid) for each in genuine(forge.claims_of(good), now_ms // 1000)]
    assert refused(cloud, watched, iter(tokens)) == 27


FORMS = ("Bearer {0},Bearer {0}", "Basic {0}", "{0}", "Bearer\t{0}", "Token {0}", "Bearer: {0}", "Bearer Bearer {0}")


def test_no_misshapen_token_passes_however_long_and_no_other_form_of_the_header(
    cloud: Cloud, watched: Watched, good: str
) -> None:
    assert refused(cloud, watched, forge.misshapen(good)) > 100
    with watched() as calls:
        for form in FORMS:
            event = gate_event("GET", SEATS, authorization=form.format(good))
            assert cloud.call("authorize", event) == NO, form
    assert calls == []


def test_no_token_of_another_kind_passes(cloud: Cloud, watched: Watched) -> None:
    onsale = cloud.open()
    place = cloud.admitted()
    ask(cloud, place["access_token"])
    others = [place["visitor_token"], onsale["completion_key"], place["session"], "fairline/operator"]
    assert refused(cloud, watched, iter(others)) == 4
