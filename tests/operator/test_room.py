"""The script itself, as somebody types it beside a room with the real functions."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.background import Room, Wish
from local.settings import ROOT
from tests.local.fetching import fetch
from tests.local.waiting import eventually
from tests.support.pictures import png


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(Wish(demo=True)) as room:
        yield room


def fairline(room: Room, *words: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "bin" / "fairline", "--local", *words],
        cwd=folder,
        env={**os.environ, "FAIRLINE_ROOM": str(room.directory), "LOGNAME": "ada"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_rate_changed_by_the_command_reaches_the_line_and_the_audit_trail(room: Room, tmp_path: Path) -> None:
    changed = fairline(room, "rate", "demo", "1200", folder=tmp_path)
    assert (changed.returncode, changed.stderr) == (0, "")
    assert "demo: rate 120 -> 1,200 a minute (version 2, made from version 1)." in changed.stdout
    eventually(lambda: b'"rate_per_minute":1200' in fetch(f"{room.url}/status/demo.json").body.replace(b" ", b""))
    trail = json.loads(fairline(room, "onsale", "show", "demo", "--audit", "--json").stdout)["versions"]
    assert (trail[0]["by"], trail[0]["changes"]) == ("local:ada", {"rate_per_minute": [120, 1200]})


def test_a_picture_set_by_the_command_is_where_fans_find_it(room: Room, tmp_path: Path) -> None:
    picture = tmp_path / "band.png"
    picture.write_bytes(png())
    words = ("--picture", str(picture), "--picture-alt", "The band", "--accent", "#4338ca")
    changed = fairline(room, "onsale", "brand", "demo", *words, folder=tmp_path)
    assert (changed.returncode, changed.stderr) == (0, "")
    assert "the branding now has accent, picture, picture_alt" in changed.stdout

    def told() -> dict[str, str]:
        branding: dict[str, str] = fetch(f"{room.url}/v1/onsales/demo").json["branding"]
        return branding

    branding = eventually(told)
    assert (branding["accent"], branding["picture_alt"]) == ("#4338ca", "The band")
    assert fetch(branding["picture"]).body == png()


def test_a_line_in_the_room_is_ticked(room: Room) -> None:
    def ticked() -> bool:
        return bool(json.loads(fairline(room, "status", "demo", "--json").stdout)["updated_at"])

    assert eventually(ticked)
