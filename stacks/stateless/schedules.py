"""What runs by the clock: the ticker each minute, key rotation each day."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from stacks.stateless.function import STALE_SECONDS


class Schedule(Construct):
    """A function started by the clock, by a role that may start it and nothing else.

    Starts that fail go to no dead-letter queue: a late tick is worth nothing, and rotation comes again tomorrow. That
    they fail is told by the alarms on missing ticks and on errors.
    """

    def __init__(  # noqa: PLR0913 - the settings of a schedule, by name
        self,
        scope: Construct,
        construct_id: str,
        *,
        function: lambda_.IFunction,
        rate: str,
        retries: int = 0,
        age_seconds: int = STALE_SECONDS,
    ) -> None:
        super().__init__(scope, construct_id)
        target = scheduler.CfnSchedule.TargetProperty(
            arn=function.function_arn,
            role_arn=self._role(function).role_arn,
            input="{}",
            retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                maximum_retry_attempts=retries, maximum_event_age_in_seconds=age_seconds
            ),
        )
        scheduler.CfnSchedule(
            self,
            "Schedule",
            schedule_expression=f"rate({rate})",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=target,
        )

    def _role(self, function: lambda_.IFunction) -> iam.Role:
        """Assumed by schedules of this account alone, whatever else Scheduler may be told to do."""
        invoke = iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.function_arn])
        return iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
            ),
            inline_policies={"Invoke": iam.PolicyDocument(statements=[invoke])},
        )
