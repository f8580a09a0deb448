"""What a deployment does beside creating things: keys are made and published before anybody needs one."""

from aws_cdk import CustomResource, Duration, FileSystem
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.functions import FUNCTIONS
from stacks.stateless.environment import environment
from stacks.stateless.function import Surroundings
from stacks.stateless.layers import LEFT_BEHIND

ROTATE = next(function for function in FUNCTIONS if function.name == "rotate")


def rotate_now(
    scope: Construct, construct_id: str, *, function: lambda_.IFunction, among: Surroundings
) -> CustomResource:
    """Run key rotation in each deployment that creates it, or changes its code or what it is told.

    The function answers CloudFormation by itself. Without an answer in time the deployment fails, and soon.
    """
    made_of = {
        "HANDLER": FileSystem.fingerprint(str(among.build.function(ROTATE.name)), exclude=LEFT_BEHIND),
        "LIBRARY": among.layers.library.layer_version_arn,
        "DEPENDENCIES": among.layers.dependencies.layer_version_arn,
    }
    return CustomResource(
        scope,
        construct_id,
        resource_type="Custom::Keys",
        service_token=function.function_arn,
        service_timeout=Duration.minutes(2),
        properties={**environment(ROTATE, among.known), **made_of},
    )
