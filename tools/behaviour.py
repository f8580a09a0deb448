"""How simulated fans differ: what they do with their place and with their session."""

from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Literal

Name = Literal["buys", "dawdles", "leaves line", "leaves session", "vanishes"]
Ending = Literal["buy", "leave", "vanish"]

WEIGHTS: dict[Name, int] = {"buys": 70, "dawdles": 10, "leaves line": 8, "leaves session": 6, "vanishes": 6}

FREE_FOR_A_PERSON = 20
"""Seats that a crowd never buys, so that whoever looks at the room in a browser still finds one."""


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """One fan's habits. A fan whose `patience_seconds` run out in the line ends there, by `ending`."""

    name: Name
    ending: Ending = "buy"
    patience_seconds: float | None = None
    think_seconds: tuple[float, float] = (0.0, 0.0)
    """The least and the most time between two steps of shopping."""
    dawdle_share: float = 0.0
    """How much of its session it lets pass before the last step."""
    extends: bool = False
    leaves_free: int = 0
    """It finds nothing to its liking once no more than so many seats are free."""


STRAIGHT = Behaviour(name="buys")
"""Buys as fast as it is let: what a load generator sends."""


def draw(rng: Random) -> Behaviour:
    """A member of a mixed crowd, by `WEIGHTS`."""
    (name,) = rng.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))
    member = partial(Behaviour, name=name, think_seconds=(1.0, 6.0), leaves_free=FREE_FOR_A_PERSON)
    match name:
        case "buys":
            return member()
        case "dawdles":
            share, extends = rng.uniform(0.5, 0.9), rng.random() < 1 / 3
            return member(dawdle_share=share, extends=extends)
        case "leaves line":
            return member(ending="leave", patience_seconds=rng.uniform(5, 60))
        case "leaves session":
            return member(ending="leave", dawdle_share=rng.uniform(0, 0.2))
        case "vanishes":
            patience = rng.uniform(5, 60) if rng.random() < 1 / 2 else None
            return member(ending="vanish", patience_seconds=patience)
