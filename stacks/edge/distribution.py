"""The public name: the page from its bucket and the API from its own host, behind one firewall."""

from collections.abc import Sequence

from aws_cdk import Duration, SecretValue
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from fairline.routes import ADDRESS_HEADER, ONSALE, ORIGIN_HEADER
from stacks.cdn import accept, bucket_origin, failures_kept
from stacks.edge.door import DOOR
from stacks.edge.headers import response_headers
from stacks.edge.hint import HINT
from stacks.settings import Settings

EVERY_ONSALE = ONSALE.replace("{onsale}", "*")
REQUEST, RESPONSE = cloudfront.FunctionEventType.VIEWER_REQUEST, cloudfront.FunctionEventType.VIEWER_RESPONSE
SECOND = Duration.seconds(1)
NEVER = Duration.seconds(0)
"""For how long one visitor's failure is given to others."""
TELL_ADDRESS = f"""
function handler(event) {{
  event.request.headers["{ADDRESS_HEADER}"] = {{ value: event.viewer.ip }};
  return event.request;
}}
""".strip()
"""Written over whatever the client sent, so that nobody chooses their address: for every request to the API, since a
path written in another way may reach the same route.

`X-Forwarded-For` begins with what the client claims, and where CloudFront's part of it stands depends on who adds to it
behind. CloudFront's own header of the address is not documented to come with every header of the client but `Host`.
"""


class Front(Construct):
    """`url` is the public address. `connect` are the origins that the page calls beside its own.

    `pictures` is the one origin beside its own that it shows pictures of.
    """

    def __init__(  # noqa: PLR0913 - what it puts under one name, by name
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        site: s3.IBucket,
        api: cloudfront.IOrigin,
        web_acl_arn: str,
        connect: Sequence[str],
        pictures: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self._headers = response_headers(self, "Headers", connect=connect, pictures=pictures)
        self._before = [self._tell_address()] if settings.guest_places_per_address else None
        own_name = [settings.domain_name] if settings.domain_name else None
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"{settings.name}: the page and the API",
            default_root_object="index.html",
            default_behavior=self._site(site),
            additional_behaviors=self._api(api),
            error_responses=failures_kept(NEVER),
            domain_names=own_name,
            certificate=self._certificate(settings) if own_name else None,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if own_name else None,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            # Fans are near where the show is, which a cheaper class might leave out, and every edge takes its part.
            price_class=cloudfront.PriceClass.PRICE_CLASS_ALL,
            web_acl_id=web_acl_arn,
        )
        self.url = f"https://{settings.domain_name or self.distribution.distribution_domain_name}"
        self._accept(settings)

    def _site(self, bucket: s3.IBucket) -> cloudfront.BehaviorOptions:
        """Whatever is sent here that is not to be read is answered at the door: no such method reaches the bucket."""
        return cloudfront.BehaviorOptions(
            origin=bucket_origin(bucket),
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            function_associations=[
                self._on_its_way("Door", DOOR, "Picks the language of the page"),
                self._on_its_way("Hint", HINT, "Tells browsers what the page will ask for", RESPONSE),
            ],
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self._headers,
            compress=True,
        )

    def _api(self, api: cloudfront.IOrigin) -> dict[str, cloudfront.BehaviorOptions]:
        """The description of an onsale is the one answer that is the same for all; CloudFront takes the first match."""
        every = cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER
        uncached = self._passed_on(api, cloudfront.CachePolicy.CACHING_DISABLED, every)
        described = self._passed_on(api, self._for_a_second(), None)
        return {f"{EVERY_ONSALE}/*": uncached, EVERY_ONSALE: described, "/v1/*": uncached}

    def _passed_on(
        self,
        api: cloudfront.IOrigin,
        cached: cloudfront.ICachePolicy,
        request: cloudfront.IOriginRequestPolicy | None,
    ) -> cloudfront.BehaviorOptions:
        """Over TLS or not at all: a redirect would come after a token had been sent in clear."""
        return cloudfront.BehaviorOptions(
            origin=api,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            cache_policy=cached,
            origin_request_policy=request,
            response_headers_policy=self._headers,
            function_associations=self._before,
            compress=True,
        )

    def _tell_address(self) -> cloudfront.FunctionAssociation:
        return self._on_its_way("TellAddress", TELL_ADDRESS, "Tells the API which address a request came from")

    def _on_its_way(
        self, construct_id: str, code: str, comment: str, event: cloudfront.FunctionEventType = REQUEST
    ) -> cloudfront.FunctionAssociation:
        """What looks at every request of a behaviour before its cache is asked, or at every answer."""
        function = cloudfront.Function(
            self,
            construct_id,
            code=cloudfront.FunctionCode.from_inline(code),
            comment=comment,
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.FunctionAssociation(event_type=event, function=function)

    def _for_a_second(self) -> cloudfront.CachePolicy:
        """Never less: with none, CloudFront would not make one request of those that come at once."""
        return cloudfront.CachePolicy(
            self,
            "Second",
            comment="One answer a second for everybody",
            min_ttl=SECOND,
            default_ttl=SECOND,
            max_ttl=SECOND,
            enable_accept_encoding_brotli=True,
            enable_accept_encoding_gzip=True,
        )

    def _certificate(self, settings: Settings) -> acm.ICertificate:
        return acm.Certificate.from_certificate_arn(self, "Certificate", settings.certificate_arn)

    def _accept(self, settings: Settings) -> None:
        reasons = {
            "CFR3": "Paths name sessions and queries may hold codes: none are written down. Metrics say how many came.",
        }
        if not settings.domain_name:
            reasons["CFR4"] = "Under CloudFront's own name AWS sets the oldest TLS version; set domain_name for 1.2."
        accept(self, self.distribution, reasons, root="the page")


def api_origin(host: str, secret: SecretValue) -> cloudfront.IOrigin:
    """The API's own host. The secret is a reference that is resolved when it is deployed: no template has it."""
    return origins.HttpOrigin(
        host,
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
        custom_headers={ORIGIN_HEADER: secret.unsafe_unwrap()},
    )
