"""Tokens that nobody minted: every way known to us of talking a verifier into one."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from fairline.domain.keys import Key

Claims = dict[str, Any]

MEGABYTE = 2**20
KIDS: tuple[Any, ...] = (
    *("", "access-2", "ACCESS-1", "access-1 ", "access-1\x00", "visitor-1", "*"),
    *("../access-1", "/dev/null", "../../../../dev/null", "keys/../access-1", "C:\\nul", "file:///dev/null"),
    *("https://elsewhere.example/jwks.json", "access-1' OR '1'='1", "$(id)", "é€", "\u202eaccess-1", "k" * 2_000),
    *(None, 0, 1.5, True, [], ["access-1"], {}, {"kid": "access-1"}),
)
"""What a token may say of its key instead of `access-1`: unknown, like a path, a place to look, or no name at all."""


def encoded(raw: bytes) -> str:
    """Base64 as in JWTs."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def written(header: object, claims: object, signature: bytes = b"") -> str:
    """A token with any header, claims and signature."""
    return f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(claims).encode())}.{encoded(signature)}"


def claims_of(token: str) -> Claims:
    """What a token says, unverified."""
    read: Claims = jwt.decode(token, options={"verify_signature": False})
    return read


def header_of(token: str) -> Claims:
    """The header of a token."""
    return jwt.get_unverified_header(token)


def hmac_signed(header: Claims, claims: Claims, secret: bytes, digest: str = "sha256") -> str:
    """A token signed with a shared secret, whatever its header says."""
    signed = written(header, claims).rstrip(".")
    return f"{signed}.{encoded(hmac.digest(secret, signed.encode(), digest))}"


def rsa_signed(claims: Claims, pem: str, kid: str | None, algorithm: str = "RS256", **header: Any) -> str:
    """A token with a true signature of this private key."""
    return jwt.encode(claims, pem, algorithm=algorithm, headers={**({"kid": kid} if kid else {}), **header})


def stranger() -> str:
    """Somebody else's private key, in PEM."""
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat

    private = generate_private_key(public_exponent=65537, key_size=2048)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_forms(jwk: Claims) -> Iterator[bytes]:
    """A public key in every form in which it could be taken for a shared secret."""
    key: Any = RSAAlgorithm.from_jwk(jwk)
    for encoding, form in (
        (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        (Encoding.PEM, PublicFormat.PKCS1),
        (Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    ):
        raw: bytes = key.public_bytes(encoding, form)
        yield from (raw, raw.rstrip(b"\n"))
    yield from (json.dumps(jwk).encode(), json.dumps({"keys": [jwk]}).encode(), jwk["n"].encode(), b"")


def without_algorithm(good: str) -> Iterator[str]:
    """`alg: none` in every spelling, with the signature and without."""
    signature = good.rpartition(".")[2]
    for spelt in ("none", "None", "NONE", "nOnE", "", None, "null"):
        bare = written({**header_of(good), "alg": spelt}, claims_of(good)).rstrip(".")
        yield from (f"{bare}.", f"{bare}.{signature}")


def confused(good: str, jwk: Claims) -> Iterator[str]:
    """The public key as a shared secret."""
    for secret in public_forms(jwk):
        for algorithm, digest in (("HS256", "sha256"), ("HS384", "sha384"), ("HS512", "sha512")):
            yield hmac_signed({**header_of(good), "alg": algorithm}, claims_of(good), secret, digest)


def of_other_keys(good: str, pem: str) -> Iterator[str]:
    """Signed by a stranger under our key's name, under every other name, and with the key brought along."""
    claims, jwk = claims_of(good), RSAAlgorithm.to_jwk(RSAAlgorithm.from_jwk(public_of(pem)), as_dict=True)
    yield rsa_signed(claims, pem, header_of(good)["kid"])
    for brought in ({"jwk": jwk}, {"jku": "https://elsewhere.example/jwks.json"}, {"x5u": "https://elsewhere.example"}):
        yield from (rsa_signed(claims, pem, kid, **brought) for kid in (header_of(good)["kid"], "mine", None))


def public_of(pem: str) -> str:
    """The public key of a private one, as a JWK."""
    key: Any = RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(pem)
    return str(RSAAlgorithm.to_jwk(key.public_key()))


def renamed(good: str) -> Iterator[str]:
    """A good token that says another thing of its key."""
    _, body, signature = good.split(".")
    for kid in KIDS:
        yield f"{encoded(json.dumps({**header_of(good), 'kid': kid}).encode())}.{body}.{signature}"


def altered(good: str, **values: Any) -> Iterator[str]:
    """A good token with claims changed, one at a time, and its signature as it was."""
    head, _, signature = good.split(".")
    for name, value in values.items():
        yield f"{head}.{encoded(json.dumps({**claims_of(good), name: value}).encode())}.{signature}"


def misshapen(good: str) -> Iterator[str]:
    """Cut short, made long, put together wrongly."""
    head, body, signature = good.split(".")
    yield from (good[:length] for length in range(0, len(good) - 1, 5))
    yield from ("", ".", "..", "...", head, f"{head}.{body}", f"{head}.{body}.", f".{body}.{signature}")
    yield from (f"{body}.{head}.{signature}", f"{good}.{signature}", f"{good}.{good}", f"{good},{good}", f" {head}")
    yield from (good + "A" * MEGABYTE, "A" * MEGABYTE, "." * MEGABYTE, f"{head}.{'A' * MEGABYTE}.{signature}")
    for deep in (b"[" * 1_500, b'{"a":' * 500, b"9" * 2_000, b"\xff\xfe", b"[]", b"null", b'"text"'):
        yield from (f"{encoded(deep)}.{body}.{signature}", f"{head}.{encoded(deep)}.{signature}")


def visitor_signed(claims: object, key: Key, **header: Any) -> str:
    """As a visitor token is signed: the header is ours to the byte unless told otherwise."""
    head = json.dumps({"alg": "HS256", "kid": key.kid, "typ": "fairline-visitor+jwt", **header})
    signed = f"{encoded(head.encode())}.{encoded(json.dumps(claims, separators=(',', ':')).encode())}"
    return f"{signed}.{encoded(hmac.digest(key.secret.encode(), signed.encode(), hashlib.sha256))}"
