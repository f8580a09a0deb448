"""What every DynamoDB adapter shares: how errors become ours, and what a batch does with what is left over."""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from fairline.domain.errors import Unavailable

BATCH_WRITE, BATCH_READ = 25, 100
"""DynamoDB's limits of items in one call."""

TRIES = 4

Item = dict[str, Any]
Thing = TypeVar("Thing")


@contextmanager
def answering() -> Iterator[None]:
    """Turn a call that failed for good into Unavailable."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The ledger does not answer; please try again.", retry_after_seconds=2) from error


@contextmanager
def condition() -> Iterator[list[bool]]:
    """As `answering`, for a conditional write: what is yielded is empty unless the condition failed."""
    from botocore.exceptions import ClientError

    refused: list[bool] = []
    with answering():
        try:
            yield refused
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            refused.append(True)


def batches(items: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    """Slices of at most `size`."""
    return (items[i : i + size] for i in range(0, len(items), size))


def back_off(attempt: int) -> None:
    """Sleep before retrying what a batch left over: full jitter below 50, 100, 200 ms."""
    time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - jitter, not a secret
