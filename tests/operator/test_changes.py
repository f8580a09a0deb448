import json
from typing import Any

import pytest

from fairline import clients, wiring
from tests.operator.conftest import Json, Typed

COMMANDS = [
    ("rate", "600"),
    ("cap", "90"),
    ("session", "240"),
    ("pause",),
    ("resume",),
    ("notice", "Soon"),
    ("close", "--yes"),
]


def words(command: tuple[str, ...], onsale: str, *more: str) -> list[str]:
    return [command[0], onsale, *command[1:], *more]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_change_names_the_version_it_was_made_from(typed: Typed, demo: str, command: tuple[str, ...]) -> None:
    result = typed(*words(command, demo))
    assert result.exit_code == 0
    assert "(version 2, made from version 1)" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_a_change_answers_programs_with_the_new_policy(answered: Json, demo: str, command: tuple[str, ...]) -> None:
    assert answered(*words(command, demo)) == answered("onsale", "show", demo)
    assert answered("onsale", "show", demo)["version"] == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_a_change_of_an_unknown_onsale_has_an_exit_code_of_its_own(
    typed: Typed, aws: Any, command: tuple[str, ...]
) -> None:
    assert aws
    result = typed(*words(command, "nope"))
    assert result.exit_code == 4
    assert result.stderr == "fairline: There is no onsale named 'nope'.\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_change_from_an_older_version_says_who_changed_what_meanwhile(
    typed: Typed, demo: str, command: tuple[str, ...], answered: Json
) -> None:
    typed("cap", demo, "75")
    result = typed(*words(command, demo, "--expected-version", "1"))
    assert result.exit_code == 3
    assert "The latest version is 2" in result.stderr
    assert "arn:aws:sts::" in result.stderr
    assert "max_active 60 -> 75" in result.stderr
    assert answered("onsale", "show", demo)["version"] == 2


def test_a_stale_version_is_a_problem_document_with_the_trail_since(typed: Typed, demo: str) -> None:
    typed("cap", demo, "75")
    typed("notice", demo, "Soon")
    problem = json.loads(typed("--json", "rate", demo, "600", "--expected-version", "1").stderr)
    assert (problem["type"], problem["current_version"]) == ("urn:fairline:problem:stale-version", 3)
    assert [entry["changes"] for entry in problem["meanwhile"]] == [
        {"notice": ["", "Soon"]},
        {"max_active": [60, 75]},
    ]


def test_a_change_that_slips_in_between_reading_and_writing_is_not_overwritten(
    typed: Typed, demo: str, answered: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    def caller_while_a_colleague_is_faster(_desk: object) -> str:
        wiring.operations().change(demo, 1, "colleague", rate_per_minute=300)
        return "me"

    monkeypatch.setattr("tools.operator.desk.Desk.caller", caller_while_a_colleague_is_faster)
    result = typed("rate", demo, "600")
    assert result.exit_code == 3
    assert "colleague: rate_per_minute 120 -> 300" in result.stderr
    assert answered("onsale", "show", demo)["rate_per_minute"] == 300


def test_a_change_from_the_expected_version_is_made(typed: Typed, demo: str) -> None:
    assert typed("rate", demo, "600", "--expected-version", "1").exit_code == 0


@pytest.mark.parametrize(
    ("typing", "reason"),
    [
        (("rate", "demo", "-5"), "rate_per_minute: a whole number from 1 to 1000000"),
        (("rate", "demo", "2000000"), "rate_per_minute: a whole number from 1 to 1000000"),
        (("cap", "demo", "0"), "max_active: a whole number from 1 to 1000000"),
        (("session", "demo", "2"), "session_seconds: a whole number from 30 to 7200"),
        (("notice", "demo", "x" * 281), "notice: text of at most 280 characters"),
        (("pause", "demo", "--reason", "x" * 281), "reason: text of at most 280 characters"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_the_reason(
    typed: Typed, demo: str, answered: Json, typing: tuple[str, ...], reason: str
) -> None:
    result = typed(*typing)
    assert result.exit_code == 3
    assert reason in result.stderr
    assert answered("onsale", "show", demo)["version"] == 1


def test_a_rate_is_confirmed_from_old_to_new_with_when_it_takes_effect(typed: Typed, demo: str) -> None:
    result = typed("rate", demo, "1200")
    assert "demo: rate 120 -> 1,200 a minute" in result.stdout
    assert "It takes effect within 2 s." in result.stdout


def test_a_lower_cap_is_said_to_end_no_session_and_a_higher_one_is_not(typed: Typed, demo: str) -> None:
    lowered = typed("cap", demo, "10").stdout
    assert "cap 60 -> 10 sessions at once" in lowered
    assert "No session is ended" in lowered
    assert "No session is ended" not in typed("cap", demo, "20").stdout


def test_before_an_onsale_is_live_a_change_waits_for_the_lobby(create: Typed, typed: Typed) -> None:
    create("demo", lobby="+2h", start="+3h", close="+4h")
    assert "It takes effect when the lobby opens" in typed("rate", "demo", "600").stdout


def test_after_the_close_a_change_is_said_to_come_too_late(create: Typed, typed: Typed) -> None:
    past = {"lobby": "2020-01-01T10:00:00Z", "start": "2020-01-01T11:00:00Z", "close": "2020-01-01T12:00:00Z"}
    create("demo", **past)
    assert "It closed already" in typed("rate", "demo", "600").stdout


def test_the_reason_of_a_pause_is_read_instead_of_the_notice_until_it_ends(typed: Typed, demo: str) -> None:
    typed("notice", demo, "Doors at seven")
    assert "The line reads “Back at nine”." in typed("pause", demo, "--reason", "Back at nine").stdout
    assert "The line reads “Doors at seven”." in typed("resume", demo).stdout


def test_an_empty_notice_takes_the_notice_back(typed: Typed, demo: str, answered: Json) -> None:
    assert "the line now reads “Soon”" in typed("notice", demo, "Soon").stdout
    assert "the notice is taken back" in typed("notice", demo, "").stdout
    assert answered("onsale", "show", demo)["notice"] == ""


def test_closing_asks_first_and_says_what_is_at_stake(typed: Typed, demo: str, answered: Json) -> None:
    result = typed("close", demo, answer="n\n")
    assert result.exit_code == 1
    assert "Close demo (“The Lanterns”, version 1, 0 waiting) for good?" in result.stderr
    assert answered("onsale", "show", demo)["phase"] == "lobby"


def test_closing_without_anybody_to_ask_closes_nothing(typed: Typed, demo: str, answered: Json) -> None:
    assert typed("close", demo, answer="").exit_code == 1
    assert answered("onsale", "show", demo)["phase"] == "lobby"


def test_closing_is_done_once_confirmed(typed: Typed, demo: str, answered: Json) -> None:
    assert typed("close", demo, answer="y\n").exit_code == 0
    assert answered("onsale", "show", demo)["phase"] == "closed"


def test_a_caller_whom_aws_does_not_know_changes_nothing(
    typed: Typed, demo: str, answered: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    from botocore.exceptions import ConnectTimeoutError

    def no_sts(_service: str) -> Any:
        raise ConnectTimeoutError(endpoint_url="https://sts.example")

    with monkeypatch.context() as patched:
        patched.setattr(clients, "aws", no_sts)
        result = typed("rate", demo, "600")
    assert result.exit_code == 5
    assert "https://sts.example" in result.stderr
    assert answered("onsale", "show", demo)["version"] == 1
