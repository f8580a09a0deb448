"""A load balancer of your own that lets in whoever has a session: its listener checks the access token."""

from collections.abc import Sequence

from aws_cdk import CfnResource, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

CLAIMS = "Actions.0.JwtValidationConfig.AdditionalClaims"


class ShopBalancer(Stack):
    """`/{onsale}/…` for each of `onsales`; `issuer` is the deployment's StatusUrl. Targets register with `shop`."""

    def __init__(  # noqa: PLR0913 - what it stands between, by name
        self,
        scope: Construct,
        construct_id: str,
        *,
        issuer: str,
        onsales: Sequence[str],
        vpc: ec2.IVpc,
        certificate: acm.ICertificate,
    ) -> None:
        super().__init__(scope, construct_id)
        self.shop = elbv2.ApplicationTargetGroup(
            self, "Shop", vpc=vpc, port=8000, protocol=elbv2.ApplicationProtocol.HTTP, target_type=elbv2.TargetType.IP
        )
        balancer = elbv2.ApplicationLoadBalancer(self, "Balancer", vpc=vpc, internet_facing=True)
        self._listener = balancer.add_listener(
            "Https", port=443, certificates=[certificate], default_action=elbv2.ListenerAction.fixed_response(404)
        )
        for number, onsale in enumerate(onsales, start=1):
            self._admit(number, onsale, issuer)

    def _admit(self, number: int, onsale: str, issuer: str) -> None:
        rule = elbv2.ApplicationListenerRule(
            self,
            f"Sessions-{onsale}",
            listener=self._listener,
            priority=number,
            conditions=[elbv2.ListenerCondition.path_patterns([f"/{onsale}/*"])],
            action=elbv2.ListenerAction.authenticate_jwt(
                issuer=issuer,
                jwks_endpoint=f"{issuer}/.well-known/jwks.json",
                next=elbv2.ListenerAction.forward([self.shop]),
            ),
        )
        resource = rule.node.default_child
        if not isinstance(resource, CfnResource):
            raise TypeError(resource)
        # By itself the listener asks for issuer and expiry alone: without this, any onsale's visitors come in.
        audience = {"Name": "aud", "Format": "single-string", "Values": [onsale]}
        resource.add_property_override(CLAIMS, [audience])
