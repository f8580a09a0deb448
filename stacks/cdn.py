"""What both distributions have in common: a bucket behind them, failures soon forgotten, readers everywhere."""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import IConstruct

LISTING = "@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk"
KEPT_BY_DEFAULT = (404, 500, 502, 503, 504)
"""Failures that CloudFront would go on giving to others for ten seconds."""


def bucket_origin(bucket: s3.IBucket) -> cloudfront.IOrigin:
    """A bucket that answers 404 for what is missing: whoever may not list it is told 403 instead.

    Its distribution needs a root object, or `/` would be answered with the list.
    """
    levels = [cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST]
    return origins.S3BucketOrigin.with_origin_access_control(bucket, origin_access_levels=levels)


def failures_kept(ttl: Duration) -> list[cloudfront.ErrorResponse]:
    """Every failure that CloudFront keeps, for as long as this."""
    return [cloudfront.ErrorResponse(http_status=status, ttl=ttl) for status in KEPT_BY_DEFAULT]


def accept(scope: IConstruct, distribution: cloudfront.Distribution, reasons: Mapping[str, str], *, root: str) -> None:
    """Findings about a distribution, with the `reasons` of its own by rule; `root` is what `/` stands for."""
    everywhere = {"CFR1": "Tickets are sold to whoever comes, wherever they are."}
    for rule, reason in {**everywhere, **reasons}.items():
        Validations.of(distribution).acknowledge(Acknowledgment(id=f"AwsSolutions-{rule}", reason=reason))
    unlisted = Acknowledgment(id=LISTING, reason=f"`/` is {root}, so that the bucket is never listed.")
    Validations.of(scope).acknowledge(unlisted)
