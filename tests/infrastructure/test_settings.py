"""What an operator sets when deploying, and what is said about it when it cannot be deployed."""

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from stacks.settings import LEAN, STANDARD, Settings, WrongSettings, read

LISTENER = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2"
COUNTED = {"guest_places_per_address": "2000"}


def settings(**context: Any) -> Settings:
    return read(context, None)


def refusal(**context: Any) -> str:
    with pytest.raises(WrongSettings) as refused:
        settings(**context)
    return str(refused.value)


def test_without_a_word_the_lean_profile_is_deployed() -> None:
    assert settings() == LEAN


def test_a_profile_is_chosen_by_its_name() -> None:
    assert settings(profile="standard") == STANDARD


def test_the_standard_profile_survives_the_loss_of_a_cache_node_and_of_a_zone() -> None:
    assert (STANDARD.cache_nodes, STANDARD.zones) == (2, 3)


def test_an_unknown_profile_is_told_which_there_are() -> None:
    assert "profile is one of lean, standard, not 'huge'" in refusal(profile="huge")


def test_a_misspelt_setting_is_not_passed_over() -> None:
    assert "alarm_mail is no setting; there are profile, name" in refusal(alarm_mail="night@example.com")
    assert "alarm-email is no setting" in refusal(**{"alarm-email": "night@example.com"})


def test_what_the_cdk_tells_itself_is_no_setting() -> None:
    assert settings(**{"aws:cdk:enable-path-metadata": True, "@aws-cdk/core:target-partitions": ["aws"]}) == LEAN
    assert settings(**{"cli-telemetry": False, "acknowledged-issue-numbers": [34892]}) == LEAN


def test_settings_are_read_from_what_a_command_line_can_say() -> None:
    made = settings(zones="3", retain="false", poll_seconds="2, 30", oidc_origins="", alarm_email=" night@example.com ")
    assert (made.zones, made.retain, made.poll_seconds) == (3, False, (2, 30))
    assert (made.oidc_origins, made.alarm_email) == ((), "night@example.com")


def test_settings_are_read_from_what_cdk_json_can_say() -> None:
    assert settings(cache_nodes=2, retain=False).cache_nodes == 2
    assert settings(poll_seconds=[2, 30], registration_throttle=["5", "10"]) == settings(
        poll_seconds="2,30", registration_throttle="5,10"
    )


def test_the_region_is_the_callers_unless_it_is_named() -> None:
    assert read({}, "eu-central-1").region == "eu-central-1"
    assert read({"region": "eu-west-1"}, "eu-central-1").region == "eu-west-1"


def test_settings_cannot_be_changed_on_the_way() -> None:
    with pytest.raises(FrozenInstanceError):
        settings().zones = 3  # type: ignore[misc]


def test_every_fault_is_listed_in_one_message() -> None:
    message = refusal(identity="oidc", zones="many", cache_nodes="9", booking_backend="ftp://shop", poll_seconds="5")
    assert [line.split()[1] for line in message.splitlines()[1:]] == [
        "zones", "identity=oidc", "cache_nodes", "poll_seconds", "booking_backend",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("context", "complaint"),
    [
        ({"name": "fair line"}, "name begins with a letter"),
        ({"name": "x" * 24}, "name begins with a letter"),
        ({"region": "Frankfurt"}, "region looks like eu-central-1"),
        ({"domain_name": "tickets.example.com"}, "domain_name and certificate_arn go together"),
        ({"domain_name": "https://a.example", "certificate_arn": "x"}, "domain_name is a host name"),
        (
            {"domain_name": "a.example", "certificate_arn": "arn:aws:acm:eu-west-1:111122223333:certificate/a"},
            "certificate_arn is an ACM certificate in us-east-1",
        ),
        ({"identity": "passport"}, "identity is guest or oidc"),
        ({"oidc_issuer": "https://id.example"}, "mean nothing with identity=guest"),
        ({"guest_places_per_address": "-1"}, "guest_places_per_address is between 0 and 1000000"),
        (
            {"identity": "oidc", "oidc_issuer": "https://id.example", "oidc_client_id": "a", **COUNTED},
            "guest_places_per_address means nothing with identity=oidc",
        ),
        ({"identity": "oidc", "oidc_issuer": "http://id.example", "oidc_client_id": "a"}, "oidc_issuer is an https"),
        ({"operators_issuer": "https://id.example"}, "operators_issuer and operators_client_id go together"),
        ({"operators_issuer": "id.example", "operators_client_id": "a"}, "operators_issuer is an https address"),
        ({"cache_engine": "memcached"}, "cache_engine is redis or valkey"),
        ({"cache_node_type": "r7g.large"}, "cache_node_type looks like"),
        ({"zones": "1"}, "zones is between 2 and 3"),
        ({"session_seconds": "5"}, "session_seconds is between 30 and 7200"),
        ({"session_seconds": "3 minutes"}, "session_seconds cannot be read from '3 minutes'"),
        ({"poll_seconds": "60,5"}, "poll_seconds are two numbers"),
        ({"poll_seconds": "5,60,600"}, "poll_seconds are two numbers"),
        ({"api_throttle": "0,10"}, "api_throttle is two numbers"),
        ({"registration_throttle": "100"}, "registration_throttle is two numbers"),
        ({"booking_backend": "http://shop.example"}, "booking_backend is sample, an https address"),
        ({"booking_backend": "https://shop.example/?a=b"}, "booking_backend is sample, an https address"),
        ({"booking_backend": LISTENER}, "needs booking_subnets"),
        ({"booking_backend": LISTENER, "region": "eu-west-1"}, "booking_backend is a listener in eu-west-1"),
        ({"booking_subnets": "subnet-1"}, "are for a listener as booking_backend"),
        ({"log_retention_days": "31"}, "log_retention_days is one of 1, 3, 5"),
        ({"alarm_email": "me"}, "alarm_email is an e-mail address"),
        ({"retain": "maybe"}, "retain cannot be read from 'maybe': it is true or false"),
    ],
)
def test_a_wrong_setting_is_refused_in_the_words_of_who_typed_it(context: dict[str, str], complaint: str) -> None:
    assert complaint in refusal(**context)


@pytest.mark.parametrize(
    "context",
    [
        {"domain_name": "a.example", "certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/a-b"},
        {"identity": "oidc", "oidc_issuer": "https://id.example/pool", "oidc_client_id": "page"},
        {"booking_backend": "https://shop.example:8443/api"},
        {
            "region": "eu-central-1",
            "booking_backend": LISTENER,
            "booking_subnets": "subnet-1,subnet-2",
            "booking_security_groups": "sg-1",
        },
        {"cache_engine": "valkey", "cache_nodes": "2", "zones": "3"},
        {"name": "x" * 23},
        {**COUNTED, "guest_one_per_browser": "false"},
        {"log_retention_days": "3653"},
    ],
)
def test_settings_that_fit_together_are_taken(context: dict[str, str]) -> None:
    assert settings(**context)
