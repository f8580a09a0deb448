"""Where the small functions are that the room is tested with."""

from pathlib import Path

LAMBDAS = Path(__file__).parent / "lambdas"
