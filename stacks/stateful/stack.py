"""What is kept, put together. Everything else can be replaced while this stays."""

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from stacks.settings import Settings
from stacks.stateful.cache import Cache
from stacks.stateful.network import Network
from stacks.stateful.operators import Operators
from stacks.stateful.status import StatusBucket, StatusDistribution
from stacks.stateful.tables import Tables


class Stateful(Stack):
    """Network, cache, tables, status documents, operators.

    `tables` are by the names of `stacks/tables.py`; `status_url` is an origin, and the issuer of access tokens.
    `operators` is None, and `operators_sign_in` empty, if they have an issuer of their own.
    """

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings, env: Environment) -> None:
        super().__init__(scope, construct_id, env=env, termination_protection=settings.retain)
        tables = Tables(self, "Tables", settings=settings)
        self.tables, self.keys_encryption = tables.by_name, tables.keys_encryption
        self.status_bucket = StatusBucket(self, "Status", settings=settings).bucket
        network = Network(self, "Network", settings=settings, tables=self.tables.values(), bucket=self.status_bucket)
        self.vpc, self.functions_security_group = network.vpc, network.functions_security_group
        self.cache = Cache(self, "Cache", settings=settings, network=network)
        status = StatusDistribution(self, "StatusUrl", name=settings.name, bucket=self.status_bucket)
        self.status_url, self.status_distribution = status.url, status.distribution
        self._sign_in_operators(settings)
        self._tell(settings)

    def _sign_in_operators(self, settings: Settings) -> None:
        self.operators: cognito.IUserPool | None = None
        self.operators_issuer, self.operators_sign_in = settings.operators_issuer, ""
        if settings.own_operators:
            own = Operators(self, "Operators", settings=settings)
            self.operators, self.operators_issuer, self.operators_sign_in = own.pool, own.issuer, own.sign_in

    def _tell(self, settings: Settings) -> None:
        known = {f"{name.capitalize()}Table": table.table_name for name, table in self.tables.items()}
        known |= {"StatusUrl": self.status_url, "StatusBucket": self.status_bucket.bucket_name}
        known |= {"SessionSeconds": str(settings.session_seconds)}
        if self.operators:
            known |= {"OperatorsPool": self.operators.user_pool_id, "OperatorsSignIn": self.operators_sign_in}
        for name, value in known.items():
            CfnOutput(self, f"{name}Output", value=value).override_logical_id(name)
