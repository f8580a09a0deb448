"""What somebody shows at the gate."""

from fairline.clients import setting
from fairline.domain.cookies import access_cookie, meant
from fairline.domain.gate import onsale_of
from fairline.entrypoints.http import Request


def entry_token(request: Request) -> str:
    """The access token of the header; where there is no such header, that of the onsale's own cookie. Empty for none.

    A cookie comes along whoever had the browser ask: with one, nothing is changed but from a page of ours.
    """
    if request.header("authorization") is not None:
        return request.bearer() or ""
    onsale = onsale_of(request.path)
    if onsale is None or not meant(request.method, request.header("origin"), setting("PUBLIC_URL")):
        return ""
    return request.cookie(access_cookie(onsale)) or ""
