"""The headers of `stacks/headers.py` as CloudFront takes them: those it knows in fields, the others by name."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from stacks.headers import SECURITY_HEADERS, content_security_policy

KNOWN = ("strict-transport-security", "x-content-type-options", "x-frame-options", "referrer-policy")
"""Those that CloudFront refuses to send as a header of somebody's own. The second has only one value."""


def response_headers(
    scope: Construct, construct_id: str, *, connect: Sequence[str], pictures: str
) -> cloudfront.ResponseHeadersPolicy:
    """Sent with every answer. An answer that brings a content security policy of its own keeps that."""
    others = {name: value for name, value in SECURITY_HEADERS.items() if name not in KNOWN}
    return cloudfront.ResponseHeadersPolicy(
        scope,
        construct_id,
        comment="What every answer says to browsers",
        security_headers_behavior=_known(content_security_policy(connect, pictures)),
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
            custom_headers=[
                cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
                for name, value in others.items()
            ]
        ),
    )


def _known(policy: str) -> cloudfront.ResponseSecurityHeadersBehavior:
    transport, _, frame, referrer = (SECURITY_HEADERS[name] for name in KNOWN)
    return cloudfront.ResponseSecurityHeadersBehavior(
        content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
            content_security_policy=policy, override=False
        ),
        content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
        frame_options=cloudfront.ResponseHeadersFrameOptions(
            frame_option=cloudfront.HeadersFrameOption[frame], override=True
        ),
        referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
            referrer_policy=cloudfront.HeadersReferrerPolicy[referrer.upper().replace("-", "_")], override=True
        ),
        strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
            access_control_max_age=Duration.seconds(int(transport.removeprefix("max-age="))), override=True
        ),
    )
