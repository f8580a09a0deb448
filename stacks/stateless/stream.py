"""From the stream of the session table to the notifier, and where news goes that could not be pushed."""

import json

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.functions import NEWS

BATCH = 100
"""What one read finds the sockets of in one call. Whatever is there goes at once: nothing waits for a batch to fill."""

AT_ONCE = 10
"""Batches of one shard that run side by side: order matters only within a place, and is kept there."""

RETRIES = 3
MAXIMUM_AGE_SECONDS = 60
"""The least that can be set. Whoever waits that long for a push has polled meanwhile."""


def failure_queue(scope: Construct, construct_id: str) -> sqs.Queue:
    """Where batches end that could not be pushed, with where they stand in the stream. Each one is worth a look."""
    queue = sqs.Queue(
        scope,
        construct_id,
        enforce_ssl=True,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        retention_period=Duration.days(14),
    )
    Validations.of(queue).acknowledge(
        Acknowledgment(id="AwsSolutions-SQS3", reason="It is the dead-letter queue, and has an alarm.")
    )
    return queue


def push_news(
    scope: Construct, construct_id: str, *, stream_arn: str, function: lambda_.IFunction, failures: sqs.IQueue
) -> lambda_.CfnEventSourceMapping:
    """Let the stream invoke the notifier. Not by the CDK's event source, which grants more than is needed."""
    mapping = lambda_.CfnEventSourceMapping
    return mapping(
        scope,
        construct_id,
        event_source_arn=stream_arn,
        function_name=function.function_arn,
        starting_position="LATEST",
        batch_size=BATCH,
        maximum_batching_window_in_seconds=0,
        parallelization_factor=AT_ONCE,
        maximum_retry_attempts=RETRIES,
        maximum_record_age_in_seconds=MAXIMUM_AGE_SECONDS,
        bisect_batch_on_function_error=True,
        function_response_types=["ReportBatchItemFailures"],
        filter_criteria=mapping.FilterCriteriaProperty(filters=[mapping.FilterProperty(pattern=json.dumps(NEWS))]),
        destination_config=mapping.DestinationConfigProperty(
            on_failure=mapping.OnFailureProperty(destination=failures.queue_arn)
        ),
    )
