"""A line as it is, for somebody at a terminal: the figures that the console has."""

from typing import TYPE_CHECKING

from tools.operator import moments

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text

    from fairline.domain.onsale import Onsale
    from fairline.domain.tick import Record
    from fairline.usecases.figures import Live


def shown(live: "Live", now: int, trouble: str = "") -> "Group":
    """How the line goes at `now` (ms), and above all whether that is fresh. `trouble`: why it cannot be read now."""
    from rich.text import Text

    from tools.operator.screen import card

    onsale = live.onsale
    rows = [*_policy(live, now), *_line(live, now), *_sessions(live)]
    notice = [("notice", onsale.shown_notice)] if onsale.shown_notice else []
    tick = ("last tick", Text(*_freshness(onsale, live.record, now)))
    troubles = [("", Text(trouble, "bold red"))] if trouble else []
    return card(f"{onsale.onsale}: {onsale.name}", [*rows, *notice, tick, *troubles])


def _policy(live: "Live", now: int) -> "list[tuple[str, str | Text]]":
    onsale = live.onsale
    return [
        ("phase", onsale.phase(now)),
        ("rate", f"{onsale.rate_per_minute:,} a minute{_lately(live.minute.admissions, 'let in')}"),
        ("cap", f"{onsale.max_active:,}"),
    ]


def _line(live: "Live", now: int) -> "list[tuple[str, str | Text]]":
    record = live.record
    return [
        ("waiting", f"{record.waiting:,}{_lately(live.minute.arrivals, 'joined')}"),
        ("line ends", _end(live, now)),
        ("who joins", _wait(live)),
        ("position", f"{record.serving:,} served of {record.issued:,} issued"),
    ]


def _sessions(live: "Live") -> "list[tuple[str, str | Text]]":
    record, counts = live.record, live.record.counts
    ended = max(counts.completed + counts.expired, counts.admitted - record.active)
    average, given = live.minute.session_seconds, f"{live.onsale.session_seconds} s given"
    return [
        ("active", f"{record.active:,}"),
        ("a session", f"{average} s on average lately, {given}" if average else given),
        ("admitted", f"{counts.admitted:,}"),
        ("completed", f"{counts.completed:,}{_share(counts.completed, ended, 'of ended sessions')}"),
        ("expired", f"{counts.expired:,}{_share(counts.expired, ended, 'no-shows')}"),
        ("left", f"{counts.left:,}"),
    ]


def _lately(many: int | None, what: str) -> str:
    return "" if many is None else f"; {many:,} {what} last minute"


def _share(many: int, of: int, what: str) -> str:
    return f", {many / of:.1%} {what}" if of else ""


def _end(live: "Live", now: int) -> str:
    """When the last of those who wait now is let in, if the line goes on as it does."""
    seconds = live.ends_in_seconds
    if seconds is None:
        return "nobody is let in" if live.record.waiting else "nobody waits"
    late = now + seconds * 1000 > live.onsale.closes_at_ms
    return moments.shown(now + seconds * 1000, now) + (": after it closes, not all will be let in" if late else "")


def _wait(live: "Live") -> str:
    """Of somebody who joins now."""
    if live.joining is None:
        return "is not let in for now"
    low, high = (moments.duration(seconds * 1000) for seconds in (live.joining.low, live.joining.high))
    return f"waits {low}" if low == high else f"waits {low} to {high}"


def _freshness(onsale: "Onsale", record: "Record", now: int) -> tuple[str, str]:
    """How old the figures are, and a style: loud where a live line is not being ticked."""
    from fairline.domain.tick import LEASE_MS

    live = onsale.live_from_ms <= now < onsale.live_until_ms
    if not record.updated_at_ms:
        return ("never: nobody can join until the ticker runs", "bold red") if live else ("none yet", "dim")
    age = max(0, now - record.updated_at_ms)
    if live and age > LEASE_MS:
        return f"{moments.duration(age)} ago: nobody joins or enters until the ticker runs again", "bold red"
    return f"{moments.duration(age)} ago", "dim"
