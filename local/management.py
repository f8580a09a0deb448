"""The room's second port, for functions, tools and tests: `@connections`, Lambda's Invoke, and a report."""

import json
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.connections import Connections
from local.functions import Functions
from local.tasks import Tasks
from local.worker import FunctionError

INVOKE = "/2015-03-31/functions/{name}/invocations"


def management_app(
    functions: Functions, connections: Connections, tasks: Tasks, report: Callable[[], dict[str, Any]]
) -> Starlette:
    """The application: `boto3.client("lambda")` and `boto3.client("apigatewaymanagementapi")` both speak to it."""

    async def invoke(request: Request) -> Response:
        name, event = request.path_params["name"], json.loads(await request.body() or b"{}")
        if request.headers.get("x-amz-invocation-type") == "Event":
            tasks.spawn(_attempt(functions, name, event))
            return Response(status_code=202)
        result, failed = await _attempt(functions, name, event)
        return JSONResponse(result, headers={"x-amz-function-error": "Unhandled"} if failed else None)

    async def show(_request: Request) -> Response:
        return JSONResponse(report())

    return Starlette(
        routes=[*connections.routes(), Route(INVOKE, invoke, methods=["POST"]), Route("/report", show)],
    )


async def _attempt(functions: Functions, name: str, event: Any) -> tuple[Any, bool]:
    """The answer or the error document, and whether it is the latter."""
    try:
        return await functions.invoke(name, event), False
    except FunctionError as error:
        return error.document, True
