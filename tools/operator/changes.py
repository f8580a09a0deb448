"""What an operator changes while visitors wait. Every change is made from one version, and says so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from tools.operator import moments
from tools.operator.desk import Desk
from tools.operator.names import Expected, Name

if TYPE_CHECKING:
    from fairline.domain.onsale import Onsale
    from fairline.usecases.operate import Operations

Number = Annotated[int, typer.Argument(metavar="N")]
Act = Callable[["Operations", int, str], "Onsale"]


@dataclass(frozen=True)
class Change:
    """The onsale as it was and as it is now."""

    before: "Onsale"
    after: "Onsale"

    @property
    def versions(self) -> str:
        """The part of a confirmation that names the versions."""
        return f"(version {self.after.version}, made from version {self.after.version - 1})"


def make(desk: Desk, name: str, expected: int | None, act: Act) -> Change:
    """Do it from the version just read, or from `expected`. Raises StaleVersion saying who changed what meanwhile."""
    operations = desk.operations()
    before = operations.read(name)
    return make_from(desk, before, before.version if expected is None else expected, act)


def make_from(desk: Desk, before: "Onsale", version: int, act: Act) -> Change:
    """As `make`, from an onsale that was read earlier."""
    from fairline.domain.errors import StaleVersion
    from tools.operator.trail import explained

    operations = desk.operations()
    try:
        return Change(before, act(operations, version, desk.caller()))
    except StaleVersion as stale:
        raise explained(stale, operations, before.onsale, version) from stale


def _confirm(desk: Desk, change: Change, *lines: str) -> None:
    from fairline.clients import now_ms
    from fairline.entrypoints.bodies import policy_body

    now = now_ms()
    desk.say(policy_body(change.after, now), *lines, _effect(change.after, now))


def _effect(onsale: "Onsale", now: int) -> str:
    if onsale.phase(now) == "closed":
        return "" if onsale.closed else "It closed already, so nobody will notice."
    if now < onsale.live_from_ms:
        return f"It takes effect when the lobby opens, {moments.shown(onsale.lobby_opens_at_ms, now)}."
    return "It takes effect within 2 s."


def rate(ctx: typer.Context, name: Name, per_minute: Number, *, expected: Expected = None) -> None:
    """Let in N visitors a minute at most."""
    desk = Desk.of(ctx)
    change = make(desk, name, expected, lambda use, at, by: use.change(name, at, by, rate_per_minute=per_minute))
    old, new = change.before.rate_per_minute, change.after.rate_per_minute
    _confirm(desk, change, f"{name}: rate {old:,} -> {new:,} a minute {change.versions}.")


def cap(ctx: typer.Context, name: Name, sessions: Number, *, expected: Expected = None) -> None:
    """Allow N sessions at once at most. A lower cap ends no session."""
    desk = Desk.of(ctx)
    change = make(desk, name, expected, lambda use, at, by: use.change(name, at, by, max_active=sessions))
    old, new = change.before.max_active, change.after.max_active
    lower = "No session is ended: nobody enters until fewer are left." if new < old else ""
    _confirm(desk, change, f"{name}: cap {old:,} -> {new:,} sessions at once {change.versions}.", lower)


def session(
    ctx: typer.Context,
    name: Name,
    seconds: Annotated[int, typer.Argument(metavar="SECONDS")],
    *,
    expected: Expected = None,
) -> None:
    """Give visitors who are let in from now on SECONDS to buy."""
    desk = Desk.of(ctx)
    change = make(desk, name, expected, lambda use, at, by: use.change(name, at, by, session_seconds=seconds))
    old, new = change.before.session_seconds, change.after.session_seconds
    _confirm(desk, change, f"{name}: new sessions {old:,} -> {new:,} s {change.versions}.")


def pause(
    ctx: typer.Context,
    name: Name,
    *,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Shown to the line, as a notice.")] = None,
    expected: Expected = None,
) -> None:
    """Let nobody in for now. The line keeps its order, and sessions run on."""
    desk = Desk.of(ctx)
    change = make(desk, name, expected, lambda use, at, by: use.pause(name, at, by, reason))
    _confirm(desk, change, f"{name}: paused {change.versions}.", _standing(change.after))


def resume(ctx: typer.Context, name: Name, *, expected: Expected = None) -> None:
    """Let visitors in again."""
    desk = Desk.of(ctx)
    change = make(desk, name, expected, lambda use, at, by: use.resume(name, at, by))
    _confirm(desk, change, f"{name}: resumed {change.versions}.", _standing(change.after))


def notice(
    ctx: typer.Context,
    name: Name,
    text: Annotated[str, typer.Argument(metavar="TEXT", help='What to say; "" takes it back.')],
    *,
    expected: Expected = None,
) -> None:
    """Tell everybody in the line something."""
    desk = Desk.of(ctx)
    change = make(desk, name, expected, lambda use, at, by: use.notice(name, at, by, text))
    what = f"the line now reads “{text}”" if text else "the notice is taken back"
    _confirm(desk, change, f"{name}: {what} {change.versions}.")


def close(
    ctx: typer.Context,
    name: Name,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    expected: Expected = None,
) -> None:
    """Close for good: nobody joins or enters any more, sessions run on."""
    desk = Desk.of(ctx)
    before, record = desk.operations().progress(name)
    if not yes:
        typer.confirm(
            f"Close {name} (“{before.name}”, version {before.version}, {record.waiting:,} waiting) for good?",
            abort=True,
            err=True,
        )
    version = before.version if expected is None else expected
    change = make_from(desk, before, version, lambda use, at, by: use.close(name, at, by))
    _confirm(desk, change, f"{name}: closed {change.versions}. Sessions run on to their end.")


def _standing(onsale: "Onsale") -> str:
    return f"The line reads “{onsale.shown_notice}”." if onsale.shown_notice else ""


def add_to(app: typer.Typer) -> None:
    """Add these commands. Numbers may be negative here, so that -5 is refused with its reason and not as an option."""
    numbers: tuple[Callable[..., None], ...] = (rate, cap, session)
    others: tuple[Callable[..., None], ...] = (pause, resume, notice, close)
    for command in numbers:
        app.command(context_settings={"ignore_unknown_options": True})(command)
    for command in others:
        app.command()(command)
