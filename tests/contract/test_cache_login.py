"""Signing in at the cache: the token, and that nobody but the cache is told it."""

import hashlib
import hmac
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, quote

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError
from redis.exceptions import ConnectionError as NoConnection

from fairline import clients
from fairline.adapters.redis_line import RedisLine
from fairline.cache_login import GOOD_FOR_SECONDS, REUSED_SECONDS, CacheLogin
from fairline.domain.errors import Unavailable
from tests.support.tls import Front, make_certificate, tls_in_front_of

KEY_ID, SECRET, SESSION = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a/session+token=="
REGION = "eu-central-1"


@pytest.fixture(autouse=True)
def role(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function's own role, as Lambda tells it."""
    told = {
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": SESSION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)


def signature(host: str, query: list[tuple[str, str]]) -> str:
    """Signature Version 4 of a presigned GET of `/`, worked out from its definition."""
    canonical = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in sorted(query))
    request = "\n".join(["GET", "/", canonical, f"host:{host}", "", "host", hashlib.sha256(b"").hexdigest()])
    at = dict(query)["X-Amz-Date"]
    scope = f"{at[:8]}/{REGION}/elasticache/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", at, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, to_sign.encode(), "sha256").hexdigest()


def test_a_token_is_a_signed_request_to_connect_to_the_cache_without_its_scheme() -> None:
    user, token = CacheLogin("fairline", "Fairline-Cache").get_credentials()
    host, _, text = token.partition("/?")
    query = parse_qsl(text, strict_parsing=True)
    signed = dict(query)
    claimed = signed.pop("X-Amz-Signature")
    date = signed.pop("X-Amz-Date")
    assert (user, host) == ("fairline", "fairline-cache")
    assert re.fullmatch(r"\d{8}T\d{6}Z", date)
    assert signed == {
        "Action": "connect",
        "User": "fairline",
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{KEY_ID}/{date[:8]}/{REGION}/elasticache/aws4_request",
        "X-Amz-Expires": "900",
        "X-Amz-SignedHeaders": "host",
        "X-Amz-Security-Token": SESSION,
    }
    assert claimed == signature(host, [pair for pair in query if pair[0] != "X-Amz-Signature"])


def test_a_token_is_used_again_while_it_is_good_and_then_signed_with_the_credentials_of_that_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    login = CacheLogin("fairline", "cache", clock=lambda: now[0])
    first = login.get_credentials()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDRENEWED")
    now[0] = REUSED_SECONDS - 0.1
    assert login.get_credentials() == first
    now[0] = float(REUSED_SECONDS)
    assert "AKIDRENEWED" in login.get_credentials()[1]
    assert REUSED_SECONDS < GOOD_FOR_SECONDS


def test_a_tokens_age_is_counted_from_the_date_that_the_server_reads_in_it() -> None:
    login = CacheLogin("fairline", "cache")
    _, token = login.get_credentials()
    (date,) = (value for name, value in parse_qsl(token.partition("/?")[2]) if name == "X-Amz-Date")
    assert login._held
    signed_at = datetime.strptime(date, "%Y%m%dT%H%M%S%z").timestamp()
    assert login._held[1] == pytest.approx(signed_at, abs=GOOD_FOR_SECONDS - REUSED_SECONDS)


def test_without_credentials_nobody_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(AuthenticationError):
        CacheLogin("fairline", "cache").get_credentials()


@pytest.fixture
def front(tmp_path: Path, valkey_port: int, valkey: Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    """A cache that speaks TLS as `localhost` and takes any password of the user `fairline`."""
    valkey.acl_setuser("fairline", enabled=True, nopass=True, keys=["*"], categories=["+@all"])
    certificate = make_certificate(tmp_path / "cache.pem", "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with tls_in_front_of(valkey_port, certificate) as front:
        yield front
    valkey.acl_deluser("fairline")


@pytest.fixture
def cache(front: Front, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """The client that functions have."""
    monkeypatch.setenv("REDIS_URL", f"rediss://fairline@localhost:{front.port}")
    monkeypatch.setenv("REDIS_CACHE", "Fairline-Cache")
    clients.redis.cache_clear()
    with clients.redis() as client:
        yield client
    clients.redis.cache_clear()


def test_over_tls_the_client_signs_in_with_a_token(cache: Redis, front: Front) -> None:
    assert cache.acl_whoami() == "fairline"
    assert b"fairline-cache/?Action=connect&User=fairline&" in front.heard


def test_a_new_connection_asks_for_nothing_that_its_user_is_not_allowed(cache: Redis, front: Front) -> None:
    cache.ping()
    assert b"PING" in front.heard
    assert b"CLIENT" not in front.heard


def test_a_cache_that_nobody_vouches_for_is_told_nothing(
    cache: Redis, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NoConnection, match="certificate verify failed"):
        cache.ping()
    with pytest.raises(Unavailable):
        RedisLine(cache).visitor_at("demo", 1)
    assert front.heard == b""


def test_a_cache_by_another_name_is_told_nothing(
    valkey_port: int, tmp_path: Path, cache: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_certificate(tmp_path / "other.pem", "cache.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    with tls_in_front_of(valkey_port, other) as front:
        monkeypatch.setitem(cache.connection_pool.connection_kwargs, "port", front.port)
        with pytest.raises(NoConnection, match="certificate is not valid for 'localhost'"):
            cache.ping()
        assert front.heard == b""


def test_a_function_that_cannot_sign_says_that_the_line_does_not_answer(
    cache: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(Unavailable):
        RedisLine(cache).visitor_at("demo", 1)


def test_without_tls_no_name_of_a_cache_is_asked_for(valkey_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{valkey_port}/0")
    monkeypatch.delenv("REDIS_CACHE", raising=False)
    clients.redis.cache_clear()
    with clients.redis() as client:
        assert client.acl_whoami() == "default"
    clients.redis.cache_clear()
