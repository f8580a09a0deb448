"""The steps of a sale, each of which can be tried by itself in a scene: whether it works, and nothing else."""

from collections.abc import Callable, Collection
from contextlib import suppress
from urllib.error import URLError

from urllib3.exceptions import HTTPError
from websockets.exceptions import WebSocketException

from tests.deployed import steps_inside, steps_of_operators, steps_of_sockets, steps_outside, steps_unseen
from tests.deployed.scene import Scene

Step = Callable[[Scene], bool]

STEPS: dict[str, Step] = {
    # The ticker first: once it has failed for the five seconds of a lease, nobody joins.
    "tick": steps_unseen.tick,
    "publish": steps_unseen.publish,
    "let in": steps_unseen.let_in,
    "finish what was abandoned": steps_unseen.finish,
    "describe": steps_outside.describe,
    "register": steps_outside.register,
    "register again": steps_outside.register_again,
    "register nowhere": steps_outside.register_nowhere,
    "look": steps_outside.look,
    "look from inside": steps_outside.look_from_inside,
    "look for a lost line": steps_outside.look_for_a_lost_line,
    "extend": steps_outside.extend,
    "leave": steps_outside.leave,
    "enter": steps_inside.enter,
    "hold": steps_inside.hold,
    "hold another": steps_inside.hold_another,
    "buy": steps_inside.buy,
    "complete": steps_inside.complete,
    "complete again": steps_inside.complete_again,
    "connect": steps_of_sockets.open_one,
    "connect once too often": steps_of_sockets.open_too_many,
    "disconnect": steps_of_sockets.close_one,
    "ask": steps_of_sockets.ask_place,
    "ask how far": steps_of_sockets.ask_progress,
    "hear of the turn": steps_of_sockets.hear_of_the_turn,
    "hear of the end": steps_of_sockets.hear_of_the_end,
    "forget who is gone": steps_of_sockets.forget_who_is_gone,
    "open an onsale": steps_of_operators.create,
    "hand over a new key": steps_of_operators.hand_over,
    "read an onsale": steps_of_operators.read,
    "change an onsale": steps_of_operators.change,
    "add a picture": steps_of_operators.picture,
    "read figures": steps_of_operators.figures,
    "read errors": steps_of_operators.errors,
    "find a position": steps_of_operators.find_position,
    "find a token": steps_of_operators.find_token,
    "find nothing of a lost line": steps_of_operators.find_lost,
    "rotate": steps_unseen.rotate,
    "survive a loss": steps_unseen.survive,
}

TRIES = 3
REFUSED = (AssertionError, KeyError, TypeError, OSError, URLError, HTTPError, WebSocketException)
"""How a step may fail: an answer that is not what it should be, or none."""


def failing(scene: Scene, expected: Collection[str]) -> set[str]:
    """The steps that do not work. One that is not expected to fail is tried again: this machine may be busy."""
    return {name for name, step in STEPS.items() if not _works(step, scene, 1 if name in expected else TRIES)}


def _works(step: Step, scene: Scene, tries: int) -> bool:
    return any(_worked(step, scene) for _ in range(tries))


def _worked(step: Step, scene: Scene) -> bool:
    with suppress(*REFUSED):
        return step(scene)
    return False
