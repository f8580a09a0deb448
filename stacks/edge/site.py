"""The page's bucket, and the page in it."""

from collections.abc import Mapping
from typing import Any, cast

from aws_cdk import Acknowledgment, IgnoreMode, RemovalPolicy, Stack, Validations
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from stacks.buckets import private_bucket
from stacks.build import Build
from stacks.log_groups import kept_logs
from stacks.pages import TEMPLATE, pages
from stacks.settings import Settings

PAGES = "*.html"
NOT_THE_TEMPLATE: Any = {"exclude": [f"/{TEMPLATE}"], "ignore_mode": IgnoreMode.GIT}
FRESH_PAGE = deployment.CacheControl.from_string("public, max-age=0, s-maxage=60")
"""A browser asks each time, and the CDN answers it."""
FRESH_PART = deployment.CacheControl.from_string("public, max-age=60, s-maxage=60")
"""Files keep their names when they change, so whatever is old is forgotten within two minutes of a deployment."""
DEPLOYER = "Custom::CDKBucketDeployment"


class Site(Construct):
    """`bucket` has the page. What is in it comes from the repository, so nothing is lost with it."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        public = "The page, which anybody may read; CloudFront alone reads it here."
        self.bucket = private_bucket(self, "Bucket", removal=RemovalPolicy.DESTROY, unlogged=public)

    def fill(self, build: Build, settings: Settings, beside: Mapping[str, Any]) -> None:
        """Lay the page into the bucket: what it loads first, then the page that asks for it.

        `beside` are documents that only this deployment has, by their names.
        """
        both: dict[str, Any] = {
            "sources": [
                deployment.Source.asset(str(build.site), **NOT_THE_TEMPLATE),
                *_rendered(build),
                *(deployment.Source.json_data(name, document) for name, document in beside.items()),
            ],
            "destination_bucket": self.bucket,
            "retain_on_delete": False,
            "log_group": kept_logs(self, "Logs", settings=settings),
        }
        parts = deployment.BucketDeployment(self, "Parts", exclude=[PAGES], cache_control=[FRESH_PART], **both)
        pages = deployment.BucketDeployment(
            self, "Pages", exclude=["*"], include=[PAGES], cache_control=[FRESH_PAGE], **both
        )
        pages.node.add_dependency(parts)
        self._accept(Stack.of(self))

    def _accept(self, stack: Stack) -> None:
        """CDK's own function, which copies assets into buckets, with the role that CDK gives it."""
        reason = "CDK's own function for laying files into a bucket; it runs while the stack is deployed."
        own = stack.get_logical_id(cast("s3.CfnBucket", self.bucket.node.default_child))
        assets = f"arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-{stack.region}"
        found = [
            "L1",
            "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
            *(f"IAM5[Action::s3:{action}*]" for action in ("Abort", "DeleteObject", "GetBucket", "GetObject", "List")),
            *(f"IAM5[Resource::{bucket}/*]" for bucket in (assets, f"<{own}.Arn>")),
        ]
        [deployer] = [child for child in stack.node.children if child.node.id.startswith(DEPLOYER)]
        for rule in found:
            Validations.of(deployer).acknowledge(Acknowledgment(id=f"AwsSolutions-{rule}", reason=reason))


def _rendered(build: Build) -> list[deployment.ISource]:
    """The page in each language."""
    return [deployment.Source.data(place, page) for place, page in pages(build.site).items()]
