"""The night of a sale on one screen: six widgets a row, from what fans notice down to what it runs on."""

from collections.abc import Iterable

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.monitoring.graphs import Graph
from stacks.monitoring.screen_of_platform import apis, edge, platform, stores
from stacks.monitoring.screen_of_sales import sales, ticker
from stacks.monitoring.watched import Watched

COLUMNS, WIDTH, HEIGHT = 24, 4, 3
ALARMS_HEIGHT = 2
EDGE_REGION = "us-east-1"
"""Where CloudFront and its firewall write their metrics, wherever the rest is."""


class Dashboard(Construct):
    """Named after the deployment. Onsales are found by searching: nobody edits it for a new one."""

    def __init__(
        self, scope: Construct, construct_id: str, *, watched: Watched, alarms: Iterable[cloudwatch.IAlarm]
    ) -> None:
        super().__init__(scope, construct_id)
        here = watched.settings.region
        rows = [[_widget(graph, here) for graph in row(watched)] for row in (sales, ticker, apis, platform, stores)]
        world = [_widget(graph, EDGE_REGION) for graph in edge(watched)]
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=watched.settings.name,
            start="-PT1H",
            period_override=cloudwatch.PeriodOverride.INHERIT,
            widgets=[[_state(alarms)], *rows, world],
        )


def _state(alarms: Iterable[cloudwatch.IAlarm]) -> cloudwatch.IWidget:
    return cloudwatch.AlarmStatusWidget(
        title="What rings",
        alarms=list(alarms),
        states=[cloudwatch.AlarmState.ALARM],
        sort_by=cloudwatch.AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
        width=COLUMNS,
        height=ALARMS_HEIGHT,
    )


def _widget(graph: Graph, region: str) -> cloudwatch.IWidget:
    return cloudwatch.GraphWidget(
        title=graph.title,
        left=list(graph.left),
        right=list(graph.right),
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        right_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        region=region,
        width=WIDTH,
        height=HEIGHT,
        legend_position=cloudwatch.LegendPosition.BOTTOM,
    )
