"""Whoever comes without JavaScript: known by their `Accept` or their form, and by cookies instead of a header.

What makes pages is imported with the first one that is asked for: a line of programs pays nothing for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from fairline.clients import setting
from fairline.domain.cookies import meant
from fairline.domain.errors import InvalidToken, WrongOrigin
from fairline.entrypoints.http import LARGEST_BODY, Event, Request, Response, answering, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairline.domain.errors import FairlineError
    from fairline.entrypoints.http import Handle

FORM = "application/x-www-form-urlencoded"
PAGE, DATA = "text/html", "application/json"


def reads(request: Request) -> bool:
    """Whether a person is to read the answer: a form was sent, or a page is liked better than JSON."""
    accept = request.header("accept") or ""
    return is_form(request) or (PAGE in accept.lower() and _liked(accept) == PAGE)


def is_form(request: Request) -> bool:
    """Whether the body is a form's."""
    return _kind(request.header("content-type") or "") == FORM


def _liked(accept: str) -> str:
    """Which of the two is liked best; of equals the first. Neither is what a program says that cares for none."""
    named = [(_kind(part), _quality(part)) for part in accept.split(",")]
    ours = [(kind, quality) for kind, quality in named if kind in (PAGE, DATA) and quality > 0]
    return max(ours, key=lambda one: one[1], default=("", 0.0))[0]


def _kind(text: str) -> str:
    return text.partition(";")[0].strip().lower()


def _quality(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def fields(request: Request) -> dict[str, str]:
    """What a form says, the last of what it says twice. Raises InvalidRequest and PayloadTooLarge."""
    if not is_form(request):
        return {}
    return dict(parse_qsl(request.content(LARGEST_BODY).decode("utf-8", "replace"), keep_blank_values=True))


def shown_token(request: Request, cookie: str) -> str:
    """The token of the header or, without one, of this cookie. Raises InvalidToken, and WrongOrigin as `require_meant`.

    A form is checked whatever it is known by; a header no other site's page can send.
    """
    bearer = request.bearer()
    token = bearer or request.cookie(cookie)
    if not token:
        raise InvalidToken("Send the token as `Authorization: Bearer …`.")
    if bearer is None or is_form(request):
        require_meant(request)
    return token


def require_meant(request: Request) -> None:
    """Raise WrongOrigin for what would change something and was not sent by a page of ours."""
    if not meant(request.method, request.header("origin"), setting("PUBLIC_URL")):
        raise WrongOrigin("Open the page again, and use it there.")


def readable(handle: Handle) -> Callable[[Event, object], Event]:
    """As `endpoint`, for what people read as well: they are refused with a page."""
    return answering(handle, _refuse)


def _refuse(error: FairlineError, request: Request) -> Response:
    answer = refused(error)
    if not reads(request):
        return answer
    from fairline.entrypoints.plain_refusal import page_of

    return page_of(error, request, answer)
