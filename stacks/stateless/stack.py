"""What answers, put together. Nothing in here would be missed but the functions' logs, which are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Environment, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from stacks.functions import FUNCTIONS
from stacks.log_groups import kept_logs
from stacks.stateless.authorizers import Authorizers
from stacks.stateless.booking import booking
from stacks.stateless.deployment import rotate_now
from stacks.stateless.environment import values
from stacks.stateless.function import ServiceFunction, Surroundings
from stacks.stateless.http_api import BOOKING, HttpRoutes
from stacks.stateless.layers import Layers
from stacks.stateless.permissions import Permissions
from stacks.stateless.schedules import Schedule
from stacks.stateless.stages import http_stage, websocket_stage
from stacks.stateless.stream import failure_queue, push_news
from stacks.stateless.websocket_api import WebSocketRoutes

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.build import Build
    from stacks.edge.stack import Edge
    from stacks.settings import Settings
    from stacks.stateful.stack import Stateful

HOUR_SECONDS = 3600


class Stateless(Stack):
    """`functions` by name, each as it is invoked; `failures` by the name of the function whose failures they hold.

    `access_log` is the HTTP API's.
    """

    def __init__(  # noqa: PLR0913 - the stacks it leans on, by name
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        stateful: Stateful,
        edge: Edge,
        build: Build,
        env: Environment,
    ) -> None:
        super().__init__(scope, construct_id, env=env, description=f"{settings.name}: what answers")
        self.failures: dict[str, sqs.Queue] = {"notify": failure_queue(self, "NotifyFailures")}
        self._surroundings = Surroundings(
            settings=settings,
            stateful=stateful,
            build=build,
            layers=Layers(self, "Layers", build=build),
            permissions=Permissions(self, stateful=stateful, edge=edge, failures=self.failures),
            known=values(settings, stateful, edge),
        )
        self.functions: dict[str, lambda_.IFunction] = {
            function.name: ServiceFunction(
                self, function.name.title().replace("_", ""), function=function, among=self._surroundings
            ).target
            for function in FUNCTIONS
            if function.name != BOOKING or settings.sample_backend
        }
        self._answer(edge)
        self._run_by_themselves()

    def _answer(self, edge: Edge) -> None:
        """Whatever is asked from outside."""
        settings, stateful = self._surroundings.settings, self._surroundings.stateful
        authorizers = Authorizers(
            self, "Authorizers", settings=settings, stateful=stateful, edge=edge, gate=self.functions["authorize"]
        )
        http = HttpRoutes(
            self,
            "Http",
            api=edge.http_api,
            functions=self.functions,
            authorizers=authorizers.by_name,
            booking=booking(self, settings=settings, functions=self.functions),
        )
        sockets = WebSocketRoutes(self, "Sockets", api=edge.websocket_api, functions=self.functions)
        self.access_log = kept_logs(self, "AccessLog", settings=settings)
        http_stage(self, "HttpStage", api=edge.http_api, routes=http, settings=settings, access_log=self.access_log)
        self.websocket_stage = websocket_stage(
            self, "SocketStage", api=edge.websocket_api, routes=sockets, settings=settings
        )

    def _run_by_themselves(self) -> None:
        """Whatever nobody asks for: the clock, the stream, a deployment."""
        functions, among = self.functions, self._surroundings
        Schedule(self, "Ticks", function=functions["admit"], rate="1 minute")
        Schedule(self, "Rotation", function=functions["rotate"], rate="1 day", retries=3, age_seconds=HOUR_SECONDS)
        push_news(
            self,
            "News",
            stream_arn=str(among.stateful.tables["sessions"].table_stream_arn),
            function=functions["notify"],
            failures=self.failures["notify"],
        )
        rotate_now(self, "Keys", function=functions["rotate"], among=among)
