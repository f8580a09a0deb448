"""The cache with the line in it: in the functions' network, over TLS, for whoever may `elasticache:Connect`."""

from aws_cdk import Acknowledgment, ArnFormat, RemovalPolicy, Stack, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from constructs import Construct

from stacks.settings import Settings
from stacks.stateful.network import Network
from stacks.stateful.users import Users

PORT = 6379
ENGINES = {"redis": ("7.1", "redis7"), "valkey": ("8.2", "valkey8")}
"""Version and parameter group family of each engine: the newest whose family CloudFormation's documentation names."""

NIGHTS = {"af": 2, "ap": 19, "ca": 9, "eu": 2, "il": 1, "me": 0, "mx": 10, "sa": 7, "us": 10}
"""Hour in UTC, by where the Region is, when its onsales are over and nobody is up yet."""


class Cache(Construct):
    """`url` is what a client opens, `name` what a login token is signed for, `connect_arns` what a role must name."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings, network: Network) -> None:
        super().__init__(scope, construct_id)
        users = Users(self, "Users", name=settings.name)
        self.group = self._replication_group(settings, network, users)
        self.name = self.group.ref
        endpoint = f"{self.group.attr_primary_end_point_address}:{self.group.attr_primary_end_point_port}"
        self.url = f"rediss://{users.user_name}@{endpoint}"
        self.connect_arns = [self._arn("replicationgroup", self.name), self._arn("user", users.user_name)]
        self._accept(settings)

    def _replication_group(self, settings: Settings, network: Network, users: Users) -> elasticache.CfnReplicationGroup:
        """One shard: all keys of an onsale belong together, and one shard runs more scripts than the API can ask for.

        Without snapshots, and not kept when its stack goes: a line that is brought back from one would be older than
        the durable record, and would be begun anew just like an empty one.
        """
        version, _ = ENGINES[settings.cache_engine]
        spread = settings.cache_nodes > 1
        group = elasticache.CfnReplicationGroup(
            self,
            "Group",
            replication_group_description=f"{settings.name}: the line",
            engine=settings.cache_engine,
            engine_version=version,
            cache_node_type=settings.cache_node_type,
            num_cache_clusters=settings.cache_nodes,
            automatic_failover_enabled=spread,
            multi_az_enabled=spread,
            port=PORT,
            cache_subnet_group_name=self._subnets(network).ref,
            cache_parameter_group_name=self._parameters(settings).ref,
            security_group_ids=[self._security_group(network).security_group_id],
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            at_rest_encryption_enabled=True,
            user_group_ids=[users.group_id],
            snapshot_retention_limit=0,
            auto_minor_version_upgrade=True,
            preferred_maintenance_window=maintenance_window(settings.region),
        )
        group.apply_removal_policy(RemovalPolicy.DESTROY)
        return group

    def _subnets(self, network: Network) -> elasticache.CfnSubnetGroup:
        ids = network.vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED).subnet_ids
        return elasticache.CfnSubnetGroup(self, "Subnets", description="Where the line is", subnet_ids=ids)

    def _parameters(self, settings: Settings) -> elasticache.CfnParameterGroup:
        """Whoever stands in line is never evicted: a full cache refuses to grow, and registering answers 503."""
        _, family = ENGINES[settings.cache_engine]
        return elasticache.CfnParameterGroup(
            self,
            "Parameters",
            cache_parameter_group_family=family,
            description="Nobody in line is evicted",
            properties={"maxmemory-policy": "noeviction"},
        )

    def _security_group(self, network: Network) -> ec2.SecurityGroup:
        group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=network.vpc, description="The cache", allow_all_outbound=False
        )
        group.connections.allow_from(network.functions_security_group, ec2.Port.tcp(PORT), "Functions call the cache")
        return group

    def _arn(self, kind: str, name: str) -> str:
        parts = ArnFormat.COLON_RESOURCE_NAME
        return Stack.of(self).format_arn(service="elasticache", resource=kind, resource_name=name, arn_format=parts)

    def _accept(self, settings: Settings) -> None:
        known_port = "Another port hides nothing from who is in the network, and nobody else reaches any port of it."
        Validations.of(self.group).acknowledge(Acknowledgment(id="AwsSolutions-AEC5", reason=known_port))
        signed = "Users log in with tokens that their IAM roles sign, which replaces a password for all."
        Validations.of(self.group).acknowledge(Acknowledgment(id="AwsSolutions-AEC6", reason=signed))
        if settings.cache_nodes == 1:
            alone = (
                "The operator chose one node for its price. If it fails, visitors keep their places by their tokens."
            )
            Validations.of(self.group).acknowledge(Acknowledgment(id="AwsSolutions-AEC4", reason=alone))


def maintenance_window(region: str) -> str:
    """An hour of a night, as ElastiCache writes it, in the middle of the week when little is on sale."""
    hour = NIGHTS.get(region.partition("-")[0], NIGHTS["us"])
    return f"wed:{hour:02}:00-wed:{hour + 1:02}:00"
