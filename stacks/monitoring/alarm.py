"""An alarm as plain data, and what is made of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

HANDBOOK = 'See docs/operations.md, "When an alarm rings".'


@dataclass(frozen=True)
class Alarm:
    """Rings when `metric` is above `above`, or below `below`, in each of the last `periods`.

    `todo` tells somebody who was just woken what it means and what to do. `silence_rings`: no news is bad news.
    `essential` ones are made in every profile: without what they watch a sale fails.
    """

    name: str
    metric: cloudwatch.IMetric
    todo: str
    above: float | None = None
    below: float | None = None
    periods: int = 1
    silence_rings: bool = False
    essential: bool = True

    @property
    def description(self) -> str:
        """What the message says that wakes somebody."""
        return f"{self.todo} {HANDBOOK}"


def ring(scope: Construct, alarms: Iterable[Alarm], *, deployment: str, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
    """Make alarms that tell `topic` when they begin and when they are over."""
    made = [_made(scope, alarm, deployment) for alarm in alarms]
    for each in made:
        each.add_alarm_action(actions.SnsAction(topic))
        each.add_ok_action(actions.SnsAction(topic))
    return made


def _made(scope: Construct, alarm: Alarm, deployment: str) -> cloudwatch.Alarm:
    compared = cloudwatch.ComparisonOperator
    return cloudwatch.Alarm(
        scope,
        alarm.name,
        alarm_name=f"{deployment}-{alarm.name}",
        alarm_description=alarm.description,
        metric=alarm.metric,
        threshold=_threshold(alarm),
        comparison_operator=compared.GREATER_THAN_THRESHOLD if alarm.below is None else compared.LESS_THAN_THRESHOLD,
        evaluation_periods=alarm.periods,
        treat_missing_data=cloudwatch.TreatMissingData.BREACHING
        if alarm.silence_rings
        else cloudwatch.TreatMissingData.NOT_BREACHING,
    )


def _threshold(alarm: Alarm) -> float:
    """The one that is given. Raises ValueError unless it is one."""
    given = [each for each in (alarm.above, alarm.below) if each is not None]
    if len(given) != 1:
        raise ValueError(alarm.name)
    return given[0]
