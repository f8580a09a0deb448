"""API Gateway's choice among routes: the most specific path that takes the method."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairline.routes import HttpRoute

STATIC, PARAMETER, GREEDY = range(3)


@dataclass(frozen=True)
class Match:
    """The route a request takes, and what its path says."""

    route: HttpRoute
    parameters: dict[str, str]


class Router:
    """Chooses by path first (static before `{parameter}` before `{proxy+}`), then by method (its own before ANY)."""

    def __init__(self, routes: Iterable[HttpRoute]) -> None:
        self._routes = sorted(routes, key=_specificity)

    def match(self, method: str, path: str) -> Match | None:
        """The route for a request, or None: then it goes to `$default`."""
        segments = path.split("/")
        for route in self._routes:
            if route.method in {method, "ANY"}:
                parameters = _parameters(route.path.split("/"), segments)
                if parameters is not None:
                    return Match(route, parameters)
        return None


def _kind(segment: str) -> int:
    if not segment.startswith("{"):
        return STATIC
    return GREEDY if segment.endswith("+}") else PARAMETER


def _specificity(route: HttpRoute) -> tuple[list[int], bool]:
    return [_kind(segment) for segment in route.path.split("/")], route.method == "ANY"


def _parameters(template: list[str], segments: list[str]) -> dict[str, str] | None:
    """What the parameters of a template stand for in a path, or None when it does not fit."""
    parameters: dict[str, str] = {}
    for index, part in enumerate(template):
        kind = _kind(part)
        if kind == GREEDY:
            rest = "/".join(segments[index:])
            return {**parameters, part[1:-2]: rest} if rest else None
        if index >= len(segments) or (kind == STATIC and part != segments[index]) or not (segments[index] or not index):
            return None
        if kind == PARAMETER:
            parameters[part[1:-1]] = segments[index]
    return parameters if len(segments) == len(template) else None
