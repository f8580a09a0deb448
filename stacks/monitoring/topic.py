"""Whom alarms tell: a topic, encrypted, that CloudWatch alone may write to."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from stacks.settings import Settings


class Alerts(Construct):
    """`topic` sends to the e-mail address of the settings, once somebody has confirmed it; pagers subscribe as well.

    Its key is its own, since CloudWatch cannot publish under the one that SNS brings, and goes with it: messages that
    were sent are read already.
    """

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(
            self,
            "Encryption",
            description=f"{settings.name}: messages of alarms",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.topic = sns.Topic(self, "Topic", display_name=f"{settings.name} alarms", master_key=key, enforce_ssl=True)
        ours = {"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
        alarms = iam.ServicePrincipal("cloudwatch.amazonaws.com", conditions=ours)
        self.topic.grant_publish(alarms)  # and, with it, the use of the key
        if settings.alarm_email:
            self.topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_email))
