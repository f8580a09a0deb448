import json
from pathlib import Path

import pytest

import fairline.languages
from fairline.languages import LANGUAGES, chosen, words
from tests.support.spoken import SPOKEN

HERE = Path(fairline.languages.__file__).parent


def test_each_file_is_a_language_and_each_language_has_a_file() -> None:
    assert {path.stem for path in HERE.glob("*.json")} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_its_name_and_direction(language: str) -> None:
    said = json.loads((HERE / f"{language}.json").read_text("utf-8"))
    assert words(language) == said
    assert said["name"]
    assert said["direction"] in ("ltr", "rtl")


@pytest.mark.parametrize(("accepted", "asked", "spoken"), SPOKEN)
def test_a_browser_is_spoken_to_in_the_language_it_likes_best(accepted: str, asked: str, spoken: str) -> None:
    assert chosen(accepted, asked) == spoken
