"""Everything that can be refused, as one small tree; `entrypoints.http` turns it into problem documents."""

from typing import ClassVar


class FairlineError(Exception):
    """Base of all refusals.

    `slug` names the problem for programs and never changes. `retry_after_seconds` says when coming back helps,
    `extras` are further members of the problem document.
    """

    slug: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str, *, retry_after_seconds: int | None = None, **extras: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds
        self.extras = extras

    def problem(self) -> dict[str, object]:
        """The RFC 9457 problem document."""
        return {
            "type": f"urn:fairline:problem:{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extras,
        }


class InvalidRequest(FairlineError):
    """Fields that do not fit, each with its reason."""

    slug, status, title = "invalid-request", 400, "The request does not fit"

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        listed = [{"field": field, "reason": reason} for field, reason in errors]
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in errors), errors=listed)


class CookieMissing(FairlineError):
    """A form that joins, without the cookie that its page came with."""

    slug, status, title = "cookie-missing", 400, "Your browser did not keep our cookie"


class InvalidToken(FairlineError):
    """A token that is missing, forged, altered, expired or for something else."""

    slug, status, title = "invalid-token", 401, "This token is not valid here"


class NotFromTheEdge(FairlineError):
    """The request did not come through the CDN, so nothing has looked at it before us."""

    slug, status, title = "not-from-the-edge", 403, "This is not the way in"


class WrongOrigin(FairlineError):
    """A form, or a request known by its cookie, that no page of ours has sent."""

    slug, status, title = "wrong-origin", 403, "This did not come from our page"


class NotFound(FairlineError):
    """No such route, session or place."""

    slug, status, title = "not-found", 404, "There is nothing here"


class UnknownOnsale(FairlineError):
    """No onsale of that name."""

    slug, status, title = "unknown-onsale", 404, "There is no such onsale"


class MethodNotAllowed(FairlineError):
    """The path exists with other methods, named in `allow`."""

    slug, status, title = "method-not-allowed", 405, "This method is not for this address"

    def __init__(self, allow: list[str]) -> None:
        super().__init__(f"Use {', '.join(allow)}.", allow=allow)
        self.allow = allow


class StaleVersion(FairlineError):
    """An operator's change named a version that is no longer the latest."""

    slug, status, title = "stale-version", 409, "Somebody changed this onsale meanwhile"


class NameTaken(FairlineError):
    """An onsale of this name exists."""

    slug, status, title = "name-taken", 409, "An onsale of this name exists"


class SessionEnded(FairlineError):
    """The session is over, so it can be neither completed nor extended."""

    slug, status, title = "session-ended", 409, "This session is over"


class AlreadyExtended(FairlineError):
    """A session is extended once."""

    slug, status, title = "already-extended", 409, "This session has been extended already"


class Superseded(FairlineError):
    """The visitor holds another place than the one this token names.

    `instead` is that one's position, where the line holds it for them at `now_ms`, the line's time.
    """

    slug, status, title = "superseded", 410, "You have a newer place in the line"

    def __init__(self, detail: str, *, instead: int | None = None, now_ms: int = 0) -> None:
        super().__init__(detail)
        self.instead = instead
        self.now_ms = now_ms


class Closed(FairlineError):
    """The onsale has closed."""

    slug, status, title = "closed", 410, "This onsale has closed"


class PayloadTooLarge(FairlineError):
    """More than any request of the interface needs."""

    slug, status, title = "payload-too-large", 413, "That is too much"


class TooManyPlaces(FairlineError):
    """The network has taken as many places as guests may take from one; `retry_after_seconds` spares both sides."""

    slug, status, title = "too-many-places", 429, "Too many places were taken from here"


class NotOpenYet(FairlineError):
    """The lobby has not opened; `retry_after_seconds` says when it will."""

    slug, status, title = "not-open-yet", 503, "The line is not open yet"


class Unavailable(FairlineError):
    """A store does not answer, or positions cannot be issued safely right now."""

    slug, status, title = "unavailable", 503, "The line cannot be served this moment"
