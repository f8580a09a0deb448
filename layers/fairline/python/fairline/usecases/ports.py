"""What the use cases need of the world. Each protocol has a real adapter and one in memory, held to one contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fairline.domain.admission import Bucket
    from fairline.domain.figures import Sample
    from fairline.domain.guests import Caller
    from fairline.domain.keys import Key, PublicKey, Purpose
    from fairline.domain.onsale import Onsale
    from fairline.domain.origin import OriginSecret
    from fairline.domain.place import Ended, Place, Standing
    from fairline.domain.session import End, Extension, Row, Session, Start
    from fairline.domain.tick import Record, Taken, View


class Line(Protocol):
    """The line as visitors meet it. Every method is one round trip, and raises Unavailable if it cannot be made."""

    def register(self, onsale: str, visitor: str, caller: Caller | None = None) -> Standing:
        """Give the visitor a place, or find the one there is. Raises the refusals of `place.refusal`.

        A new visitor's place counts for the `caller`, and TooManyPlaces is raised once they have theirs.
        """

    def find(self, place: Place, epoch: int, *, restore: bool = False) -> Standing | None:
        """The standing of a place issued in `epoch`, or None if the line does not know it.

        With `restore` an unknown place is put back where its number belongs. Raises Superseded if the visitor has
        a newer one.
        """

    def end(self, place: Place, reason: Ended) -> bool:
        """Take the visitor out of the line, or the session out of the active ones. Whether either was there."""

    def extend(self, place: Place, ends_at_ms: int) -> bool:
        """Keep an active session's slot until `ends_at_ms`. False if the session is not active any more."""

    def visitor_at(self, onsale: str, position: int) -> str | None:
        """Who holds, or last held, a position."""


class Admissions(Protocol):
    """The line as the ticker meets it. A method that returns None was overtaken by another ticker."""

    def observe(self, onsale: Onsale, record: Record) -> View | None:
        """Mirror the policy, take back expired sessions, look. Raises LineLost if the record is ahead of the store."""

    def begin(self, onsale: Onsale, record: Record, *, return_ms: int) -> None:
        """Start the record's epoch with an empty line above its issue limit; admission rests for `return_ms`."""

    def reload(self, sessions: Sequence[Session], onsale: str) -> None:
        """Make the store know these sessions again, and that their visitors do not wait."""

    def take(self, onsale: str, view: View, visitors: int, bucket: Bucket, *, until_ms: int) -> Taken | None:
        """Take up to `visitors` from the head of the line, never above cap or rate, and count this tick.

        After `until_ms` nobody is taken: the policy that decided how many may have been changed since.

        `bucket` is what they would leave of it, as of its own time; it is filled up to now before they are taken.
        """

    def retime(self, starts: Sequence[Start]) -> list[Start]:
        """Let admissions that were never written begin now."""

    def confirm(self, onsale: str, record: Record, written: Sequence[Start]) -> None:
        """Forget written admissions, raise the issue limit to the record's, renew the lease if it was not outlived."""


class Sessions(Protocol):
    """The append-only rows of sessions. Reads are consistent, except `since`."""

    def start(self, starts: Sequence[Start], delete_after: int) -> list[Start]:
        """Write start rows; returns those that could not be written for now."""

    def started(self, places: Sequence[Place]) -> set[Place]:
        """Which of these places have a start row."""

    def rows(self, place: Place) -> list[Row]:
        """All rows of a place."""

    def add(self, row: End | Extension, delete_after: int) -> bool:
        """Add an end or an extension; False if there is one."""

    def since(self, onsale: str, at_ms: int) -> list[Session]:
        """Sessions that end, were extended to, or were ended after `at_ms`; may miss the last second's."""


class Records(Protocol):
    """The durable record of each line."""

    def read(self, onsale: str) -> Record:
        """The record, or a fresh one."""

    def begin(self, onsale: str, previous_epoch: int, record: Record, delete_after: int) -> bool:
        """Record a new epoch; False if somebody else began one."""

    def advance(self, onsale: str, record: Record, delete_after: int) -> bool:
        """Record a tick; False if the epoch is over. One that comes late, or would lower the limit, is passed over."""


class Samples(Protocol):
    """How each line went, a sample for each ten seconds of it."""

    def put(self, onsale: str, sample: Sample, delete_after: int) -> None:
        """Keep the sample of its period, in place of an earlier one."""

    def at(self, onsale: str, periods: Sequence[int]) -> list[Sample]:
        """The samples of these periods, oldest first; those that were never made are left out."""


@dataclass(frozen=True)
class Version:
    """One entry of the audit trail: the onsale as it then became, who did it, when, and what they did."""

    onsale: Onsale
    by: str
    at_ms: int
    action: str


class Onsales(Protocol):
    """Onsales and their versions."""

    def latest(self, onsale: str) -> Onsale | None:
        """The newest version, read consistently."""

    def put(self, version: Version) -> bool:
        """Append a version; False if that number is another's. The same once more is fine: a try may be repeated."""

    def versions(self, onsale: str) -> list[Version]:
        """The audit trail, newest first."""

    def names(self) -> list[str]:
        """Every onsale."""

    def live(self, now_ms: int) -> list[str]:
        """Onsales whose line may need a ticker now: perhaps some that do not, never too few."""


class Keys(Protocol):
    """Signing keys."""

    def all(self, purpose: Purpose) -> list[Key]:
        """Every key kept for this purpose."""

    def public(self, purpose: Purpose) -> list[PublicKey]:
        """As `all`, without anything secret."""

    def add(self, key: Key) -> bool:
        """Keep a new key; False if its id is taken."""


class OriginSecrets(Protocol):
    """Hashes of what the CDN sends with each request."""

    def all(self) -> list[OriginSecret]:
        """Every one that is kept."""

    def keep(self, secret: OriginSecret, delete_after: int) -> None:
        """Keep one, in place of what was known of the same before."""


@dataclass(frozen=True)
class Socket:
    """An open WebSocket. Sorts by age."""

    connected_at_ms: int
    connection: str


class Connections(Protocol):
    """Which sockets are open for which place."""

    def add(self, place: Place, socket: Socket, delete_after: int) -> list[Socket]:
        """Add a socket; returns all of the place, oldest first."""

    def remove(self, place: Place, sockets: Iterable[Socket]) -> None:
        """Forget sockets."""

    def of(self, places: Sequence[Place]) -> dict[Place, list[Socket]]:
        """The sockets of many places at once."""


class Sockets(Protocol):
    """The other ends of the sockets."""

    def post(self, connection: str, message: dict[str, object]) -> bool:
        """Send a message; False if the connection is gone. Raises Unavailable if it could not be sent for now."""

    def close(self, connection: str) -> None:
        """Close a connection, gone or not."""


class Documents(Protocol):
    """Public JSON objects in the status bucket."""

    def write(self, key: str, document: dict[str, object], *, max_age_seconds: int) -> None:
        """Publish a document."""

    def read(self, key: str) -> dict[str, object] | None:
        """The document as published."""
