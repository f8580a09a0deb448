from dataclasses import replace

import jwt
import pytest

from fairline.adapters.access_tokens import CLOCK_SKEW_MS, AccessTokens, generate
from fairline.domain.errors import InvalidToken, Unavailable
from fairline.domain.place import Place
from fairline.domain.session import Session
from tests.support.builders import any_place
from tests.support.clock import START_MS
from tests.support.sale import ISSUER, Sale, access_key


def token_of(sale: Sale, visitor: str = "ann") -> str:
    admission = sale.registers(visitor).view.admission
    assert admission is not None
    return admission.access_token


def path_of(sale: Sale) -> str:
    return f"/v1/onsales/{sale.name}/booking/seats"


def enters(sale: Sale, token: str) -> Place | None:
    return sale.gate.admits(path_of(sale), token)


def test_a_running_session_goes_through_and_is_named(sale: Sale) -> None:
    claims = sale.admitted("ann")
    assert enters(sale, token_of(sale)) == claims.place


def test_a_bad_token_costs_no_call(sale: Sale) -> None:
    sale.admitted("ann")
    good, visitor_token = token_of(sale), sale.registers("ann").visitor_token
    sale.sessions.calls.clear()
    head, body, signature = good.split(".")
    stranger = AccessTokens(ISSUER).mint(_session(sale.name), [replace(generate("access-1", 0), kid="access-1")])
    bad = {
        "empty": "",
        "garbage": "a.b.c",
        "not ascii": "schlüssel.ä.ö",
        "half a character": good[:-1] + "\ud800",
        "too long": good + "a" * 5_000,
        "cut": good[:-10],
        "body altered": f"{head}.{body[:-2]}AA.{signature}",
        "signed by a stranger": stranger,
        "unsigned": jwt.encode({"aud": sale.name}, "", algorithm="none", headers={"kid": "access-1"}),
        "other issuer": AccessTokens("https://other").mint(_session(sale.name), [access_key()]),
        "other onsale": AccessTokens(ISSUER).mint(_session("other"), [access_key()]),
        "unknown key": AccessTokens(ISSUER).mint(_session(sale.name), [replace(access_key(), kid="other")]),
        "a visitor token": visitor_token,
    }
    assert {how: enters(sale, token) for how, token in bad.items()} == dict.fromkeys(bad)
    assert sale.gate.admits("/v1/onsales/other/booking/seats", good) is None
    assert sale.gate.admits("/v1/onsales/demo/booking/../admin", good) is None
    assert not sale.sessions.calls


def _session(onsale: str) -> Session:
    return Session(any_place(1, onsale, "ann"), START_MS, START_MS + 180_000, extended=False, ended=None)


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(sale: Sale) -> None:
    """The oldest trick: an HMAC with what everybody knows."""
    public = access_key().public_jwk
    assert public is not None
    claims = {"iss": ISSUER, "aud": sale.name, "sub": "ann", "jti": "1.ann", "iat": 0, "nbf": 0, "exp": 2**33}
    forged = jwt.encode(claims, public["n"], algorithm="HS256", headers={"kid": "access-1"})
    assert enters(sale, forged) is None


def test_a_session_that_never_was_does_not_go_through(sale: Sale) -> None:
    assert enters(sale, AccessTokens(ISSUER).mint(_session(sale.name), [access_key()])) is None


@pytest.mark.parametrize("how", ["completed", "left"])
def test_a_session_that_is_over_is_refused_within_three_seconds(sale: Sale, how: str) -> None:
    claims = sale.admitted("ann")
    token = token_of(sale)
    assert enters(sale, token)
    if how == "completed":
        sale.completes(claims.place)
    else:
        sale.places.leave(claims)
    sale.clock.passes(3_000)
    assert enters(sale, token) is None


def test_a_live_session_is_read_once_in_three_seconds(sale: Sale) -> None:
    sale.admitted("ann")
    token = token_of(sale)
    sale.sessions.calls.clear()
    for ms in (0, 1_000, 1_999, 1, 2_999):
        sale.clock.passes(ms)
        assert enters(sale, token)
    assert sale.sessions.calls["rows"] == 2


def test_a_session_that_is_over_is_not_remembered(sale: Sale) -> None:
    """Nothing is: the next reading may find a row that this one did not."""
    claims = sale.admitted("ann")
    token = token_of(sale)
    sale.completes(claims.place)
    sale.sessions.calls.clear()
    assert (enters(sale, token), enters(sale, token)) == (None, None)
    assert sale.sessions.calls["rows"] == 2


def test_nobody_is_let_through_past_the_end_however_fresh_the_memory(sale: Sale) -> None:
    sale.admitted("ann")
    token = token_of(sale)
    (start,) = sale.starts()
    sale.clock.now_ms = start.ends_at_ms // 1000 * 1000 - 1
    assert enters(sale, token)
    sale.clock.now_ms = start.ends_at_ms
    assert enters(sale, token) is None


def test_an_extended_session_goes_through_with_its_new_token_only(sale: Sale) -> None:
    claims = sale.admitted("ann")
    old = token_of(sale)
    (start,) = sale.starts()
    sale.places.extend(claims)
    new = token_of(sale)
    sale.clock.now_ms = start.ends_at_ms + 1
    assert (enters(sale, old), enters(sale, new)) == (None, claims.place)


def test_a_ledger_that_does_not_answer_lets_nobody_through(sale: Sale) -> None:
    sale.admitted("ann")
    token = token_of(sale)
    sale.sessions.breaks("rows", error=Unavailable("away"))
    with pytest.raises(Unavailable):
        enters(sale, token)
    assert enters(sale, token)


def test_the_clock_that_began_a_session_may_be_a_little_ahead() -> None:
    tokens, keys = AccessTokens(ISSUER), [access_key()]
    token = tokens.mint(_session("demo"), keys)
    assert tokens.verify(token, "demo", keys, START_MS - CLOCK_SKEW_MS)[0].visitor == "ann"
    with pytest.raises(InvalidToken):
        tokens.verify(token, "demo", keys, START_MS - CLOCK_SKEW_MS - 1)


def test_the_gate_forgets_before_it_grows_without_end(sale: Sale, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairline.usecases.gate.MOST_REMEMBERED", 2)
    for visitor in ("ann", "bob", "cat", "dan", "eve"):
        sale.admitted(visitor)
        assert enters(sale, token_of(sale, visitor))
    assert len(sale.gate._live_until_ms) <= 2
