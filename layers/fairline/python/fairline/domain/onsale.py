"""Onsales, their versions and phases, and what an operator may ask of them."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from fairline.domain.branding import branding_faults
from fairline.domain.errors import InvalidRequest

Phase = Literal["scheduled", "lobby", "on_sale", "paused", "closed"]
Fault = tuple[str, str]

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
LONGEST_MS = 30 * DAY_MS
LIVE_BEFORE_MS = 2 * MINUTE_MS
LIVE_AFTER_MS = 5 * MINUTE_MS
KEPT_MS = DAY_MS
"""How long places, sessions and seats outlive the closing."""

AUDIT_KEPT_MS = 90 * DAY_MS
"""How long the onsale itself outlives it, with its audit trail and how far its line had come."""

BOUNDS = {"rate_per_minute": (1, 1_000_000), "max_active": (1, 1_000_000), "session_seconds": (30, 7200)}
LONGEST_NAME, LONGEST_NOTICE = 120, 280
FIRST_MS, LAST_MS = 0, 4_102_444_800_000
"""Times lie between 1970 and 2100, so that each can be written in every form it takes."""

TIMES = ("lobby_opens_at_ms", "sale_starts_at_ms", "closes_at_ms")
CHANGEABLE = frozenset({"name", "rejoin", "branding", *TIMES, *BOUNDS})


@dataclass(frozen=True)
class Onsale:
    """One version of one sale. Versions are append-only: together they are the audit trail."""

    onsale: str
    name: str
    lobby_opens_at_ms: int
    sale_starts_at_ms: int
    closes_at_ms: int
    rate_per_minute: int
    max_active: int
    completion_key_sha256: str
    session_seconds: int = 180
    rejoin: bool = True
    paused: bool = False
    closed: bool = False
    pause_reason: str = ""
    notice: str = ""
    branding: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1

    def phase(self, now_ms: int) -> Phase:
        """The phase at `now_ms`."""
        if self.closed or now_ms >= self.closes_at_ms:
            return "closed"
        if now_ms < self.lobby_opens_at_ms:
            return "scheduled"
        if now_ms < self.sale_starts_at_ms:
            return "lobby"
        return "paused" if self.paused else "on_sale"

    @property
    def shown_notice(self) -> str:
        """What the line reads: while paused the reason, if one was given."""
        return self.pause_reason if self.paused and self.pause_reason else self.notice

    @property
    def live_from_ms(self) -> int:
        """When the ticker begins to keep this onsale's line."""
        return self.lobby_opens_at_ms - LIVE_BEFORE_MS

    @property
    def live_until_ms(self) -> int:
        """When the ticker lets go of it."""
        return self.closes_at_ms + LIVE_AFTER_MS

    @property
    def forgotten_at_ms(self) -> int:
        """When everything kept about its line may be deleted."""
        return self.closes_at_ms + KEPT_MS

    def deleted_at_ms(self, now_ms: int) -> int:
        """When what is written now of the onsale itself may be deleted; a closing of long ago may be a slip."""
        return max(self.closes_at_ms, now_ms) + AUDIT_KEPT_MS

    def changed(self, **changes: Any) -> "Onsale":
        """The next version, checked. Raises InvalidRequest naming every field that does not fit.

        A branding from before there were rules for it stays until it is changed: it keeps nobody from a change.
        """
        faults = [(name, "cannot be changed") for name in changes if name not in CHANGEABLE]
        following = replace(self, **{k: v for k, v in changes.items() if k in CHANGEABLE}, version=self.version + 1)
        if "branding" in changes:
            faults += branding_faults(self.onsale, following.branding)
        check(following, faults)
        return following

    def as_dict(self) -> dict[str, Any]:
        """Plain values by field name."""
        return asdict(self)


def create(**values: Any) -> Onsale:
    """Version 1 of a new onsale, checked. Raises InvalidRequest naming every missing or wrong field."""
    known = {f.name for f in fields(Onsale)}
    required = ("onsale", "name", *TIMES, "rate_per_minute", "max_active")
    faults = [(name, "is not a field of an onsale") for name in values if name not in known]
    faults += [(name.removesuffix("_ms"), "is required") for name in required if values.get(name) is None]
    if faults:
        raise InvalidRequest(faults)
    made = Onsale(**values)
    check(made, branding_faults(made.onsale, made.branding))
    return made


def check(onsale: Onsale, faults: list[Fault] | None = None) -> None:
    """Raise InvalidRequest unless every field fits, beside the `faults` that are known already."""
    found = [*(faults or []), *_text_faults(onsale), *_bound_faults(onsale), *_time_faults(onsale)]
    if found:
        raise InvalidRequest(found)


def _text_faults(onsale: Onsale) -> list[Fault]:
    faults: list[Fault] = []
    if not (isinstance(onsale.onsale, str) and NAME.fullmatch(onsale.onsale)):
        faults.append(("onsale", "1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit"))
    if not (isinstance(onsale.name, str) and 1 <= len(onsale.name) <= LONGEST_NAME):
        faults.append(("name", f"1 to {LONGEST_NAME} characters"))
    if not isinstance(onsale.rejoin, bool):
        faults.append(("rejoin", "true or false"))
    faults += notice_faults(onsale.notice)
    return faults


def notice_faults(notice: object) -> list[Fault]:
    """What is wrong with an operator's message to the line."""
    fits = isinstance(notice, str) and len(notice) <= LONGEST_NOTICE
    return [] if fits else [("notice", f"text of at most {LONGEST_NOTICE} characters")]


def _bound_faults(onsale: Onsale) -> list[Fault]:
    return [
        (name, f"a whole number from {low} to {high}")
        for name, (low, high) in BOUNDS.items()
        if not (_is_whole(value := getattr(onsale, name)) and low <= value <= high)
    ]


def _time_faults(onsale: Onsale) -> list[Fault]:
    faults = [
        (name.removesuffix("_ms"), "a time between 1970 and 2100")
        for name in TIMES
        if not (_is_whole(value := getattr(onsale, name)) and FIRST_MS <= value <= LAST_MS)
    ]
    if faults:
        return faults
    if onsale.sale_starts_at_ms < onsale.lobby_opens_at_ms:
        faults.append(("sale_starts_at", "must not come before lobby_opens_at"))
    if onsale.closes_at_ms <= onsale.sale_starts_at_ms:
        faults.append(("closes_at", "must come after sale_starts_at"))
    if onsale.closes_at_ms - onsale.lobby_opens_at_ms > LONGEST_MS:
        faults.append(("closes_at", "at most 30 days after lobby_opens_at"))
    return faults


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
