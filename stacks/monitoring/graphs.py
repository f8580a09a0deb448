"""A graph as plain data, and the searches that find figures of onsales nobody has named yet."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch

from stacks.monitoring.watched import MINUTE, calculated


@dataclass(frozen=True)
class Graph:
    """What is drawn against the left axis, and against the right one."""

    title: str
    left: tuple[cloudwatch.IMetric, ...]
    right: tuple[cloudwatch.IMetric, ...] = ()


def found(terms: str, statistic: str, *, seconds: int = MINUTE, label: str = "") -> cloudwatch.IMetric:
    """Every metric that a search finds, such as `{Fairline,onsale,service} MetricName="Waiting"`."""
    return calculated(f"SEARCH('{terms}', '{statistic}', {seconds})", seconds=seconds, label=label)


def of_each_onsale(
    namespace: str, name: str, statistic: str, *, seconds: int = MINUTE, says: str = ""
) -> cloudwatch.IMetric:
    """A figure of every onsale that our functions told of in the time that is shown."""
    label = f"{_BY_ONSALE} {says}".strip()
    return found(f'{{{namespace},onsale,service}} MetricName="{name}"', statistic, seconds=seconds, label=label)


def logged_of_each_onsale(namespace: str, name: str, statistic: str) -> cloudwatch.IMetric:
    """A figure of every onsale that the access log told of."""
    return found(f'{{{namespace},onsale}} MetricName="{name}"', statistic, label=_BY_ONSALE)


def of_each_function(namespace: str, name: str, statistic: str) -> cloudwatch.IMetric:
    """A figure of every function of ours that told of it."""
    return found(f'{{{namespace},service}} MetricName="{name}"', statistic, label="${PROP('Dim.service')}")


_BY_ONSALE = "${PROP('Dim.onsale')}"
