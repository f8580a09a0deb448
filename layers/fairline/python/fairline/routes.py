"""The public interface as plain data: which request reaches which function.

Read by the CDK app, by the one-machine room and by the function that answers `$default`,
so that no two of them can disagree about what exists.
"""

from dataclasses import dataclass
from typing import Literal

Authorizer = Literal["fan", "operator", "gate"]


@dataclass(frozen=True)
class HttpRoute:
    """One route of the HTTP API.

    `authorizer`: `fan` checks an ID token in `oidc` mode and nothing in `guest` mode; `operator` wants the
    scope `fairline/operator`; `gate` is the Lambda authorizer in front of the booking backend.
    """

    method: str
    path: str
    function: str
    authorizer: Authorizer | None = None

    @property
    def key(self) -> str:
        """API Gateway's route key, such as `GET /v1/onsales/{onsale}`."""
        return f"{self.method} {self.path}"


ONSALE = "/v1/onsales/{onsale}"
ADMIN = "/v1/admin/onsales"

HTTP_ROUTES = (
    HttpRoute("GET", ONSALE, "onsale"),
    HttpRoute("POST", f"{ONSALE}/registrations", "register", "fan"),
    HttpRoute("GET", f"{ONSALE}/place", "place"),
    HttpRoute("DELETE", f"{ONSALE}/place", "place"),
    HttpRoute("GET", f"{ONSALE}/place/code", "place"),
    HttpRoute("POST", f"{ONSALE}/place/extension", "place"),
    HttpRoute("POST", f"{ONSALE}/place/departure", "place"),
    HttpRoute("ANY", f"{ONSALE}/booking/{{proxy+}}", "booking", "gate"),
    HttpRoute("POST", f"{ONSALE}/sessions/{{session}}/completion", "complete"),
    HttpRoute("GET", ADMIN, "admin", "operator"),
    HttpRoute("POST", ADMIN, "admin", "operator"),
    HttpRoute("GET", f"{ADMIN}/{{onsale}}", "admin", "operator"),
    HttpRoute("PATCH", f"{ADMIN}/{{onsale}}", "admin", "operator"),
    HttpRoute("POST", f"{ADMIN}/{{onsale}}/pause", "admin", "operator"),
    HttpRoute("POST", f"{ADMIN}/{{onsale}}/resume", "admin", "operator"),
    HttpRoute("POST", f"{ADMIN}/{{onsale}}/close", "admin", "operator"),
    HttpRoute("POST", f"{ADMIN}/{{onsale}}/notice", "admin", "operator"),
    HttpRoute("POST", f"{ADMIN}/{{onsale}}/completion-key", "admin", "operator"),
    HttpRoute("POST", f"{ADMIN}/{{onsale}}/picture", "admin", "operator"),
    HttpRoute("GET", f"{ADMIN}/{{onsale}}/metrics", "admin", "operator"),
    HttpRoute("GET", f"{ADMIN}/{{onsale}}/history", "admin", "operator"),
    HttpRoute("GET", f"{ADMIN}/{{onsale}}/audit", "admin", "operator"),
    HttpRoute("POST", f"{ADMIN}/{{onsale}}/place-lookup", "admin", "operator"),
    HttpRoute("GET", "/v1/admin/errors", "errors", "operator"),
)
DEFAULT_FUNCTION = "onsale"
"""Answers `$default`: 404, or 405 where the path exists with another method."""

GATE_HEADERS = {
    "x-fairline-visitor": "visitor",
    "x-fairline-session": "session",
    "x-fairline-onsale": "onsale",
}
"""Headers overwritten on the way to the booking backend, each with the gate's context value it takes."""

ORIGIN_HEADER = "x-fairline-origin"
"""Added by the CDN to each request, so that nobody is answered who goes around it.

Worth keeping secret: what hands requests to a booking backend of somebody else's has to remove it.
"""

ADDRESS_HEADER = "x-fairline-address"
"""The client's address as the CDN saw it, on each request while guests are limited by address.

The CDN writes over whatever the client sent. While it writes nothing, nobody reads it.
"""

OPERATOR_SCOPE = "fairline/operator"

SOCKET_AUTHORIZER = "authorize_socket"
SOCKET_ROUTES = {"$connect": "connect", "$disconnect": "disconnect", "$default": "message"}
"""Routes of the WebSocket API; `$default` answers by route response."""
