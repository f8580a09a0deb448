"""One address takes so many places and no more, whoever asks from there and however; nobody's address is kept."""

import ipaddress
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from redis import Redis

from fairline.domain.errors import TooManyPlaces, Unavailable
from fairline.domain.guests import Caller, mark, network
from tests.handlers.cloud import Cloud
from tests.promises.limits.conftest import Browser
from tests.support.keeper import Keeper
from tests.support.stores import Store

ADDRESS, OTHER = "203.0.113.7", "198.51.100.9"
HERE, THERE = Caller("here", 3), Caller("there", 3)


def key(number: int) -> str:
    return f"browser-number-{number:020}"


class TestLine:
    """What the store promises, in each of its kinds."""

    @pytest.fixture
    def keeper(self, store: Store) -> Keeper:
        return Keeper(store)

    def joins(self, keeper: Keeper, visitor: str, caller: Caller | None = HERE) -> int:
        return keeper.line.register(keeper.name, visitor, caller).place.position

    def fills(self, keeper: Keeper) -> None:
        assert [self.joins(keeper, visitor) for visitor in ("ann", "bob", "cat")] == [1, 2, 3]

    def test_a_newcomer_is_refused_once_the_address_has_its_places(self, keeper: Keeper) -> None:
        self.fills(keeper)
        for _ in range(2):
            with pytest.raises(TooManyPlaces) as refused:
                self.joins(keeper, "dan")
            assert refused.value.retry_after_seconds
        assert self.joins(keeper, "dan", THERE) == 4

    def test_a_refusal_uses_up_no_position(self, keeper: Keeper) -> None:
        self.fills(keeper)
        with pytest.raises(TooManyPlaces):
            self.joins(keeper, "dan")
        assert self.joins(keeper, "eve", None) == 4

    def test_whoever_has_a_place_is_never_refused_and_never_counted(self, keeper: Keeper) -> None:
        for _ in range(5):
            assert self.joins(keeper, "ann") == 1
        self.joins(keeper, "bob"), self.joins(keeper, "cat")
        with pytest.raises(TooManyPlaces):
            self.joins(keeper, "dan")
        assert [self.joins(keeper, visitor) for visitor in ("cat", "bob", "ann")] == [3, 2, 1]

    def test_a_place_that_is_known_may_be_asked_for_from_a_full_address(self, keeper: Keeper) -> None:
        self.fills(keeper)
        self.joins(keeper, "eve", THERE)
        assert self.joins(keeper, "eve") == 4

    def test_whoever_left_or_ran_out_of_time_joins_again_without_being_counted(self, keeper: Keeper) -> None:
        self.fills(keeper)
        (start,) = keeper.ticks(1)
        keeper.store.time.runs_out(start.place)
        keeper.line.end(keeper.joined("bob").place, "left")
        assert [self.joins(keeper, visitor) for visitor in ("ann", "bob")] == [4, 5]
        with pytest.raises(TooManyPlaces):
            self.joins(keeper, "dan")

    def test_what_is_refused_for_another_reason_is_not_counted(self, keeper: Keeper) -> None:
        keeper.store.time.lapses(keeper.name)
        for number in range(5):
            with pytest.raises(Unavailable):
                self.joins(keeper, f"fan-{number}")
        keeper.ticks()
        for number in range(3):
            self.joins(keeper, f"fan-{number}")

    def test_each_onsale_counts_for_itself(self, store: Store, keeper: Keeper) -> None:
        self.fills(keeper)
        assert self.joins(Keeper(store), "dan") == 1

    def test_a_line_that_was_lost_and_begun_anew_counts_anew(self, keeper: Keeper) -> None:
        """It knows nobody of those who were counted, so that each of them may have to be let in as new."""
        self.fills(keeper)
        keeper.begins()
        keeper.ticks()
        assert self.joins(keeper, "dan") > 3


def test_many_at_once_from_one_address_take_exactly_their_places(valkey: Redis) -> None:
    from tests.support.stores import redis_store

    keeper = Keeper(redis_store(valkey))

    def joins(number: int) -> bool:
        try:
            return keeper.line.register(keeper.name, f"fan-{number}", Caller("here", 20)).is_new
        except TooManyPlaces:
            return False

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(joins, range(400))) == 20


def test_what_is_counted_goes_with_the_onsale(valkey: Redis) -> None:
    from tests.support.stores import redis_store

    keeper = Keeper(redis_store(valkey))
    keeper.line.register(keeper.name, "ann", HERE)
    names = [f"{{{keeper.name}}}:{name}" for name in ("state", "addresses")]
    forgotten, expires = (valkey.pexpiretime(name) for name in names)
    assert forgotten == expires > 0


def test_a_limit_that_is_off_leaves_nothing_in_the_store(cloud: Cloud) -> None:
    cloud.open(sale=60)
    assert Browser(cloud).joins(key(0)).status == 201
    with Redis.from_url(cloud.environment["REDIS_URL"]) as client:
        assert client.exists("{demo}:addresses") == 0


def test_a_newcomer_too_many_is_told_what_to_do(counted: Cloud) -> None:
    browser = Browser(counted)
    assert [browser.joins(key(number)).status for number in range(3)] == [201] * 3
    refused = browser.joins(key(3))
    assert (refused.status, refused.slug) == (429, "too-many-places")
    assert "mobile data" in refused.body["detail"]
    # Longer than a page goes on asking by itself (frontend/js/page.js): it shows the text, with a button.
    assert int(refused.headers["retry-after"]) > 60
    assert browser.joins(key(2)).status == 200
    assert Browser(counted, OTHER).joins(key(3)).status == 201


def test_the_client_cannot_choose_where_it_comes_from(counted: Cloud) -> None:
    """Every header in which clients like to claim an address is theirs to write; the CDN's own is not."""
    claims = ("x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip", "cloudfront-viewer-address")
    statuses = [
        counted.http(
            "POST",
            "/v1/onsales/demo/registrations",
            headers={"x-fairline-address": ADDRESS, **dict.fromkeys(claims, f"192.0.2.{number}")},
        ).status
        for number in range(5)
    ]
    assert statuses == [201] * 3 + [429] * 2


def test_nobody_joins_from_nowhere_while_addresses_count(counted: Cloud) -> None:
    for address in (None, "", "unknown", "203.0.113.7, 192.0.2.1", "203.0.113.7:46532"):
        refused = Browser(counted, address).joins(key(0))
        assert (refused.status, refused.slug) == (503, "unavailable"), address
        assert refused.headers["retry-after"] == "30"


def test_one_connection_of_ipv6_is_one_address_whichever_it_uses(counted: Cloud) -> None:
    addresses = [f"2001:db8:1:2:{number:x}::{number:x}" for number in range(5)]
    statuses = [Browser(counted, address).joins(key(number)).status for number, address in enumerate(addresses)]
    assert statuses == [201] * 3 + [429] * 2
    assert Browser(counted, "2001:db8:1:3::1").joins(key(9)).status == 201


def test_networks_are_told_apart_and_ways_to_write_one_are_not() -> None:
    assert network("2001:db8:1:2::1") == network("2001:0DB8:1:2:ffff:ffff:ffff:ffff")
    assert network("2001:db8:1:2::1") != network("2001:db8:1:3::1")
    assert network("::ffff:203.0.113.7") == network("203.0.113.7") != network("203.0.113.8")


def test_a_token_handed_over_needs_no_place_of_its_own(counted: Cloud) -> None:
    token = Browser(counted, OTHER).joins(key(0)).body["visitor_token"]
    browser = Browser(counted)
    for number in range(1, 4):
        browser.joins(key(number))
    assert browser.joins(token=token).status == 200


def test_registering_is_still_one_call_when_addresses_count(counted: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    from redis.connection import AbstractConnection

    browser = Browser(counted)
    browser.joins(key(0))
    sent: list[str] = []
    send = AbstractConnection.send_command

    def noted(self: AbstractConnection, *args: object, **options: object) -> None:
        sent.append(str(args[0]))
        send(self, *args, **options)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(AbstractConnection, "send_command", noted)
    counted.aws_calls.clear()
    assert browser.joins(key(1)).status == 201
    assert (sent, counted.aws_calls) == (["EVALSHA"], [])


def test_whoever_is_refused_for_an_address_is_counted_and_nobody_else(counted: Cloud) -> None:
    """The rest of what a function gathers within five seconds is written later: the first of them at once."""
    browser = Browser(counted)
    for number in range(3):
        browser.joins(key(number))
    browser.joins(key(0))
    assert "AddressRefusals" not in counted.printed()
    assert [browser.joins(key(number)).status for number in (3, 4)] == [429, 429]
    lines = [json.loads(line) for line in counted.printed().splitlines() if "AddressRefusals" in line]
    assert [(line["AddressRefusals"], line["service"]) for line in lines] == [([1.0], "register")]
    assert [metric["Dimensions"] for line in lines for metric in line["_aws"]["CloudWatchMetrics"]] == [[["service"]]]


def test_no_address_is_found_in_the_store_or_in_the_logs(counted: Cloud, tmp_path: Path) -> None:
    for number, address in enumerate((ADDRESS, ADDRESS, ADDRESS, ADDRESS, "2001:db8:1:2::1")):
        Browser(counted, address).joins(key(number))
    with Redis.from_url(counted.environment["REDIS_URL"]) as client:
        stored = b" ".join(part for name in client.scan_iter() for part in (name, client.dump(name) or b""))
        fields = [str(each) for each in client.hkeys("{demo}:addresses")]
    assert len(fields) == 2
    written = stored.decode("latin-1") + counted.printed()
    for address in (ADDRESS, "2001:db8:1:2"):
        packed = ipaddress.ip_address(ADDRESS).packed.decode("latin-1")
        assert address not in written
        assert address.replace(":", "") not in written
        assert packed not in stored.decode("latin-1")


def test_a_mark_leads_nowhere_without_the_secret_and_to_another_onsale_never() -> None:
    marks = {mark(secret, onsale, ADDRESS) for secret in ("one", "two") for onsale in ("demo", "other")}
    assert len(marks) == 4
    assert all(len(each) == 8 for each in marks)
    many = {mark("one", "demo", f"10.{i}.{j}.1") for i in range(50) for j in range(50)}
    assert len(many) == 2500
