"""A network that nothing enters and nothing leaves, but for two doors to DynamoDB and S3.

Gateway endpoints cost nothing; a NAT gateway or an interface endpoint would cost more a month than everything else that
idles. So only those functions live in here that talk to the cache, and they call nothing else of AWS.
"""

from collections.abc import Iterable

from aws_cdk import Aws, Fn
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.functions import FUNCTIONS
from stacks.grants import grants_of, in_a_vpc
from stacks.log_groups import kept_logs
from stacks.settings import Settings

HTTPS = 443
ADDRESSES = "10.42.0.0/16"
SUBNET_BITS = 20
"""4,096 addresses a zone: functions share network interfaces, and the cache has a few nodes."""


class Network(Construct):
    """`functions_security_group` is for functions that call the cache."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        tables: Iterable[dynamodb.ITable],
        bucket: s3.IBucket,
    ) -> None:
        super().__init__(scope, construct_id)
        self.vpc = self._vpc(settings)
        self.functions_security_group = self._functions_security_group()
        arns = [arn for table in tables for arn in (table.table_arn, f"{table.table_arn}/index/*")]
        self._door("DynamoDB", ec2.GatewayVpcEndpointAwsService.DYNAMODB, "dynamodb", arns)
        objects = [bucket.arn_for_objects("*")]
        self._door("S3", ec2.GatewayVpcEndpointAwsService.S3, "s3", objects)
        self._log_refusals(settings)

    def _vpc(self, settings: Settings) -> ec2.Vpc:
        """Zones are those the account has, picked when it is deployed: nothing is looked up before.

        Closing the default security group would take a function of CDK's own. A test sees to it that nothing is in it.
        """
        zones = [Fn.select(number, Fn.get_azs()) for number in range(settings.zones)]
        isolated = ec2.SubnetConfiguration(
            name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=SUBNET_BITS
        )
        return ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(ADDRESSES),
            availability_zones=zones,
            nat_gateways=0,
            create_internet_gateway=False,
            subnet_configuration=[isolated],
            restrict_default_security_group=False,
        )

    def _functions_security_group(self) -> ec2.SecurityGroup:
        group = ec2.SecurityGroup(
            self, "Functions", vpc=self.vpc, description="Functions that call the cache", allow_all_outbound=False
        )
        group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(HTTPS), "DynamoDB and S3; nothing else has a route")
        return group

    def _door(
        self,
        construct_id: str,
        service: ec2.GatewayVpcEndpointAwsService,
        prefix: str,
        resources: list[str],
    ) -> None:
        """Roles say who may do what; the door says that nobody in here reaches what is somebody else's."""
        endpoint = self.vpc.add_gateway_endpoint(construct_id, service=service)
        endpoint.add_to_policy(
            iam.PolicyStatement(
                principals=[iam.AnyPrincipal()],
                actions=called_inside(prefix),
                resources=resources,
                conditions={"StringEquals": {"aws:PrincipalAccount": Aws.ACCOUNT_ID}},
            )
        )

    def _log_refusals(self, settings: Settings) -> None:
        """What was refused: nothing, unless something is wrong or somebody is inside. So these logs cost nothing."""
        group = kept_logs(self, "Refused", settings=settings)
        self.vpc.add_flow_log(
            "FlowLog",
            traffic_type=ec2.FlowLogTrafficType.REJECT,
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(group),
        )


def called_inside(service: str) -> list[str]:
    """What the functions in the network may do with a service, taken together."""
    grants = [grant for function in FUNCTIONS if in_a_vpc(function) for grant in grants_of(function)]
    return sorted({action for grant in grants for action in grant.actions if action.startswith(f"{service}:")})
