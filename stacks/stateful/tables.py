"""The tables of `stacks/tables.py`, each with recovery, encryption and, where it pays, throughput ready beforehand."""

from typing import Any

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.settings import Settings
from stacks.tables import TABLES, TTL_ATTRIBUTE, Key, Table

SECRET = "keys"  # noqa: S105 - the name of a table
SAMPLE = "seats"
TYPES = {"S": dynamodb.AttributeType.STRING, "N": dynamodb.AttributeType.NUMBER}

WARM = {"sessions": dynamodb.WarmThroughput(read_units_per_second=24_000, write_units_per_second=8_000)}
"""Ready from the first second, with `warm_throughput`.

A new table takes 12,000 reads and 4,000 writes a second, spread over four partitions. The API lets 9,000 requests a
second through, each of which may be a consistent read of one session, and they never spread evenly: so twice the
partitions. Nothing else comes near. A thousand environments each remember onsales for a second and keys for a minute,
and both are a few items that more partitions would not help; 500 sockets a second are 1,000 writes of connections.
"""


class Tables(Construct):
    """`by_name` has them by the names of `stacks/tables.py`; `keys_encryption` is the key of the table with keys."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self._settings = settings
        self._removal = RemovalPolicy.RETAIN if settings.retain else RemovalPolicy.DESTROY
        self.keys_encryption = kms.Key(
            self,
            "KeysEncryption",
            description=f"{settings.name}: the table with the keys that sign tokens",
            enable_key_rotation=True,
            removal_policy=self._removal,
        )
        deployed = [table for table in TABLES if table.name != SAMPLE or settings.sample_backend]
        self.by_name: dict[str, dynamodb.ITable] = {table.name: self._table(table) for table in deployed}

    def _table(self, table: Table) -> dynamodb.Table:
        made = dynamodb.Table(
            self,
            table.name.capitalize(),
            **_key(table.key),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute=TTL_ATTRIBUTE,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            stream=dynamodb.StreamViewType.NEW_IMAGE if table.stream else None,
            deletion_protection=self._settings.retain,
            removal_policy=self._removal,
            warm_throughput=self._warm(table),
            **self._encryption(table),
        )
        for name, key in table.indexes:
            made.add_global_secondary_index(index_name=name, **_key(key), warm_throughput=self._warm(table))
        return made

    def _warm(self, table: Table) -> dynamodb.WarmThroughput | None:
        return WARM.get(table.name) if self._settings.warm_throughput else None

    def _encryption(self, table: Table) -> dict[str, Any]:
        """Whoever reads keys can sign as us: so it takes a permission on their KMS key besides one on the table."""
        if table.name == SECRET:
            return {"encryption": dynamodb.TableEncryption.CUSTOMER_MANAGED, "encryption_key": self.keys_encryption}
        return {"encryption": dynamodb.TableEncryption.AWS_MANAGED}


def _key(key: Key) -> dict[str, Any]:
    found = {"partition_key": _attribute(*key.hash)}
    return found | ({"sort_key": _attribute(*key.range)} if key.range else {})


def _attribute(name: str, kind: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=TYPES[kind])
