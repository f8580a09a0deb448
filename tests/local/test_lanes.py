import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.lanes import RETRIES, FailureQueue, Lanes, Record
from local.worker import FunctionError


def record(number: int) -> Record:
    return {"dynamodb": {"SequenceNumber": str(number)}}


def numbers(batch: list[Record]) -> list[int]:
    return [int(one["dynamodb"]["SequenceNumber"]) for one in batch]


class Consumer:
    """Remembers every batch; `fault` says what is wrong with one."""

    def __init__(self, fault: Callable[[list[int]], Any]) -> None:
        self.batches: list[list[int]] = []
        self._fault = fault

    async def __call__(self, batch: list[Record]) -> Any:
        self.batches.append(numbers(batch))
        return self._fault(numbers(batch))


def deliver(consumer: Consumer, batch: list[int], path: Path) -> FailureQueue:
    failures = FailureQueue(path / "failed.jsonl")
    asyncio.run(Lanes(consumer, failures, back_off=0).deliver([record(number) for number in batch]))
    return failures


def reports(*poison: int) -> Callable[[list[int]], Any]:
    return lambda batch: {"batchItemFailures": [{"itemIdentifier": str(n)} for n in batch if n in poison]}


def raises(*poison: int) -> Callable[[list[int]], Any]:
    def fault(batch: list[int]) -> Any:
        if set(poison) & set(batch):
            raise FunctionError("RuntimeError", "poison")

    return fault


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}])
def test_a_batch_without_reported_failures_is_done(tmp_path: Path, answer: Any) -> None:
    consumer = Consumer(lambda _: answer)
    assert deliver(consumer, [1, 2, 3], tmp_path).records == 0
    assert consumer.batches == [[1, 2, 3]]


def test_a_batch_is_delivered_again_from_the_reported_record_on(tmp_path: Path) -> None:
    once = iter([{"batchItemFailures": [{"itemIdentifier": "3"}, {"itemIdentifier": "2"}]}])
    consumer = Consumer(lambda _: next(once, None))
    deliver(consumer, [1, 2, 3, 4], tmp_path)
    assert consumer.batches == [[1, 2, 3, 4], [2, 3, 4]]


@pytest.mark.parametrize("fault", [reports(3), raises(3)])
def test_one_poisonous_record_goes_to_the_failure_queue_and_the_rest_are_delivered_in_order(
    tmp_path: Path, fault: Callable[[list[int]], Any]
) -> None:
    consumer = Consumer(fault)
    failures = deliver(consumer, [1, 2, 3, 4, 5], tmp_path)
    good = [batch for batch in consumer.batches if 3 not in batch]
    assert failures.records == 1
    assert '"SequenceNumber": "3"' in (tmp_path / "failed.jsonl").read_text()
    assert consumer.batches.count([3]) == RETRIES + 1
    if fault is not None:
        assert sorted({number for batch in consumer.batches for number in batch}) == [1, 2, 3, 4, 5]
        assert good[-1][-1] == 5


@pytest.mark.parametrize("answer", [{"batchItemFailures": [{"itemIdentifier": "99"}]}, {"batchItemFailures": ["1"]}, 7])
def test_a_report_that_makes_no_sense_counts_as_failure_of_the_whole_batch(tmp_path: Path, answer: Any) -> None:
    assert deliver(Consumer(lambda _: answer), [1, 2], tmp_path).records == 2


def test_records_of_one_item_keep_their_order_while_others_go_on(tmp_path: Path) -> None:
    async def run() -> list[list[int]]:
        consumer = Consumer(lambda _: None)
        lanes = Lanes(consumer, FailureQueue(tmp_path / "failed.jsonl"), count=3, back_off=0)
        for number in range(300):
            lanes.put(record(number), f"item {number % 7}")
        running = asyncio.ensure_future(lanes.run())
        while lanes.delivered < 300:  # noqa: ASYNC110 - it is a plain count
            await asyncio.sleep(0)
        running.cancel()
        return consumer.batches

    batches = asyncio.run(run())
    seen = [number for batch in batches for number in batch]
    for item in range(7):
        of_item = [number for number in seen if number % 7 == item]
        assert of_item == sorted(of_item)
    assert max(len(batch) for batch in batches) <= 100
