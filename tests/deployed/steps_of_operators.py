"""What an operator does."""

from tests.deployed.scene import Scene
from tests.journey.client import Answer


def create(scene: Scene) -> bool:
    """Open another onsale, with its house."""
    return bool(scene.operator.onsale(starts_in=600).completion_key)


def read(scene: Scene) -> bool:
    """Read one."""
    return scene.operator.call("GET", f"/{scene.lobby.name}").status == 200


def change(scene: Scene) -> bool:
    """Change one that has not been changed before."""
    body = {"expected_version": 1, "rate_per_minute": 60}
    return scene.operator.call("PATCH", f"/{scene.lobby.name}", body).status == 200


def figures(scene: Scene) -> bool:
    """Read how it goes."""
    return scene.operator.call("GET", f"/{scene.sale.name}/metrics").status == 200


def find_position(scene: Scene) -> bool:
    """Help somebody who knows the position."""
    return _find(scene, {"position": scene.inside[2].fan.position}).status == 200


def find_token(scene: Scene) -> bool:
    """Help somebody who has the token."""
    return _find(scene, {"visitor_token": scene.inside[2].fan.token}).status == 200


def _find(scene: Scene, what: dict[str, object]) -> Answer:
    return scene.operator.call("POST", f"/{scene.sale.name}/place-lookup", what)
