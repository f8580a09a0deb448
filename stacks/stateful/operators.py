"""Operators of this deployment: accounts that somebody makes for them, with a second factor."""

from aws_cdk import Acknowledgment, Aws, Fn, RemovalPolicy, Validations
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from fairline.routes import OPERATOR_SCOPE
from stacks.settings import Settings

LONG = 14
"""Characters of a password, at least."""


class Operators(Construct):
    """`issuer` is in their tokens, `sign_in` is where they sign in. What they sign in to is added elsewhere."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self.pool = self._pool(settings)
        resource, _, scope_name = OPERATOR_SCOPE.partition("/")
        operator = cognito.ResourceServerScope(scope_name=scope_name, scope_description="Operate onsales")
        self.pool.add_resource_server("Server", identifier=resource, scopes=[operator])
        self.issuer = self.pool.user_pool_provider_url
        self.sign_in = self._domain().base_url()

    def _pool(self, settings: Settings) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "Pool",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            mfa=cognito.Mfa.REQUIRED,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            password_policy=cognito.PasswordPolicy(
                min_length=LONG,
                require_lowercase=True,
                require_uppercase=True,
                require_digits=True,
                require_symbols=True,
            ),
            deletion_protection=settings.retain,
            removal_policy=RemovalPolicy.RETAIN if settings.retain else RemovalPolicy.DESTROY,
        )
        certain = (
            "It may lock operators out on the night of a sale for signing in from a venue; they have a second factor."
        )
        Validations.of(pool).acknowledge(Acknowledgment(id="AwsSolutions-COG8", reason=certain))
        return pool

    def _domain(self) -> cognito.UserPoolDomain:
        """Its prefix must be nobody else's in the Region, in any account: so it comes from the stack's own random id.

        The first generation of the sign-in pages needs no style for each application, and knows second factors.
        """
        stack_uuid = Fn.select(2, Fn.split("/", Aws.STACK_ID))
        prefix = f"fairline-{Fn.select(0, Fn.split('-', stack_uuid))}"
        return self.pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=prefix),
            managed_login_version=cognito.ManagedLoginVersion.CLASSIC_HOSTED_UI,
        )
