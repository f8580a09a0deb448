"""What operators do over HTTP. API Gateway has checked their token and its scope."""

from fairline.entrypoints.admin import ANSWERS
from fairline.entrypoints.http import Request, Response, endpoint


@endpoint
def handler(request: Request) -> Response:
    """Every route under `/v1/admin/onsales`."""
    return ANSWERS[request.route_key](request)
