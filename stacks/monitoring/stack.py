"""What watches, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Environment, Stack

from stacks.monitoring.access_log import AccessLogMetrics
from stacks.monitoring.alarm import ring
from stacks.monitoring.alarms import alarms
from stacks.monitoring.dashboard import Dashboard
from stacks.monitoring.topic import Alerts
from stacks.monitoring.watched import Watched

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.edge.stack import Edge
    from stacks.settings import Settings
    from stacks.stateful.stack import Stateful
    from stacks.stateless.stack import Stateless


class Monitoring(Stack):
    """A topic that alarms tell, the alarms of the profile, and the dashboard. Nothing else leans on it."""

    def __init__(  # noqa: PLR0913 - the stacks it watches, by name
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        stateful: Stateful,
        edge: Edge,
        stateless: Stateless,
        env: Environment,
    ) -> None:
        super().__init__(scope, construct_id, env=env, description=f"{settings.name}: what watches")
        watched = Watched(settings, stateful, edge, stateless)
        topic = Alerts(self, "Alerts", settings=settings).topic
        AccessLogMetrics(self, "AccessLog", watched=watched)
        made = ring(self, alarms(watched), deployment=settings.name, topic=topic)
        Dashboard(self, "Night", watched=watched, alarms=made)
        CfnOutput(self, "AlarmTopicOutput", value=topic.topic_arn).override_logical_id("AlarmTopic")
