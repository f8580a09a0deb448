"""What a fan does with an access token, and what the backend reports."""

from tests.deployed.scene import Scene
from tests.journey.client import Answer


def _buyer(scene: Scene, method: str, what: str, body: object = None) -> Answer:
    inside = scene.inside[1]
    return inside.fan.enter(inside.access_token, method, what, body)


def enter(scene: Scene) -> bool:
    """See the house."""
    return _buyer(scene, "GET", "seats").status == 200


def hold(scene: Scene) -> bool:
    """Take a seat."""
    return _buyer(scene, "POST", "holds", {"seat": "A-1"}).status == 201


def hold_another(scene: Scene) -> bool:
    """Take another instead, so that the first is free again."""
    return _buyer(scene, "POST", "holds", {"seat": "A-2"}).status == 201 and _is_free(scene, "A-1")


def _is_free(scene: Scene, seat: str) -> bool:
    other = scene.inside[2]
    return other.fan.enter(other.access_token, "POST", "holds", {"seat": seat}).status == 201


def buy(scene: Scene) -> bool:
    """Buy it."""
    return _buyer(scene, "POST", "purchases", {}).status == 201


def complete(scene: Scene) -> bool:
    """Report another fan's purchase, as a backend of one's own would."""
    return _report(scene)


def complete_again(scene: Scene) -> bool:
    """Report it once more."""
    return _report(scene)


def _report(scene: Scene) -> bool:
    path = f"{scene.sale.path}/sessions/{scene.inside[4].session}/completion"
    return scene.sale.api.call("POST", path, token=scene.sale.completion_key).status == 204
