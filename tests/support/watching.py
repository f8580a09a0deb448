"""Metrics: those that lines of our functions and filters write, and those that alarms and the dashboard ask for."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.synthesis import Synthesised

ANY = "*"
"""The value of a dimension that has a metric for each of its values."""
SEARCHED = re.compile(r"""SEARCH\('\{(?P<schema>[^}]+)\} MetricName="(?P<name>\w+)"(?P<more>[^']*)', '(?P<stat>\w+)'""")


@dataclass(frozen=True)
class Named:
    """A metric by its namespace, name and dimensions."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]] = frozenset()

    def found_by(self, other: "Named") -> bool:
        """Whether whoever asks for `other` gets this one."""
        same = (self.namespace, self.name) == (other.namespace, other.name)
        values, asked = dict(self.dimensions), dict(other.dimensions)
        return same and values.keys() == asked.keys() and all(asked[each] in (ANY, values[each]) for each in values)


def named(namespace: str, name: str, dimensions: Mapping[str, str]) -> Named:
    return Named(namespace, name, frozenset(dimensions.items()))


def written(lines: Iterable[Mapping[str, Any]]) -> set[Named]:
    """The metrics of EMF lines; an onsale stands for any."""
    found = set()
    for line in lines:
        for directive in line["_aws"]["CloudWatchMetrics"]:
            for keys in directive["Dimensions"]:
                of = {key: ANY if key == "onsale" else line[key] for key in keys}
                found |= {named(directive["Namespace"], each["Name"], of) for each in directive["Metrics"]}
    return found


def by_the_second(lines: Iterable[Mapping[str, Any]]) -> set[str]:
    """Names of the metrics that are stored by the second."""
    directives = [each for line in lines for each in line["_aws"]["CloudWatchMetrics"]]
    return {each["Name"] for of in directives for each in of["Metrics"] if each.get("StorageResolution") == 1}


def filtered(app: Synthesised) -> set[Named]:
    """The metrics of the access log's filters."""
    of = [each["MetricTransformations"][0] for each in app.properties("AWS::Logs::MetricFilter").values()]
    return {
        named(each["MetricNamespace"], each["MetricName"], {d["Key"]: ANY for d in each.get("Dimensions", ())})
        for each in of
    }


def plain(value: Any) -> Any:
    """A template's value with its references written out, so that it can be a part of a text."""
    if isinstance(value, dict):
        if "Fn::Join" in value:
            glue, parts = value["Fn::Join"]
            return glue.join(map(plain, parts))
        (kind, of), *more = value.items()
        if not more and (kind == "Ref" or kind.startswith("Fn::")):
            of = of["OutputName"] if kind == "Fn::GetStackOutput" else of
            return f"<{'.'.join(of) if isinstance(of, list) else of}>"
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def alarms(app: Synthesised) -> dict[str, dict[str, Any]]:
    """The properties of each alarm by its name, without the deployment's."""
    made = map(plain, app.properties("AWS::CloudWatch::Alarm").values())
    return {each["AlarmName"].removeprefix(f"{app.settings.name}-"): each for each in made}


def stats(alarm: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each metric of an alarm as `{"metric": Named, "period": seconds, "stat": …}`."""
    queries = alarm.get("Metrics")
    if queries is None:
        yield _stat(alarm, alarm["Period"], alarm.get("Statistic") or alarm["ExtendedStatistic"])
        return
    for query in queries:
        if "MetricStat" in query:
            stat = query["MetricStat"]
            yield _stat(stat["Metric"], stat["Period"], stat["Stat"])


def _stat(metric: Mapping[str, Any], period: int, stat: str) -> dict[str, Any]:
    of = {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())}
    return {"metric": named(metric["Namespace"], metric["MetricName"], of), "period": period, "stat": stat}


def widgets(app: Synthesised) -> list[dict[str, Any]]:
    """The widgets of the dashboard."""
    (dashboard,) = app.properties("AWS::CloudWatch::Dashboard").values()
    found: list[dict[str, Any]] = json.loads(plain(dashboard["DashboardBody"]))["widgets"]
    return found


def drawn(app: Synthesised) -> set[Named]:
    """Every metric that the dashboard draws; what it searches for has any value."""
    rows = [row for widget in widgets(app) for row in widget["properties"].get("metrics", ())]
    return {_searched(row[0]["expression"]) if isinstance(row[0], dict) else _drawn(row) for row in rows}


def _drawn(row: list[Any]) -> Named:
    namespace, name, *of = [each for each in row if isinstance(each, str)]
    return named(namespace, name, dict(zip(of[::2], of[1::2], strict=True)))


def _searched(expression: str) -> Named:
    match = SEARCHED.match(expression)
    assert match, expression
    namespace, *dimensions = match["schema"].split(",")
    values = dict(re.findall(r'(\w+)="([^"]+)"', match["more"]))
    return named(namespace, match["name"], {each: values.get(each, ANY) for each in dimensions})
