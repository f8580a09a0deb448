"""The pages name what there is: links, files, commands, keys, tables, messages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from fairline.adapters.scripts import ADDRESSES, NAMES
from fairline.domain.errors import FairlineError
from fairline.domain.estimate import Polls
from fairline.domain.place import Place
from fairline.entrypoints.bodies import place_body
from fairline.usecases.desk import Admission, PlaceView
from stacks.tables import TABLES
from tests.docs.pages import CODE, LIBRARY, PAGES, ROOT, anchors, blocks, code, links, prose, rows, shown
from tools.operator.app import app

ARCHITECTURE, SOCKET, DECISIONS = (
    ROOT / "docs" / name for name in ("architecture.md", "websocket.md", "decisions/README.md")
)
RECORDS = sorted(path for path in DECISIONS.parent.glob("*.md") if path != DECISIONS)
A_FILE = re.compile(r"[\w./…-]+/[\w.-]+\.(py|lua|md|yaml|toml|html)")

every_page = pytest.mark.parametrize("page", PAGES, ids=shown)


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in links(page):
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


@every_page
def test_every_file_that_is_named_exists(page: Path) -> None:
    for name in filter(A_FILE.fullmatch, CODE.findall(prose(page))):
        plain = name.replace("…", LIBRARY)
        assert any((base / plain).exists() for base in (ROOT, ROOT / LIBRARY, ROOT / "docs")), name


@every_page
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {match for text in code(page) for match in re.findall(r"\bmake ([a-z]+)", text)}
    assert named <= targets


@every_page
def test_every_command_that_is_named_exists_with_its_options(page: Path) -> None:
    commands = operators_commands()
    for text in code(page):
        for words in re.findall(r"(?:^|bin/)fairline ([a-z-][^|]*)", re.sub(r" --stack \w+", "", text)):
            typed = [word for word in words.split() if word not in ("--local", "--json")]
            name = " ".join(typed[:2]) if typed[:1] == ["onsale"] else "".join(typed[:1])
            assert name in commands, text
            assert set(re.findall(r"--[a-z-]+", " ".join(typed))) <= commands[name], text


def operators_commands() -> dict[str, set[str]]:
    """Every command of `fairline`, such as `onsale create`, with its options."""
    return dict(_commands(get_command(app), ""))


def _commands(command: Any, name: str) -> list[tuple[str, set[str]]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        return [(name, {option for parameter in command.params for option in parameter.opts})]
    return [found for word, each in inner.items() for found in _commands(each, f"{name} {word}".strip())]


def test_the_readme_shows_every_command_of_operators() -> None:
    named = " ".join(code(ROOT / "README.md"))
    assert [name for name in operators_commands() if f"fairline {name}" not in named] == []


def test_the_architecture_has_every_redis_key_and_every_script() -> None:
    said = {cells[0].strip("`") for cells in rows(ARCHITECTURE, "## The store")}
    scripts = {path.stem for path in (ROOT / LIBRARY / "adapters" / "lua").glob("*.lua")}
    assert said == {*NAMES, ADDRESSES, *scripts}


def test_the_architecture_has_every_table() -> None:
    said = {cells[0]: cells[1] for cells in rows(ARCHITECTURE, "## The ledger")}
    keys = {table.name: [part[0] for part in (table.key.hash, table.key.range) if part] for table in TABLES}
    assert {name: CODE.findall(key) for name, key in said.items()} == keys


def test_every_problem_that_a_page_names_is_one_of_ours() -> None:
    named = {slug for page in PAGES for slug in re.findall(r"urn:fairline:problem:([a-z-]+)", page.read_text())}
    assert named <= {kind.slug for kind in _kinds(FairlineError)}


def _kinds(kind: type[FairlineError]) -> list[type[FairlineError]]:
    return [kind, *(found for narrower in kind.__subclasses__() for found in _kinds(narrower))]


def test_the_socket_s_messages_are_shown_with_the_members_they_have() -> None:
    place = Place("demo", 2, "q3hPs0m3JtqD5VwN2xYb8A")
    admission = Admission("token", 0, "address", extendable=True)
    views = (PlaceView(place, "waiting", 1), PlaceView(place, "admitted", 1, ahead=0, admission=admission))
    shown_places = [message for message in _messages() if message.get("type") == "place"]
    assert [set(message) for message in shown_places] == [{"type", *place_body(view, Polls(5, 60))} for view in views]


def test_the_socket_s_messages_are_all_shown() -> None:
    messages = _messages()
    assert {message["action"] for message in messages if "action" in message} == {"place", "ping"}
    kinds = {message["type"] for message in messages if "type" in message}
    assert kinds == {"place", "pong", "error", "admitted", "session_ended"}


def _messages() -> list[dict[str, Any]]:
    return [json.loads(block) for block in blocks(SOCKET, "json")]


def test_every_decision_is_listed_by_number_and_title() -> None:
    listed = re.findall(r"^\| \[(\d{4})\]\((.+)\) \| (.+) \|$", DECISIONS.read_text(), re.MULTILINE)
    written = [(path.name[:4], path.name, path.read_text().splitlines()[0]) for path in RECORDS]
    assert listed == [(number, name, head.partition(". ")[2]) for number, name, head in written]
    assert [head.partition(".")[0] for _, _, head in written] == [f"# {n + 1}" for n in range(len(written))]


@pytest.mark.parametrize("record", RECORDS, ids=shown)
def test_a_decision_is_dated_and_says_context_decision_and_consequences_on_one_page(record: Path) -> None:
    lines = record.read_text().splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d, (accepted|revised by \[\d{4}\]\(.+\))", lines[2])
    assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequences"]
    assert len(lines) <= 50


def test_the_hooks_before_a_commit_need_nothing_but_the_environment() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [repository["repo"] for repository in hooks["repos"]] == ["local"]
    for hook in hooks["repos"][0]["hooks"]:
        assert hook["entry"].startswith(".venv/bin/")
