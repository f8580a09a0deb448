"""What a visitor is shown of a place, and the access token a session is entered with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fairline.domain.estimate import Wait
    from fairline.domain.keys import Key
    from fairline.domain.place import Place, State
    from fairline.domain.session import Session


@dataclass(frozen=True)
class Admission:
    """What an admitted visitor enters with. `extendable` until the session was extended."""

    access_token: str
    ends_at_ms: int
    booking_url: str
    extendable: bool


class PlaceView(NamedTuple):
    """A place as its visitor sees it. `ahead` and `wait` are for those who wait, `admission` for the admitted."""

    place: Place
    state: State
    epoch: int
    ahead: int | None = None
    wait: Wait | None = None
    admission: Admission | None = None
    forgotten_at: int = 0
    """When its line is forgotten, in epoch seconds; 0 where the line was not asked, or the wait is over."""

    @property
    def reason(self) -> State | None:
        """Why it ended, if it did."""
        return None if self.state in ("waiting", "admitted") else self.state


class TokenMint(Protocol):
    """Mints access tokens."""

    def mint(self, session: Session, keys: Sequence[Key]) -> str:
        """The token of a session."""


class AdmissionDesk:
    """Hands out admissions; `keys` gives the access keys in use."""

    def __init__(self, mint: TokenMint, keys: Callable[[], Sequence[Key]], public_url: str) -> None:
        self._mint = mint
        self._keys = keys
        self._public_url = public_url

    def admission(self, session: Session) -> Admission:
        """The admission of a session: asked again, the same."""
        return Admission(
            access_token=self._mint.mint(session, self._keys()),
            ends_at_ms=session.ends_at_ms,
            booking_url=f"{self._public_url}/v1/onsales/{session.place.onsale}/booking",
            extendable=not session.extended,
        )

    def view(self, session: Session, *, epoch: int, now_ms: int) -> PlaceView:
        """A place whose session the ledger knows."""
        state = session.state(now_ms)
        admission = self.admission(session) if state == "admitted" else None
        return PlaceView(session.place, state, epoch, ahead=0, admission=admission)
