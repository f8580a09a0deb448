"""What all functions share: the dependencies for Lambda's Python on arm64, and the library as it stands."""

from aws_cdk import AssetHashType, IgnoreMode
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.build import Build

RUNTIME = lambda_.Runtime.PYTHON_3_13
ARCHITECTURE = lambda_.Architecture.ARM_64
LEFT_BEHIND = ["__pycache__"]
"""What running the code leaves beside it, and no asset takes along."""


def code(folder: str) -> lambda_.Code:
    """A folder as it stands; its hash is that of what is in it, but for what running Python leaves behind."""
    return lambda_.Code.from_asset(
        folder,
        exclude=LEFT_BEHIND,
        ignore_mode=IgnoreMode.GIT,
        asset_hash_type=AssetHashType.SOURCE,
    )


class Layers(Construct):
    """The two layers. They change apart: dependencies with the lock file, the library with each commit."""

    def __init__(self, scope: Construct, construct_id: str, *, build: Build) -> None:
        super().__init__(scope, construct_id)
        self.dependencies = self._layer("Dependencies", str(build.dependencies), "What the functions import.")
        self.library = self._layer("Library", str(build.library), "The waiting room itself.")

    @property
    def both(self) -> list[lambda_.ILayerVersion]:
        """In the order in which Lambda lays them over one another."""
        return [self.dependencies, self.library]

    def _layer(self, construct_id: str, folder: str, description: str) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            construct_id,
            code=code(folder),
            description=description,
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[ARCHITECTURE],
        )
