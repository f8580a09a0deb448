"""What only DynamoDB can show: expiry, pages, and errors that stay inside the adapter."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from fairline.adapters.dynamodb_seats import DynamoDBHouses, DynamoDBSeats
from fairline.domain.errors import Unavailable
from fairline.domain.seats import Choice
from fairline.usecases.book import Seats
from tests.booking.conftest import TABLE
from tests.booking.office import CLOSES_MS, HOUSE, Office


@pytest.fixture
def over_dynamodb(dynamodb: Any) -> Office:
    return Office(DynamoDBHouses(dynamodb, TABLE), DynamoDBSeats(dynamodb, TABLE))


def test_every_row_goes_a_day_after_the_closing(dynamodb: Any, over_dynamodb: Office) -> None:
    over_dynamodb.hold("1.ann", "A-1")
    over_dynamodb.hold("1.ann", "A-2")
    over_dynamodb.purchase("1.ann")
    over_dynamodb.hold("2.bob", "A-3")
    rows = dynamodb.scan(TableName=TABLE)["Items"]
    assert sorted(row["item"]["S"] for row in rows) == [
        "house",
        "seat#A-2",
        "seat#A-3",
        "session#1.ann",
        "session#2.bob",
    ]
    assert {row["delete_after"]["N"] for row in rows} == {str(CLOSES_MS // 1000 + 86_400)}


def test_the_map_reads_every_page_and_reads_it_consistently(dynamodb: Any, over_dynamodb: Office) -> None:
    asked: list[dict[str, Any]] = []

    def small_pages(params: dict[str, Any], **_: Any) -> None:
        params["Limit"] = 2
        asked.append(dict(params))

    for number, label in enumerate(HOUSE.labels):
        over_dynamodb.hold(f"{number}.fan", label)
    dynamodb.meta.events.register("provide-client-params.dynamodb.Query", small_pages)
    assert over_dynamodb.seats("9.ann").taken == HOUSE.labels
    assert len(asked) > len(HOUSE.labels) // 2
    assert all(page["ConsistentRead"] for page in asked)


STEPS: dict[str, Callable[[Seats], object]] = {
    "get_item": lambda seats: seats.choice(HOUSE, "1.ann"),
    "query": lambda seats: seats.standing(HOUSE),
    "update_item": lambda seats: seats.sell(HOUSE, Choice("A-1", "c1"), "FL-1", 0),
    "delete_item": lambda seats: seats.give_back(HOUSE, Choice("A-1", "c1")),
    "put_item": lambda seats: seats.choose(HOUSE, "1.ann", Choice("A-1", "c1"), None),
}


@pytest.mark.parametrize("operation", STEPS)
def test_an_error_of_the_database_is_unavailable_and_says_when_to_come_back(operation: str) -> None:
    client = boto3.client(
        "dynamodb", region_name="eu-central-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    with Stubber(client) as stub:
        stub.add_client_error(operation, "ProvisionedThroughputExceededException")
        with pytest.raises(Unavailable) as refused:
            STEPS[operation](DynamoDBSeats(client, TABLE))
    assert refused.value.retry_after_seconds == 2
    client.close()
