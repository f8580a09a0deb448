import json
import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from fairline import console, wiring
from fairline.adapters.dynamodb_records import DynamoDBRecords
from fairline.adapters.dynamodb_samples import DynamoDBSamples
from fairline.clients import now_ms
from fairline.domain.figures import sample_of
from fairline.domain.tick import Counts, Record
from fairline.entrypoints.figures import live_body
from tests.operator.conftest import Json, Typed
from tools.operator import status

COUNTS = Counts(admitted=1500, completed=900, expired=40, left=7)


def tick(aws: Any, *, age_ms: int = 0, waiting: int = 3810) -> None:
    """Leave the record as a ticker would have left it."""
    record = Record(epoch=1, tick=9, issued=5310, serving=1500, waiting=waiting, active=553, counts=COUNTS)
    record = replace(record, updated_at_ms=now_ms() - age_ms)
    DynamoDBRecords(aws, "onsales").begin("demo", 0, record, 4_000_000_000)


def row(text: str, label: str) -> str:
    (value,) = (line.removeprefix(label).strip() for line in text.splitlines() if line.startswith(label))
    return value


@pytest.fixture
def beats(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a watch wait through these, one a second, and end it with Ctrl-C."""

    def through(*deeds: Callable[[], object]) -> None:
        left = list(deeds)

        def sleep(_seconds: float) -> None:
            if not left:
                raise KeyboardInterrupt
            left.pop(0)()

        monkeypatch.setattr(status, "time", SimpleNamespace(sleep=sleep))

    return through


def test_the_status_shows_policy_line_counts_and_age_of_the_last_tick(typed: Typed, demo: str, aws: Any) -> None:
    tick(aws)
    text = typed("status", demo).stdout
    rows = {
        "phase": "lobby",
        "rate": "120 a minute",
        "cap": "60",
        "waiting": "3,810",
        "active": "553",
        "a session": "180 s given",
        "admitted": "1,500",
        "completed": "900, 95.0% of ended sessions",
        "expired": "40, 4.2% no-shows",
        "left": "7",
        "position": "1,500 served of 5,310 issued",
    }
    assert {label: row(text, label) for label in rows} == rows
    assert row(text, "last tick").endswith("s ago")


def sampled(aws: Any, *, ago_ms: int, **values: int) -> None:
    """Leave a sample as a ticker would have left it some time ago."""
    record = Record(epoch=1, issued=5200, counts=Counts(admitted=1400, completed=850), updated_at_ms=now_ms() - ago_ms)
    onsale = wiring.operations().read("demo")
    DynamoDBSamples(aws, "onsales").put("demo", replace(sample_of(record, onsale), **values), onsale.forgotten_at_ms)


def test_the_status_shows_what_happened_lately_and_what_is_expected(typed: Typed, demo: str, aws: Any) -> None:
    sampled(aws, ago_ms=60_000, active=500)
    tick(aws, waiting=60)
    text = typed("status", demo).stdout
    assert re.search(r"120 a minute; \d+ let in last minute", text)
    assert re.search(r"60; 1\d\d joined last minute", text)
    assert re.search(r"\d+ s on average lately, 180 s given", text)
    assert re.search(r"UTC \(in .+\)$", row(text, "line ends"))
    assert re.fullmatch(r"waits \d+ min to \d+ min", row(text, "who joins"))


def test_a_line_that_nobody_waits_in_has_no_end(typed: Typed, demo: str, aws: Any) -> None:
    tick(aws, waiting=0)
    assert row(typed("status", demo).stdout, "line ends") == "nobody waits"


def test_a_line_that_is_paused_promises_nothing(create: Typed, typed: Typed, aws: Any) -> None:
    create("demo", start="now")
    tick(aws)
    wiring.operations().pause("demo", 1, "colleague")
    text = typed("status", "demo").stdout
    assert row(text, "line ends") == "nobody is let in"
    assert row(text, "who joins") == "is not let in for now"


def test_a_line_that_is_too_long_for_its_onsale_says_so(typed: Typed, demo: str, aws: Any) -> None:
    tick(aws, waiting=1_000_000)
    assert "not all will be let in" in row(typed("status", demo).stdout, "line ends")


def test_the_status_for_programs_is_the_metrics_of_the_admin_route(answered: Json, demo: str, aws: Any) -> None:
    tick(aws)
    body = answered("status", demo)
    assert (body["onsale"], body["issued"], body["completed"]) == ("demo", 5310, 900)
    assert body["updated_at"].endswith("Z")
    assert 0 <= body["status_age_seconds"] < 60
    live = console.figures().live(demo)
    assert body.keys() == live_body(live, now_ms()).keys()
    assert body["estimated_wait_seconds"]["low"] > 0
    assert body["line_ends_at"].endswith("Z")


def test_a_live_line_that_nobody_ticks_is_said_to_stand(typed: Typed, demo: str, aws: Any) -> None:
    assert "never: nobody can join" in row(typed("status", demo).stdout, "last tick")
    tick(aws, age_ms=60_000)
    assert "1 min ago: nobody joins or enters" in row(typed("status", demo).stdout, "last tick")


def test_an_onsale_that_is_not_live_needs_no_tick(create: Typed, typed: Typed) -> None:
    create("demo", lobby="+2h", start="+3h", close="+4h")
    assert row(typed("status", "demo").stdout, "last tick") == "none yet"


def test_a_notice_is_part_of_the_status(typed: Typed, demo: str) -> None:
    typed("notice", demo, "Soon")
    assert row(typed("status", demo).stdout, "notice") == "Soon"


def test_a_watch_follows_the_line_until_ctrl_c(typed: Typed, demo: str, aws: Any, beats: Callable[..., None]) -> None:
    beats(lambda: tick(aws, waiting=41), lambda: wiring.operations().change(demo, 1, "colleague", rate_per_minute=77))
    result = typed("status", demo, "--watch")
    assert result.exit_code == 0
    assert row(result.stdout, "waiting") == "41"
    assert row(result.stdout, "rate") == "77 a minute"


def test_a_watch_keeps_the_last_figures_while_the_store_does_not_answer(
    typed: Typed, demo: str, aws: Any, beats: Callable[..., None]
) -> None:
    tick(aws, waiting=41)
    beats(lambda: aws.delete_table(TableName="onsales"))
    result = typed("status", demo, "--watch")
    assert result.exit_code == 0
    assert row(result.stdout, "waiting") == "41"
    assert "does not answer" in result.stdout


def test_a_watch_for_programs_prints_one_object_a_line(
    typed: Typed, demo: str, aws: Any, beats: Callable[..., None]
) -> None:
    beats(lambda: tick(aws, waiting=41), lambda: None)
    result = typed("status", demo, "--watch", "--json")
    assert result.exit_code == 0
    assert [json.loads(line)["waiting"] for line in result.stdout.splitlines()] == [0, 41, 41]


def test_a_watch_of_an_unknown_onsale_ends_at_once(typed: Typed, aws: Any) -> None:
    assert aws
    assert typed("status", "nope", "--watch").exit_code == 4
