"""What the console is told of this room: beside its files in a deployment, made up here."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fairline.routes import OPERATOR_SCOPE
from local.issuer import OPERATORS

SETTINGS = "/console/settings.json"


def console_settings(issuer: str) -> Route:
    """The route of the settings: who signs operators in, and for what."""
    told = {"issuer": issuer, "client_id": OPERATORS, "scopes": ["openid", OPERATOR_SCOPE]}

    async def endpoint(_request: Request) -> Response:
        return JSONResponse(told, headers={"cache-control": "no-cache"})

    return Route(SETTINGS, endpoint)
