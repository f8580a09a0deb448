"""Lets `good` connect, fails at `broken`, refuses the rest."""

from typing import Any


def handler(event: dict[str, Any], _context: Any) -> Any:
    token = event["queryStringParameters"]["visitor_token"]
    if token == "broken":
        raise RuntimeError("the authorizer is broken")
    effect = "Allow" if token == "good" else "Deny"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    return {
        "principalId": "v1",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"onsale": event["queryStringParameters"]["onsale"], "place": 7, "near": True},
    }
