"""The public addresses, put together. They are there before anything answers, and stay when it is replaced."""

from urllib.parse import urlsplit

from aws_cdk import Aws, CfnOutput, Environment, Stack
from constructs import Construct

from stacks.build import Build
from stacks.edge.addresses import Addresses, OriginSecret
from stacks.edge.console import SETTINGS, Console, console_settings
from stacks.edge.distribution import Front, api_origin
from stacks.edge.site import Site
from stacks.settings import Settings
from stacks.stateful.stack import Stateful

CDKS_OWN = {"cfn-lint": {"config": {"ignore_checks": ["W3005"]}}}
"""Dependencies that are named twice, in what CDK adds to lay files into a bucket."""


class Edge(Stack):
    """The distribution, both APIs without what answers, and the operators' application.

    `public_url` is an origin; `websocket_url` is what fans connect to, `sockets_url` what posts to them.
    `operators_audience` are the clients whose tokens the console's API takes.
    """

    def __init__(  # noqa: PLR0913 - what it leans on, by name
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        stateful: Stateful,
        web_acl_arn: str,
        build: Build,
        env: Environment,
    ) -> None:
        super().__init__(scope, construct_id, env=env, termination_protection=settings.retain)
        self.template_options.metadata = CDKS_OWN
        addresses = Addresses(self, "Addresses", name=settings.name)
        self.http_api, self.websocket_api = addresses.http_api, addresses.websocket_api
        self.websocket_url, self.sockets_url = addresses.websocket_url, addresses.sockets_url
        self.origin_secret = OriginSecret(self, "Origin", name=settings.name).secret
        self.site = Site(self, "Site")
        front = Front(
            self,
            "Front",
            settings=settings,
            site=self.site.bucket,
            api=api_origin(addresses.http_host, self.origin_secret.secret_value),
            web_acl_arn=web_acl_arn,
            connect=[stateful.status_url, addresses.websocket_origin, *issuers(settings, stateful)],
            pictures=stateful.status_url,
        )
        self.distribution, self.public_url = front.distribution, front.url
        self._admit_operators(settings, stateful)
        told = console_settings(stateful.operators_issuer, self.operators_audience[0])
        self.site.fill(build, settings, {SETTINGS: told})
        self._tell(addresses.http_host)

    def _admit_operators(self, settings: Settings, stateful: Stateful) -> None:
        self.operators_audience = [settings.operators_client_id]
        if stateful.operators:
            console = Console(self, "Console", pool=stateful.operators, public_url=self.public_url)
            self.operators_audience = [console.client_id]

    def _tell(self, api_host: str) -> None:
        known = {
            "PublicUrl": self.public_url,
            "ApiUrl": f"https://{api_host}",
            "WebSocketUrl": self.websocket_url,
            "OriginSecretArn": self.origin_secret.secret_arn,
            "DistributionId": self.distribution.distribution_id,
            "SiteBucket": self.site.bucket.bucket_name,
            "OperatorsClientId": self.operators_audience[0],
        }
        for name, value in known.items():
            CfnOutput(self, f"{name}Output", value=value).override_logical_id(name)


def issuers(settings: Settings, stateful: Stateful) -> list[str]:
    """Origins that a browser asks for tokens: the visitors' issuer with what else it names, and the operators'."""
    visitors = [_origin(settings.oidc_issuer)] if settings.oidc_issuer else []
    pool = [f"https://cognito-idp.{settings.region}.{Aws.URL_SUFFIX}", stateful.operators_sign_in]
    operators = pool if stateful.operators else [_origin(settings.operators_issuer)]
    return list(dict.fromkeys([*visitors, *settings.oidc_origins, *operators]))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
