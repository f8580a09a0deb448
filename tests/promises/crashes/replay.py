"""A story that is told once for each remote call in it and each side of that call, and breaks off there each time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from tests.promises.crashes.crowd import Crowd
from tests.promises.crashes.deployment import Deployment
from tests.support.crash_points import SIDES, CrashPoints, Died, Point

Scene = Callable[[Crowd], object]

_numbers = count(1)


def nothing(_crowd: Crowd) -> None:
    """All has been said."""


def everybody_gets_in(crowd: Crowd) -> None:
    """The sale goes on, and ends."""
    crowd.in_order()
    crowd.settles()
    crowd.is_over()
    crowd.in_order()


def everybody_gets_in_past_another_gate(crowd: Crowd) -> None:
    """The one that has just seen a session live may remember it for some seconds."""
    crowd.deployment.restarts()
    everybody_gets_in(crowd)


@dataclass(frozen=True)
class Story:
    """`scene` is set, `step` breaks off, then comes what the platform or the client does: by default the same again."""

    scene: Scene
    step: Scene
    again: Scene | None = None
    ends: Scene = everybody_gets_in


class Teller:
    """Tells a story from its beginning, each time in a line of its own."""

    def __init__(self, deployment: Deployment, points: CrashPoints, story: Story) -> None:
        self._deployment = deployment
        self._points = points
        self._story = story

    def calls(self) -> list[str]:
        """The remote calls of the step when nothing breaks off."""
        crowd = self._begun()
        with self._points.watched():
            self._story.step(crowd)
        calls = list(self._points.calls)
        if self._story.again:
            self._story.again(crowd)
        self._story.ends(crowd)
        return calls

    def tells(self, *broken: Point) -> None:
        """The step breaks off at the first point, its repetition at the second, and so on; then all is well."""
        crowd = self._begun()
        step = self._story.step
        for repetition, point in enumerate(broken):
            died = self._dies(step, crowd, point)
            assert died or repetition, "that call was not made again"
            step = self._story.again or self._story.step
        step(crowd)
        self._story.ends(crowd)

    def _dies(self, step: Scene, crowd: Crowd, point: Point) -> bool:
        try:
            with self._points.watched(point):
                step(crowd)
        except Died:
            self._deployment.restarts()
            return True
        return False

    def _begun(self) -> Crowd:
        self._deployment.forgets()
        crowd = Crowd(self._deployment, f"crash-{next(_numbers)}")
        self._story.scene(crowd)
        self._deployment.restarts()
        return crowd


def everywhere(calls: list[str]) -> Iterator[Point]:
    """Each side of each call."""
    return (Point(number, side) for number in range(1, len(calls) + 1) for side in SIDES)


def faults(teller: Teller, calls: list[str], *then: Point) -> list[str]:
    """Where the story broke off, and what was wrong afterwards; nothing if the promises held everywhere."""
    found = []
    for point in everywhere(calls):
        try:
            teller.tells(point, *then)
        except AssertionError as error:
            found.append(f"{point.side} call {point.number}, {calls[point.number - 1]}: {error}")
    return found
