"""Visitor tokens: ours alone, unforgeable, and never an error but InvalidToken."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.errors import InvalidToken
from fairline.domain.keys import Key
from fairline.domain.place import Place
from fairline.domain.visitor_token import VisitorClaims, mint, read
from tests.support.clock import START_MS

KEY = Key("visitor", "visitor-1", "a secret that is long enough for HS256", 0)
OTHER = Key("visitor", "visitor-2", "another secret, as long as the other one", 0)
CLAIMS = VisitorClaims(Place("demo", 17, "q3hPs0m3xXxXxXxXxXxXxX"), 2, START_MS // 1000 + 60)
TOKEN = mint(CLAIMS, KEY)


def reads(token: str, *, onsale: str = "demo", now_ms: int = START_MS) -> VisitorClaims:
    return read(token, onsale, [KEY, OTHER], now_ms)


def signed(header: dict[str, Any], body: object, key: Key = KEY) -> str:
    """A token with any header and body and a true signature."""
    text = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(body).encode())}"
    return f"{text}.{encoded(hmac.digest(key.secret.encode(), text.encode(), hashlib.sha256))}"


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def body_of(token: str) -> dict[str, Any]:
    text = token.split(".")[1]
    body: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return body


def test_what_was_minted_is_read() -> None:
    assert reads(TOKEN) == CLAIMS
    assert reads(mint(CLAIMS, OTHER)) == CLAIMS


def test_the_same_place_has_the_same_token() -> None:
    assert mint(CLAIMS, KEY) == TOKEN


def test_it_is_a_plain_jwt_that_pyjwt_reads() -> None:
    claims = jwt.decode(TOKEN, KEY.secret, algorithms=["HS256"], audience="demo", options={"verify_exp": False})
    assert claims == {"aud": "demo", "sub": CLAIMS.place.visitor, "pos": 17, "epoch": 2, "exp": CLAIMS.expires_at}
    assert jwt.get_unverified_header(TOKEN) == {"alg": "HS256", "kid": "visitor-1", "typ": "fairline-visitor+jwt"}


def test_it_is_good_until_the_second_it_expires() -> None:
    assert reads(TOKEN, now_ms=CLAIMS.expires_at * 1000 - 1) == CLAIMS
    with pytest.raises(InvalidToken):
        reads(TOKEN, now_ms=CLAIMS.expires_at * 1000)


HEADER = {"alg": "HS256", "kid": "visitor-1", "typ": "fairline-visitor+jwt"}
HEAD, BODY, SIGNATURE = TOKEN.split(".")
BAD = {
    "nothing": "",
    "dots": "..",
    "garbage": "garbage",
    "one part": HEAD,
    "no signature": f"{HEAD}.{BODY}.",
    "signature cut": TOKEN[:-1],
    "signature lengthened": TOKEN + "A",
    "a part too many": f"{TOKEN}.{SIGNATURE}",
    "a part too many, signed": f"{HEAD}.{BODY}.{BODY}.{SIGNATURE}",
    "padded": TOKEN + "=",
    "spaces around": f" {TOKEN} ",
    "a line end": TOKEN + "\n",
    "not ascii": TOKEN[:-1] + "é",
    "digits of another script": TOKEN[:-1] + "\u0661",
    "half a character": TOKEN[:-1] + "\ud800",
    "too long": TOKEN + "A" * 2_000,
    "another's position": f"{HEAD}.{encoded(json.dumps(body_of(TOKEN) | {'pos': 1}).encode())}.{SIGNATURE}",
    "another's signature": f"{HEAD}.{BODY}.{mint(CLAIMS._replace(epoch=3), KEY).split('.')[2]}",
    "the other key's id": f"{mint(CLAIMS, OTHER).split('.')[0]}.{BODY}.{SIGNATURE}",
    "an unknown key's id": mint(CLAIMS, replace(KEY, kid="visitor-3")),
    "the wrong secret": mint(CLAIMS, replace(KEY, secret="not the secret of this key at all")),
    "unsigned": jwt.encode(body_of(TOKEN), "", algorithm="none", headers={"kid": "visitor-1"}),
    "none, as we would write it": f"{encoded(json.dumps(HEADER | {'alg': 'none'}).encode())}.{BODY}.",
    "another algorithm": signed(HEADER | {"alg": "HS512"}, body_of(TOKEN)),
    "another type": signed(HEADER | {"typ": "at+jwt"}, body_of(TOKEN)),
    "more in the header": signed(HEADER | {"crit": ["exp"]}, body_of(TOKEN)),
}


@pytest.mark.parametrize("how", BAD)
def test_whatever_is_not_ours_is_refused(how: str) -> None:
    with pytest.raises(InvalidToken):
        reads(BAD[how])


def test_a_token_of_one_onsale_is_no_token_of_another() -> None:
    for onsale in ("demo2", "dem", "", "DEMO"):
        with pytest.raises(InvalidToken):
            reads(TOKEN, onsale=onsale)


def test_without_keys_nothing_is_read() -> None:
    with pytest.raises(InvalidToken):
        read(TOKEN, "demo", [], START_MS)


def test_a_refusal_says_nothing_of_the_reason() -> None:
    details = set()
    for token in (*BAD.values(), mint(CLAIMS._replace(expires_at=1), KEY)):
        with pytest.raises(InvalidToken) as refused:
            reads(token)
        details.add(refused.value.detail)
    assert len(details) == 1


def never_raises_anything_else(token: str) -> None:
    try:
        assert reads(token) == CLAIMS
    except InvalidToken:
        return


@given(st.text())
def test_no_text_at_all_raises_anything_else(text: str) -> None:
    never_raises_anything_else(text)


@given(st.text(), st.text(), st.sampled_from([0, 1, 2]))
def test_no_text_in_place_of_a_part_does(before: str, after: str, part: int) -> None:
    parts = TOKEN.split(".")
    parts[part] = before + parts[part] + after
    never_raises_anything_else(".".join(parts))
    parts[part] = before
    never_raises_anything_else(".".join(parts))


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_no_altered_character_does_and_none_goes_through(index: int, character: str) -> None:
    altered = TOKEN[:index] + character + TOKEN[index + 1 :]
    if altered != TOKEN:
        with pytest.raises(InvalidToken):
            reads(altered)


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=40))
def test_no_encoded_bytes_do(header: bytes, body: bytes, signature: bytes) -> None:
    never_raises_anything_else(".".join(map(encoded, (header, body, signature))))


@given(
    st.builds(
        VisitorClaims,
        st.builds(
            Place,
            st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True),
            st.integers(1, 10**15),
            st.from_regex(r"[A-Za-z0-9_-]{22}", fullmatch=True),
        ),
        st.integers(1, 10**6),
        st.integers(START_MS // 1000 + 1, 4 * 10**9),
    )
)
def test_every_place_that_can_be_has_a_token_that_is_read(claims: VisitorClaims) -> None:
    token = mint(claims, KEY)
    assert reads(token, onsale=claims.place.onsale) == claims
    assert len(token) <= 1_024
