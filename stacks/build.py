"""Where the stacks find what they upload. Nothing is built during synthesis: make has done that before."""

from dataclasses import dataclass
from pathlib import Path


class NotBuilt(RuntimeError):
    """A folder that `make` builds is not there yet."""


@dataclass(frozen=True)
class Build:
    """A checkout of the repository, and the dependency layer if it is not the one built in it."""

    root: Path
    layer: Path | None = None

    @property
    def dependencies(self) -> Path:
        """The dependency layer: `python/` with what the functions import, for Lambda's Python on arm64."""
        layer = self.layer or self.root / "build" / "layer"
        if not (layer / "python").is_dir():
            raise NotBuilt(f"The dependency layer is not in {layer}: run `make build/layer` first.")
        return layer

    @property
    def library(self) -> Path:
        """The library, a layer as it stands."""
        return self.root / "layers" / "fairline"

    def function(self, name: str) -> Path:
        """The folder of a function's handler."""
        return self.root / "lambdas" / name

    @property
    def site(self) -> Path:
        """What the page loads, and the template that `stacks/pages.py` makes the page of, in each language."""
        return self.root / "frontend"
