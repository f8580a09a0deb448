import hashlib
import json
from typing import Any

import pytest

from tests.operator.conftest import Json, Typed


def key_of(aws: Any, onsale: str) -> str:
    item = aws.get_item(TableName="onsales", Key={"onsale": {"S": onsale}, "item": {"S": "version#00000001"}})["Item"]
    return str(item["completion_key_sha256"]["S"])


def test_a_new_onsale_prints_its_completion_key_and_what_to_do_with_it(create: Typed, aws: Any) -> None:
    result = create()
    assert result.exit_code == 0
    (key,) = (line.split()[-1] for line in result.stdout.splitlines() if line.startswith("Completion key: "))
    assert hashlib.sha256(key.encode()).hexdigest() == key_of(aws, "demo")
    assert "shown this once" in result.stdout
    assert "Hand it to the booking backend" in result.stdout


def test_a_new_onsale_for_a_program_is_its_policy_and_the_key(create: Typed, aws: Any) -> None:
    body = json.loads(create("demo", "--json", "--no-rejoin", session="300").stdout)
    assert hashlib.sha256(body["completion_key"].encode()).hexdigest() == key_of(aws, "demo")
    assert (body["version"], body["phase"], body["session_seconds"], body["rejoin"]) == (1, "lobby", 300, False)


def test_the_sample_backend_is_handed_a_new_onsales_key_where_it_is_deployed(demo: str, aws: Any) -> None:
    assert {item["onsale"]["S"] for item in aws.scan(TableName="seats")["Items"]} == {demo}


def test_relative_times_count_from_one_moment(create: Typed, answered: Json) -> None:
    assert create("demo", lobby="now", start="now", close="+1h30m").exit_code == 0
    shown = answered("onsale", "show", "demo")
    assert shown["lobby_opens_at"] == shown["sale_starts_at"]


def test_times_with_a_zone_are_kept_to_the_millisecond(create: Typed, answered: Json) -> None:
    times = {"lobby": "2040-11-22T17:00:00+01:00", "start": "2040-11-22T16:10:00.250Z", "close": "2040-11-22T20:00:00Z"}
    assert create("demo", **times).exit_code == 0
    shown = answered("onsale", "show", "demo")
    assert shown["lobby_opens_at"] == "2040-11-22T16:00:00.000Z"
    assert shown["sale_starts_at"] == "2040-11-22T16:10:00.250Z"


@pytest.mark.parametrize("time", ["tomorrow", "2040-11-22T16:00:00", "+10", "+", "10m", "+10m or so", ""])
def test_a_time_that_is_none_is_wrong_usage_and_names_its_option(create: Typed, time: str) -> None:
    result = create("demo", start=time)
    assert result.exit_code == 2
    assert "--start" in result.stderr


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"rate": "-5"}, "rate_per_minute: a whole number from 1 to 1000000"),
        ({"cap": "0"}, "max_active: a whole number from 1 to 1000000"),
        ({"session": "2"}, "session_seconds: a whole number from 30 to 7200"),
        ({"lobby": "+20m"}, "sale_starts_at: must not come before lobby_opens_at"),
        ({"close": "+5m"}, "closes_at: must come after sale_starts_at"),
        ({"title": ""}, "name: 1 to 120 characters"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_the_reason(
    create: Typed, answered: Json, other: dict[str, str], reason: str
) -> None:
    result = create("demo", **other)
    assert result.exit_code == 3
    assert reason in result.stderr
    assert result.stdout == ""
    assert answered("onsale", "list") == {"onsales": []}


def test_every_reason_is_given_at_once_and_as_a_problem_document_to_programs(create: Typed) -> None:
    result = create("Demo", "--json", rate="-5", cap="0")
    problem = json.loads(result.stderr)
    assert (result.exit_code, problem["type"]) == (3, "urn:fairline:problem:invalid-request")
    assert [fault["field"] for fault in problem["errors"]] == ["onsale", "rate_per_minute", "max_active"]


def test_a_name_that_is_taken_is_refused(create: Typed, demo: str) -> None:
    result = create(demo)
    assert result.exit_code == 3
    assert result.stderr == "fairline: 'demo' exists. If its completion key was lost, issue a new one.\n"


def test_the_list_names_every_onsale_the_next_sale_first(create: Typed, typed: Typed, answered: Json) -> None:
    create("later", start="+1h")
    create("sooner", start="+5m")
    text = typed("onsale", "list").stdout
    assert text.index("sooner") < text.index("later")
    assert {onsale["onsale"] for onsale in answered("onsale", "list")["onsales"]} == {"sooner", "later"}


def test_an_empty_list_says_how_to_make_an_onsale(aws: Any, typed: Typed) -> None:
    assert aws
    assert "fairline onsale create" in typed("onsale", "list").stdout


def test_an_onsale_is_shown_with_its_policy(typed: Typed, demo: str) -> None:
    text = typed("onsale", "show", demo).stdout
    for part in ("demo: The Lanterns", "120 a minute", "60 sessions at once, 180 s each", "(in 9 min)"):
        assert part in text


def test_names_and_notices_are_shown_as_they_are(create: Typed, typed: Typed) -> None:
    create("demo", title="[bold]Loud[/bold] :fire:")
    assert "[bold]Loud[/bold] :fire:" in typed("onsale", "show", "demo").stdout
    assert "[bold]Loud[/bold] :fire:" in typed("onsale", "list").stdout


def test_the_audit_trail_says_who_did_what_from_what_to_what(typed: Typed, demo: str, answered: Json) -> None:
    typed("rate", demo, "600")
    typed("pause", demo)
    text = typed("onsale", "show", demo, "--audit").stdout
    assert "rate_per_minute 120 -> 600" in text
    assert "pause (paused no -> yes)" in text
    latest, *_, first = answered("onsale", "show", demo, "--audit")["versions"]
    assert latest["by"].startswith("arn:aws:sts::")
    assert (latest["action"], first["action"]) == ("pause", "create")


def test_the_completion_keys_hash_is_never_shown(answered: Json, typed: Typed, demo: str) -> None:
    typed("rate", demo, "600")
    assert "sha256" not in json.dumps(answered("onsale", "show", demo, "--audit"))


def test_a_lost_completion_key_is_replaced_and_shown_once(typed: Typed, demo: str, answered: Json) -> None:
    first = answered("onsale", "key", demo)["completion_key"]
    second = answered("onsale", "key", demo)["completion_key"]
    assert first != second
    assert second not in typed("onsale", "show", demo, "--audit").stdout
    assert typed("onsale", "key", demo, "--expected-version", "1").exit_code == 3


def test_a_key_is_shown_even_if_the_sample_backend_cannot_be_told(
    create: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEATS_TABLE", "no-such-table")
    result = create("demo")
    assert result.exit_code == 0
    assert "Completion key: " in result.stdout
    assert "issue a new one" in result.stdout
