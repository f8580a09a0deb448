"""The event source mapping from the table's stream to the notifier."""

import asyncio
import base64
import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from local.lanes import Lanes, Record
from stacks.functions import NEWS

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

LOG = logging.getLogger("local.stream")
CONSUMER = "notify"
PARTITION_KEY = "place"
POLL_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 5.0
PAGE = 1000


class Stream:
    """Reads one stream from its beginning and hands what passes the filter to the lanes."""

    def __init__(self, client: "DynamoDBStreamsClient", arn: str, lanes: Lanes) -> None:
        self._client, self._arn, self._lanes = client, arn, lanes

    async def run(self) -> None:
        """Read until cancelled, four times a second as AWS does; a store that is away is waited for."""
        iterator, pause = "", POLL_SECONDS
        while True:
            try:
                iterator = iterator or await asyncio.to_thread(self._beginning)
                iterator, full = await self._page(iterator)
                pause = 0.0 if full else POLL_SECONDS
            except (BotoCoreError, ClientError) as error:
                LOG.warning("the stream cannot be read: %s", error)
                pause = min(LONGEST_PAUSE_SECONDS, max(pause, POLL_SECONDS) * 2)
            await asyncio.sleep(pause)

    def _beginning(self) -> str:
        """An iterator at the oldest record. The engine has a single shard, which never ends."""
        shards = self._client.describe_stream(StreamArn=self._arn)["StreamDescription"]["Shards"]
        answer = self._client.get_shard_iterator(
            StreamArn=self._arn, ShardId=shards[0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )
        return answer["ShardIterator"]

    async def _page(self, iterator: str) -> tuple[str, bool]:
        """Hand on one page: the iterator after it, and whether there is probably more."""
        page = await asyncio.to_thread(self._client.get_records, ShardIterator=iterator, Limit=PAGE)
        for raw in page["Records"]:
            record = event_record(raw, self._arn)
            if matches(record, NEWS):
                self._lanes.put(record, str(record["dynamodb"]["Keys"][PARTITION_KEY]))
        return page["NextShardIterator"], len(page["Records"]) == PAGE


def event_record(raw: Any, arn: str) -> Record:
    """A record as a function receives it."""
    record: Record = _plain(raw)
    return {**record, "eventVersion": "1.1", "eventSource": "aws:dynamodb", "eventSourceARN": arn}


def _plain(value: Any) -> Any:
    """What boto3 made of an answer, as JSON again: moments in seconds, binaries in base64."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return int(value.timestamp())
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def matches(record: Any, pattern: Any) -> bool:
    """Whether a record passes a filter of nested objects with lists of literals at their ends."""
    if isinstance(pattern, list):
        return record in pattern
    return isinstance(record, dict) and all(matches(record.get(key), part) for key, part in pattern.items())
