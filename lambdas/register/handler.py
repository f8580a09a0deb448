"""Joining the line."""

from fairline import wiring
from fairline.domain.identity import signed_in
from fairline.entrypoints.bodies import place_body
from fairline.entrypoints.guests import registered
from fairline.entrypoints.http import Request, Response
from fairline.entrypoints.readers import readable, reads
from fairline.snapshot import hold

hold("boto3", "redis", "jwt", "aws_lambda_powertools")


@readable
def handler(request: Request) -> Response:
    """`POST /v1/onsales/{onsale}/registrations`: 201 with a new place, 200 with the one there is.

    A form is sent on to the page of the place.
    """
    onsale = request.onsale
    claims, token = request.claims(), request.bearer()
    cookies: tuple[str, ...] = ()
    if claims is not None:
        made = wiring.registrar().register(onsale, signed_in(claims["iss"], claims.get("sub")))
    elif token is not None:
        made = wiring.registrar().return_with(token, onsale)
    elif reads(request):
        from fairline.entrypoints.plain_door import joins

        return joins(request)
    else:
        made, cookies = registered(request, onsale)
    body = {"visitor_token": made.visitor_token, **place_body(made.view, wiring.polls())}
    return Response(201 if made.is_new else 200, body, cookies=cookies)
