"""What operators do. Every change names the version it was made from, and is kept with who made it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fairline.domain.errors import InvalidRequest, NameTaken, StaleVersion, Unavailable, UnknownOnsale
from fairline.domain.onsale import Onsale, create, notice_faults
from fairline.usecases.complete import new_completion_key
from fairline.usecases.ports import Onsales, Records, Version

if TYPE_CHECKING:
    from fairline.domain.tick import Record

Hand = Callable[[Onsale, str], None]


@dataclass(frozen=True)
class Issued:
    """A completion key, to be shown once. `handed_over` is false if a sample backend should know it but does not."""

    onsale: Onsale
    completion_key: str
    handed_over: bool


class Operations:
    """The operator's use cases. `hand_over` gives a new onsale's completion key to the sample backend, if there is one.

    `clock` gives milliseconds.
    """

    def __init__(
        self, onsales: Onsales, records: Records, clock: Callable[[], int], hand_over: Hand | None = None
    ) -> None:
        self._onsales = onsales
        self._records = records
        self._clock = clock
        self._hand_over = hand_over

    def create(self, by: str, **values: Any) -> Issued:
        """A new onsale and its completion key, shown this once."""
        key, digest = new_completion_key()
        made = create(**values, completion_key_sha256=digest)
        if not self._onsales.put(Version(made, by, self._clock(), "create")):
            raise NameTaken(f"{made.onsale!r} exists. If its completion key was lost, issue a new one.")
        return Issued(made, key, self._handed_over(made, key))

    def new_key(self, onsale: str, expected_version: int, by: str) -> Issued:
        """A new completion key in place of one that was lost or seen; the old one ends at once."""
        key, digest = new_completion_key()
        made = self._set(onsale, expected_version, by, "new completion key", completion_key_sha256=digest)
        return Issued(made, key, self._handed_over(made, key))

    def _handed_over(self, onsale: Onsale, key: str) -> bool:
        """Tell the sample backend. If it cannot be told the key must still be shown: it is in use already."""
        try:
            if self._hand_over:
                self._hand_over(onsale, key)
        except Unavailable:
            return False
        return True

    def read(self, onsale: str) -> Onsale:
        """The newest version."""
        known = self._onsales.latest(onsale)
        if known is None:
            raise UnknownOnsale(f"There is no onsale named {onsale!r}.")
        return known

    def every(self) -> list[Onsale]:
        """The newest version of every onsale."""
        found = [self._onsales.latest(name) for name in self._onsales.names()]
        return [onsale for onsale in found if onsale]

    def change(self, onsale: str, expected_version: int, by: str, **changes: Any) -> Onsale:
        """Change fields of the policy."""
        if not changes:
            raise InvalidRequest([("body", "names nothing to change")])
        known = self._expected(onsale, expected_version)
        return self._put(known.changed(**changes), by, "change " + ", ".join(sorted(changes)))

    def pause(self, onsale: str, expected_version: int, by: str, reason: str | None = None) -> Onsale:
        """Let nobody in for now; the reason, if given, is what the line reads meanwhile."""
        if faults := notice_faults("" if reason is None else reason):
            raise InvalidRequest([("reason", why) for _, why in faults])
        return self._set(onsale, expected_version, by, "pause", paused=True, pause_reason=reason or "")

    def resume(self, onsale: str, expected_version: int, by: str) -> Onsale:
        """Let visitors in again."""
        return self._set(onsale, expected_version, by, "resume", paused=False, pause_reason="")

    def close(self, onsale: str, expected_version: int, by: str) -> Onsale:
        """Close for good; running sessions run on."""
        return self._set(onsale, expected_version, by, "close", closed=True)

    def notice(self, onsale: str, expected_version: int, by: str, notice: str) -> Onsale:
        """Tell the line something; an empty notice takes it back."""
        return self._set(onsale, expected_version, by, "notice", notice=notice)

    def audit(self, onsale: str) -> list[Version]:
        """Every version, newest first."""
        self.read(onsale)
        return self._onsales.versions(onsale)

    def progress(self, onsale: str) -> tuple[Onsale, Record]:
        """The policy and how the line goes, as of the last tick."""
        return self.read(onsale), self._records.read(onsale)

    def _set(self, onsale: str, expected_version: int, by: str, action: str, **values: Any) -> Onsale:
        faults = notice_faults(values.get("notice", ""))
        if faults:
            raise InvalidRequest(faults)
        known = self._expected(onsale, expected_version)
        return self._put(replace(known, **values, version=known.version + 1), by, action)

    def _expected(self, onsale: str, version: int) -> Onsale:
        known = self.read(onsale)
        if known.version != version:
            raise _stale(known.version)
        return known

    def _put(self, following: Onsale, by: str, action: str) -> Onsale:
        if not self._onsales.put(Version(following, by, self._clock(), action)):
            raise _stale(self.read(following.onsale).version)
        return following


def _stale(current: int) -> StaleVersion:
    return StaleVersion(f"The latest version is {current}: read it, then decide again.", current_version=current)
