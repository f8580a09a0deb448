"""Buckets: closed to the public, encrypted, over TLS alone."""

from collections.abc import Sequence

from aws_cdk import Acknowledgment, RemovalPolicy, Validations
from aws_cdk import aws_s3 as s3
from constructs import Construct


def private_bucket(
    scope: Construct,
    construct_id: str,
    *,
    removal: RemovalPolicy,
    unlogged: str,
    lifecycle: Sequence[s3.LifecycleRule] = (),
) -> s3.Bucket:
    """A bucket. `unlogged` says why who reads it is not written down."""
    bucket = s3.Bucket(
        scope,
        construct_id,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        lifecycle_rules=list(lifecycle) or None,
        removal_policy=removal,
    )
    Validations.of(bucket).acknowledge(Acknowledgment(id="AwsSolutions-S1", reason=unlogged))
    return bucket
