"""The status documents and the published keys: a bucket, and a distribution of its own in front of it.

Of its own, because a crowd asks for them once every few seconds: no firewall is paid for each of these requests, and no
cookie, query or header keeps CloudFront from answering all of them with one.
"""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.buckets import private_bucket
from stacks.cdn import accept, bucket_origin, failures_kept
from stacks.settings import Settings

SECOND = Duration.seconds(1)
LONGEST_FRESH = Duration.hours(1)
FORGOTTEN = Duration.days(400)
NO_LISTING = "index.html"
"""No such object: the list that `/` would be answered with is that of the onsales."""


class StatusBucket(Construct):
    """Private. Its objects are written over once a second, and a tick or rotation makes them again: no versions."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self.bucket = private_bucket(
            self,
            "Bucket",
            removal=RemovalPolicy.RETAIN if settings.retain else RemovalPolicy.DESTROY,
            unlogged="A write a second for each onsale and reads by CloudFront alone, of what anybody may read.",
            lifecycle=[s3.LifecycleRule(prefix=prefix, expiration=FORGOTTEN) for prefix in ("status/", "pictures/")],
        )


class StatusDistribution(Construct):
    """`url` is where the documents are, and the issuer of access tokens."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str, bucket: s3.IBucket) -> None:
        super().__init__(scope, construct_id)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"{name}: status documents and published keys",
            default_root_object=NO_LISTING,
            default_behavior=cloudfront.BehaviorOptions(
                origin=bucket_origin(bucket),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                cache_policy=self._cache_policy(),
                response_headers_policy=self._open_to_all(),
                compress=True,
            ),
            error_responses=failures_kept(SECOND),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_ALL,
        )
        self.url = f"https://{self.distribution.distribution_domain_name}"
        self._accept()

    def _cache_policy(self) -> cloudfront.CachePolicy:
        """As long as the object says, and a second at least: with none, each request would go to the bucket."""
        return cloudfront.CachePolicy(
            self,
            "Second",
            comment="What the object says, a second at least",
            min_ttl=SECOND,
            default_ttl=SECOND,
            max_ttl=LONGEST_FRESH,
            enable_accept_encoding_brotli=True,
            enable_accept_encoding_gzip=True,
        )

    def _open_to_all(self) -> cloudfront.ResponseHeadersPolicy:
        """Any page may read them, since the waiting room's own has another name."""
        return cloudfront.ResponseHeadersPolicy(
            self,
            "OpenToAll",
            comment="Any page may read",
            cors_behavior=cloudfront.ResponseHeadersCorsBehavior(
                access_control_allow_credentials=False,
                access_control_allow_headers=["*"],
                access_control_allow_methods=["GET", "HEAD"],
                access_control_allow_origins=["*"],
                origin_override=True,
            ),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(365), override=True
                ),
            ),
        )

    def _accept(self) -> None:
        reasons = {
            "CFR2": "Static public documents: a firewall would be paid for each poll of the crowd and protect nothing.",
            "CFR3": "A line for each poll of the crowd, about documents that anybody may read.",
            "CFR4": "Under CloudFront's own domain name AWS sets the oldest TLS version; browsers use the newest.",
        }
        accept(self, self.distribution, reasons, root="an object")
