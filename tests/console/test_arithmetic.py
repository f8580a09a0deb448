"""What the console makes of the numbers it is told: pure functions, run where they live."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from fairline.domain.branding import branding_faults, contrast
from fairline.domain.estimate import line_ends_in
from tests.domain.test_figures import ENDS
from tests.journey.client import Operator

WELL = {
    "phase": "on_sale",
    "waiting": 5,
    "active": 3,
    "max_active": 10,
    "admitted": 3,
    "completed": 0,
    "expired": 0,
    "admissions_last_minute": 3,
}


@pytest.fixture(scope="module")
def page(browser: Browser, operator: Operator) -> Iterator[Page]:
    """One page for all: the functions keep nothing."""
    with browser.new_context(base_url=operator.api.url, timezone_id="Asia/Kolkata") as context:
        page = context.new_page()
        page.goto("/console")
        yield page


def run(page: Page, module: str, function: str, *args: object) -> Any:
    call = "async ([path, name, args]) => (await import(path))[name](...args)"
    return page.evaluate(call, [f"/console/{module}.js", function, list(args)])


@pytest.mark.parametrize(("waiting", "active", "rate", "cap", "session", "start", "seconds"), ENDS)
def test_the_end_of_the_line_is_the_one_that_the_server_tells(  # noqa: PLR0917 - a row of the table
    page: Page, waiting: int, active: int, rate: int, cap: int, session: int, start: int, seconds: int
) -> None:
    line = {"waiting": waiting, "active": active, "rate": rate, "cap": cap, "session": session, "startIn": start}
    assert run(page, "arithmetic", "lineEndsIn", line) == seconds


def test_the_two_agree_far_from_the_table(page: Page) -> None:
    for number in range(1, 400, 7):
        waiting, active, rate, cap, session = number * 97, number * 3, number * 11, number * 5, 30 + number
        ours = line_ends_in(waiting, active, rate_per_minute=rate, max_active=cap, session_seconds=session)
        line = {"waiting": waiting, "active": active, "rate": rate, "cap": cap, "session": session}
        assert run(page, "arithmetic", "lineEndsIn", line) == ours


def test_what_decides_is_the_slower_of_the_two(page: Page) -> None:
    line = {"waiting": 600, "active": 100, "rate": 60, "cap": 100, "session": 180}
    assert run(page, "arithmetic", "limitOf", line) == "cap"
    assert run(page, "arithmetic", "limitOf", {**line, "cap": 1_000}) == "rate"


@pytest.mark.parametrize(
    ("told", "share"),
    [
        ({"admitted": 100, "active": 20, "completed": 60, "expired": 16}, 0.2),
        ({"admitted": 0, "active": 0, "completed": 0, "expired": 0}, None),
        ({"admitted": 1, "active": 9, "completed": 1, "expired": 3}, 0.75),
    ],
)
def test_no_shows_are_a_share_of_ended_sessions(page: Page, told: dict[str, int], share: float | None) -> None:
    assert run(page, "arithmetic", "endedOf", told)["noShow"] == share


def test_whoever_is_called_has_waited_since_the_last_number_was_theirs(page: Page) -> None:
    samples = [{"at": at * 10_000, "issued": at * 10} for at in range(1, 10)]
    assert run(page, "arithmetic", "waitedOf", samples, 45, 90_000) == 40
    assert run(page, "arithmetic", "waitedOf", samples, 5, 90_000) is None
    assert run(page, "arithmetic", "waitedOf", samples, 0, 90_000) is None
    assert run(page, "arithmetic", "waitedOf", [], 45, 90_000) is None


def test_counts_are_told_by_the_minute_across_epochs_and_gaps(page: Page) -> None:
    samples = [
        {"at": 0, "every": 10_000, "epoch": 1, "admitted": 70, "arrived": 100},
        {"at": 10_000, "every": 10_000, "epoch": 1, "admitted": 75, "arrived": 102},
        {"at": 20_000, "every": 10_000, "epoch": 2, "admitted": 3, "arrived": 104},
        {"at": 80_000, "every": 10_000, "epoch": 2, "admitted": 9, "arrived": 110},
    ]
    told = run(page, "arithmetic", "perMinute", samples, ["admitted", "arrived"])
    assert told == [
        {"at": 10_000, "admitted": 30, "arrived": 12},
        {"at": 20_000, "admitted": 18, "arrived": 12},
        {"at": 80_000, "admitted": None, "arrived": None},
    ]


def test_a_gap_stays_one_when_a_line_is_smoothed(page: Page) -> None:
    points = [{"at": at * 30_000, "admitted": value} for at, value in enumerate([6, None, 6, 12, 18])]
    told = run(page, "arithmetic", "smoothed", points, ["admitted"])
    assert [each["admitted"] for each in told] == [6, None, None, 9, 15]


def test_samples_are_joined_each_moment_once(page: Page) -> None:
    one, two = [{"at": 10}, {"at": 20}], [{"at": 20}, {"at": 30}]
    assert run(page, "arithmetic", "joined", one, two, 15) == [{"at": 20}, {"at": 30}]
    assert run(page, "arithmetic", "joined", [], two, 0) == two


def test_the_end_of_a_long_onsale_is_told_in_narrow_steps(page: Page) -> None:
    wide, narrow = [{"at": 0}, {"at": 60}, {"at": 120}], [{"at": 100}, {"at": 110}]
    assert run(page, "arithmetic", "finer", wide, narrow) == [{"at": 0}, {"at": 60}, *narrow]
    assert run(page, "arithmetic", "finer", wide, []) == wide


@pytest.mark.parametrize(
    ("values", "age", "level"),
    [
        ({}, 1, "good"),
        ({}, 6, "bad"),
        ({}, None, "bad"),
        ({"phase": "closed"}, 600, "idle"),
        ({"phase": "scheduled"}, None, "idle"),
        ({"phase": "paused"}, 1, "watch"),
        ({"admissions_last_minute": 0}, 1, "bad"),
        ({"admissions_last_minute": 0, "active": 10}, 1, "good"),
        ({"admissions_last_minute": 0, "phase": "lobby"}, 1, "good"),
        ({"admitted": 33, "expired": 16, "completed": 14}, 1, "watch"),
    ],
)
def test_a_line_is_judged(page: Page, values: dict[str, Any], age: int | None, level: str) -> None:
    assert run(page, "arithmetic", "healthOf", {**WELL, **values}, age)["level"] == level


@pytest.mark.parametrize(
    ("most", "levels"),
    [(0, [0, 1]), (3, [0, 1, 2, 3]), (7, [0, 2, 4, 6, 8]), (100, [0, 50, 100]), (10_000, [0, 5_000, 10_000])],
)
def test_an_axis_has_round_numbers(page: Page, most: int, levels: list[int]) -> None:
    assert run(page, "arithmetic", "ticks", most) == levels


def test_moments_are_round_in_the_operators_zone(page: Page) -> None:
    hour, half = 3_600_000, 1_800_000
    assert run(page, "arithmetic", "moments", 0, 3 * hour, 4, 5 * hour + half) == [half, half + hour, half + 2 * hour]


@pytest.mark.parametrize(
    ("times", "shares"),
    [
        ({"lobby": 0, "sale": 30, "closes": 120}, [0.25, 0.75]),
        ({"lobby": 0, "sale": 0, "closes": 120}, [0, 1]),
        ({"lobby": 10, "sale": 0, "closes": 120}, None),
        ({"lobby": 0, "sale": 30, "closes": 30}, None),
    ],
)
def test_phases_are_shares_of_the_whole(page: Page, times: dict[str, int], shares: list[float] | None) -> None:
    told = run(page, "arithmetic", "timeline", times)
    assert (told and [part["share"] for part in told]) == shares


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(45, "45 s"), (90, "2 min"), (3_599, "1 h"), (7_500, "2 h 5 min"), (200_000, "2 d 8 h")],
)
def test_durations_are_said_in_words(page: Page, seconds: int, words: str) -> None:
    assert run(page, "words", "duration", seconds) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(60, 60, "1 min"), (120, 300, "2 to 5 min"), (45, 300, "45 s to 5 min"), (3_600, 7_500, "1 h to 2 h 5 min")],
)
def test_ranges_are_said_in_words(page: Page, low: int, high: int, words: str) -> None:
    assert run(page, "words", "range", {"low": low, "high": high}) == words


@pytest.mark.parametrize(
    ("path", "body", "undo"),
    [
        ("", {"rate_per_minute": 9}, {"method": "PATCH", "path": "", "body": {"rate_per_minute": 60}}),
        ("/pause", {"reason": "x"}, {"method": "POST", "path": "/resume", "body": {}}),
        ("/resume", {}, {"method": "POST", "path": "/pause", "body": {"reason": "Soon"}}),
        ("/notice", {"notice": "x"}, {"method": "POST", "path": "/notice", "body": {"notice": "Before"}}),
        ("/close", {}, None),
        ("/completion-key", {}, None),
        ("", {"branding": {}}, {"method": "PATCH", "path": "", "body": {"branding": {"organiser": "The hall"}}}),
    ],
)
def test_what_can_be_taken_back_is_by_its_opposite(page: Page, path: str, body: object, undo: object) -> None:
    policy = {"rate_per_minute": 60, "pause_reason": "Soon", "notice": "Before"}
    before = {**policy, "branding": {"organiser": "The hall"}}
    assert run(page, "changes", "reverse", before, {"path": path, "body": body}) == undo


SHADES = range(0, 256, 51)
COLOURS = [f"#{red:02x}{green:02x}{blue:02x}" for red in SHADES for green in SHADES for blue in SHADES]


def test_a_colour_fits_where_the_server_takes_it_and_else_the_nearest_one_does(page: Page) -> None:
    colours = [*COLOURS, "#777777", "#757575", "red", "#12"]
    judge = "async colours => { const { verdict } = await import('/console/colours.js'); return colours.map(verdict); }"
    for colour, told in zip(colours, page.evaluate(judge, colours), strict=True):
        assert told["fits"] == (not branding_faults("demo", {"accent": colour})), colour
        if "nearest" in told:
            assert branding_faults("demo", {"accent": told["nearest"]}) == [], colour


def test_contrast_is_what_the_server_reckons(page: Page) -> None:
    for one, other in (("#ffffff", "#000000"), ("#4338ca", "#ffffff"), ("#0a0a0a", "#171a26")):
        assert run(page, "colours", "contrast", one, other) == pytest.approx(contrast(one, other))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"branding": [{"organiser": "A"}, {"organiser": "B"}]}, "Organiser from A to B"),
        ({"branding": [None, {"accent": "#4338ca"}]}, "Colour from nothing to #4338ca"),
        ({"branding": [{"text": "x", "organiser": "A"}, {"organiser": "A"}]}, "Words from x to nothing"),
        ({}, "new completion key"),
    ],
)
def test_the_trail_names_the_parts_of_a_branding(page: Page, change: object, words: str) -> None:
    assert run(page, "changes", "entryWords", {"action": "new completion key", "changes": change}) == words
