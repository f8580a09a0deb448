"""The dependency layer for this machine: the very packages of the lock, as they are installed where the tests run.

The layer that is deployed to AWS has wheels for Lambda's Python on arm64, which this machine may not be. The emulator
unpacks layers anew for each execution environment, so this one only says where the packages are.
"""

import re
from importlib.metadata import distribution
from pathlib import Path

LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def host_layer(folder: Path, lock: Path) -> Path:
    """Lay out the layer in `folder`, with what `lock` names and nothing else of this environment."""
    packages = folder / "packages"
    packages.mkdir(parents=True)
    for name in LOCKED.findall(lock.read_text()):
        _link(name, packages)
    site = folder / "layer" / "python" / "lib" / "python3" / "site-packages"
    site.mkdir(parents=True)
    (site / "host.pth").write_text(f"import sys; sys.path.insert(0, {str(packages)!r})\n")
    return folder / "layer"


def _link(name: str, packages: Path) -> None:
    installed = distribution(name)
    for top in {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}:
        if not (packages / top).exists():
            (packages / top).symlink_to(str(installed.locate_file(top)))
