"""Who may open a WebSocket: whoever holds a visitor token, for the place it names. No remote call but for keys."""

from typing import Any

from fairline import wiring
from fairline.domain.errors import FairlineError
from fairline.snapshot import hold

hold("boto3", "aws_lambda_powertools")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The policy for `$connect`; its context comes with every later event of the connection."""
    query = event.get("queryStringParameters") or {}
    try:
        claims = wiring.visitor_tokens().read(query.get("visitor_token", ""), query.get("onsale", ""))
    except FairlineError:
        return _policy("nobody", "Deny", event["methodArn"])
    policy = _policy(claims.place.visitor, "Allow", event["methodArn"])
    return {**policy, "context": {"onsale": claims.place.onsale, "place": claims.place.key}}


def _policy(principal: str, effect: str, resource: str) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {"principalId": principal, "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
