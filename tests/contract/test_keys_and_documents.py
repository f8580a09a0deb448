"""Signing keys, origin secrets and public documents: the same in memory and in DynamoDB and S3."""

from fairline.domain.keys import Key
from fairline.domain.origin import OriginSecret, digest
from tests.contract.conftest import Ledger


def test_keys_come_back_as_they_were_added_each_under_its_purpose(ledger: Ledger) -> None:
    visitor = Key("visitor", "visitor-1", "secret", 17)
    access = Key("access", "access-1", "-----BEGIN", 18, {"kty": "RSA", "n": "abc", "e": "AQAB"})
    assert ledger.keys.add(visitor) is True
    assert ledger.keys.add(access) is True
    assert visitor in ledger.keys.all("visitor")
    assert access in ledger.keys.all("access")
    assert {key.purpose for key in ledger.keys.all("access")} == {"access"}


def test_whoever_only_verifies_is_given_nothing_secret(ledger: Ledger) -> None:
    access = Key("access", "access-2", "-----BEGIN", 18, {"kty": "RSA", "n": "abc", "e": "AQAB"})
    visitor = Key("visitor", "visitor-2", "secret", 17)
    assert (ledger.keys.add(access), ledger.keys.add(visitor)) == (True, True)
    assert access.public in ledger.keys.public("access")
    assert visitor.public in ledger.keys.public("visitor")
    assert "BEGIN" not in repr(ledger.keys.public("access"))


def test_a_key_is_added_once(ledger: Ledger) -> None:
    first, second = Key("visitor", "k", "one", 17), Key("visitor", "k", "two", 17)
    assert [ledger.keys.add(first), ledger.keys.add(second), ledger.keys.add(first)] == [True, False, False]
    assert [key for key in ledger.keys.all("visitor") if key.kid == "k"] == [first]
    assert ledger.keys.add(Key("access", "k", "one", 17)) is True


def test_an_origin_secret_is_kept_once_and_as_it_was_last_kept(ledger: Ledger) -> None:
    one, two = digest("one"), digest("two")
    for sha256, at_ms in ((one, 1), (two, 2), (one, 3)):
        ledger.origins.keep(OriginSecret(sha256, at_ms), delete_after=4_000_000_000)
    assert sorted(ledger.origins.all(), key=lambda secret: secret.accepted_from_ms) == [
        OriginSecret(two, 2),
        OriginSecret(one, 3),
    ]
    assert not {"one", "two"} & {key.kid for key in ledger.keys.all("access")}


def test_a_document_is_read_as_it_was_last_written(ledger: Ledger) -> None:
    assert ledger.documents.read("status/demo.json") is None
    for serving in (1, 2):
        ledger.documents.write("status/demo.json", {"serving": serving, "skipped": [[1, 2]]}, max_age_seconds=1)
    assert ledger.documents.read("status/demo.json") == {"serving": 2, "skipped": [[1, 2]]}
    assert ledger.documents.read("status/other.json") is None


def test_what_is_done_to_a_document_afterwards_does_not_change_it(ledger: Ledger) -> None:
    document: dict[str, object] = {"keys": [1]}
    ledger.documents.write("k", document, max_age_seconds=1)
    document["keys"] = []
    read = ledger.documents.read("k")
    assert read == {"keys": [1]}
    read.clear()
    assert ledger.documents.read("k") == {"keys": [1]}
