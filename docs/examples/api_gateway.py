"""An HTTP API of your own that lets in whoever has a session: API Gateway checks the access token."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_authorizers import HttpJwtAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct


class ShopApi(Stack):
    """`/{onsale}/…` for each of `onsales`; `issuer` is the deployment's StatusUrl, `shop` sells the seats."""

    def __init__(
        self, scope: Construct, construct_id: str, *, issuer: str, onsales: Sequence[str], shop: lambda_.IFunction
    ) -> None:
        super().__init__(scope, construct_id)
        api = apigateway.HttpApi(self, "Api", create_default_stage=True)
        for onsale in onsales:
            # One each: an authorizer with two audiences would let the visitors of either onsale into both.
            sessions = HttpJwtAuthorizer(f"Sessions-{onsale}", issuer, jwt_audience=[onsale])
            api.add_routes(
                path=f"/{onsale}/{{proxy+}}",
                integration=HttpLambdaIntegration(f"Shop-{onsale}", shop),
                authorizer=sessions,
            )
