"""Points in time, as operators type and read them."""

import re
from datetime import UTC, datetime

import typer

from fairline.domain.status import from_iso

UNITS_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
STEP = re.compile(r"(\d{1,6})([smhd])")
RELATIVE = re.compile(rf"\+({STEP.pattern})+")
FORMS = "a time with a zone such as 2026-11-22T16:00:00Z, `now`, or from now on `+10m`, `+2h`, `+1d12h`"


def parsed(option: str, text: str, now_ms: int) -> int:
    """Milliseconds of what was typed for `option`. Raises BadParameter for anything else."""
    if text == "now":
        return now_ms
    if RELATIVE.fullmatch(text):
        return now_ms + sum(int(count) * UNITS_MS[unit] for count, unit in STEP.findall(text))
    try:
        return from_iso(text)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text!r} is not {FORMS}.", param_hint=option) from None


def shown(ms: int, now_ms: int) -> str:
    """`2026-11-22 16:00:00 UTC (in 10 min)`."""
    distance = duration(abs(ms - now_ms))
    return f"{stamp(ms)} (in {distance})" if ms > now_ms else f"{stamp(ms)} ({distance} ago)"


def stamp(ms: int) -> str:
    """`2026-11-22 16:00:00 UTC`."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def duration(ms: int) -> str:
    """About how long: `40 s`, `12 min`, `3 h 20 min`, `5 d`."""
    seconds, minutes, hours = ms // UNITS_MS["s"], ms // UNITS_MS["m"], ms // UNITS_MS["h"]
    if minutes < 1:
        return f"{seconds} s"
    if hours < 1:
        return f"{minutes} min"
    rest = minutes % 60
    return (f"{hours} h {rest} min" if rest else f"{hours} h") if hours < 48 else f"{hours // 24} d"  # noqa: PLR2004 - two days
