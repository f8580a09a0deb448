"""What an operator does."""

from tests.deployed.scene import Scene
from tests.journey.client import Answer, Onsale
from tests.support.pictures import png


def create(scene: Scene) -> bool:
    """Open another onsale, with its house."""
    return bool(scene.operator.onsale(starts_in=600).completion_key)


def hand_over(scene: Scene) -> bool:
    """Replace a completion key: the sample backend is told of it."""
    answer = scene.operator.call("POST", f"/{scene.queue.name}/completion-key", {"expected_version": 1})
    return answer.status == 200 and "warning" not in answer.body


def read(scene: Scene) -> bool:
    """Read one."""
    return scene.operator.call("GET", f"/{scene.lobby.name}").status == 200


def change(scene: Scene) -> bool:
    """Change one that has not been changed before."""
    body = {"expected_version": 1, "rate_per_minute": 60}
    return scene.operator.call("PATCH", f"/{scene.lobby.name}", body).status == 200


def picture(scene: Scene) -> bool:
    """Put a picture where fans find it."""
    return scene.operator.call("POST", f"/{scene.lobby.name}/picture", png()).status == 201


def figures(scene: Scene) -> bool:
    """Read how it goes."""
    return scene.operator.call("GET", f"/{scene.sale.name}/metrics").status == 200


def errors(scene: Scene) -> bool:
    """Read what the API refused."""
    operator = scene.operator
    return operator.api.call("GET", "/v1/admin/errors", token=operator.token).status == 200


def find_position(scene: Scene) -> bool:
    """Help somebody who knows the position."""
    return _find(scene.sale, {"position": scene.inside[2].fan.position}).status == 200


def find_token(scene: Scene) -> bool:
    """Help somebody who has the token."""
    return _find(scene.sale, {"visitor_token": scene.inside[2].fan.token}).status == 200


def find_lost(scene: Scene) -> bool:
    """Learn that neither the store nor the ledger knows a place."""
    scene.lose(scene.lost.onsale)
    return _find(scene.lost.onsale, {"visitor_token": scene.lost.token}).status == 404


def _find(onsale: Onsale, what: dict[str, object]) -> Answer:
    return onsale.operator.call("POST", f"/{onsale.name}/place-lookup", what)
