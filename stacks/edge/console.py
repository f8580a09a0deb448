"""The console as the operators' pool knows it: a page that signs people in by itself, without a secret."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from fairline.routes import OPERATOR_SCOPE

PATH = "/console"
SETTINGS = "console/settings.json"
SCOPES = ("openid", OPERATOR_SCOPE)


class Console(Construct):
    """`client_id` is the audience of operators' tokens. A night's work takes one sign-in."""

    def __init__(self, scope: Construct, construct_id: str, *, pool: cognito.IUserPool, public_url: str) -> None:
        super().__init__(scope, construct_id)
        client = cognito.UserPoolClient(
            self,
            "Client",
            user_pool=pool,
            generate_secret=False,
            auth_flows=cognito.AuthFlow(),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.custom(OPERATOR_SCOPE)],
                callback_urls=[f"{public_url}{PATH}"],
                logout_urls=[f"{public_url}{PATH}"],
            ),
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.hours(12),
        )
        self.client_id = client.user_pool_client_id


def console_settings(issuer: str, client_id: str) -> Mapping[str, Any]:
    """What the page has to know to sign somebody in: nothing that is secret. The one-machine room tells the same."""
    return {"issuer": issuer, "client_id": client_id, "scopes": list(SCOPES)}
