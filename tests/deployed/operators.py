"""Signing in as an operator, through the deployed pool's own sign-in page as a browser would."""

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import urllib3

from fairline.routes import OPERATOR_SCOPE
from tests.deployed.deployment import Deployed

EMAIL = "operator@example.com"


def operator_token(deployed: Deployed, *, scope: str = f"openid {OPERATOR_SCOPE}") -> str:
    """An access token by the code flow, for an account made as the guide says: by whoever deploys."""
    password = f"Aa1!{secrets.token_hex(8)}"
    _account(deployed, password)
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "client_id": deployed.outputs["OperatorsClientId"],
        "redirect_uri": _callback(deployed),
    }
    challenge = {
        "response_type": "code",
        "scope": scope,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    redirect = _post(deployed, "/login", {**asked, **challenge, "username": EMAIL, "password": password})
    code = parse_qs(urlsplit(redirect.headers["location"]).query)["code"][0]
    grant = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    token: str = _post(deployed, "/oauth2/token", {**asked, **grant}).json()["access_token"]
    return token


def _account(deployed: Deployed, password: str) -> None:
    cognito, pool = deployed.emulator.client("cognito-idp"), deployed.outputs["OperatorsPool"]
    if not cognito.list_users(UserPoolId=pool)["Users"]:
        cognito.admin_create_user(UserPoolId=pool, Username=EMAIL, TemporaryPassword=password)
    cognito.admin_set_user_password(UserPoolId=pool, Username=EMAIL, Password=password, Permanent=True)


def _callback(deployed: Deployed) -> str:
    told = deployed.emulator.client("cognito-idp").describe_user_pool_client(
        UserPoolId=deployed.outputs["OperatorsPool"], ClientId=deployed.outputs["OperatorsClientId"]
    )
    address: str = told["UserPoolClient"]["CallbackURLs"][0]
    return address


def _post(deployed: Deployed, path: str, form: dict[str, str]) -> Any:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    address = deployed.emulator.host.endpoint + path
    return urllib3.request("POST", address, body=urlencode(form), headers=headers, redirect=False, retries=False)
