"""What a fan does without being let in."""

import secrets

from tests.deployed.scene import Scene


def describe(scene: Scene) -> bool:
    """Read what the onsale is."""
    return scene.sale.api.call("GET", scene.sale.path).status == 200


def register(scene: Scene) -> bool:
    """Join the line."""
    return scene.lobby.register().status == 201


def register_again(scene: Scene) -> bool:
    """Join again from inside: the place is still there, and so is the session."""
    answer = scene.sale.register(scene.inside[3].fan.key)
    return answer.status == 200 and "access_token" in answer.body


def register_nowhere(scene: Scene) -> bool:
    """Be told that there is no such onsale."""
    path = f"/v1/onsales/no-{secrets.token_hex(5)}/registrations"
    return scene.sale.api.call("POST", path).status == 404


def look(scene: Scene) -> bool:
    """Look how long it takes."""
    return scene.waiting[0].place().status == 200


def look_from_inside(scene: Scene) -> bool:
    """Look whether the session runs."""
    answer = scene.inside[3].fan.place()
    return answer.status == 200 and "access_token" in answer.body


def look_for_a_lost_line(scene: Scene) -> bool:
    """Be told that the onsale is over although the store knows nothing of it."""
    scene.lose(scene.lost.onsale)
    return scene.lost.place().status == 410


def extend(scene: Scene) -> bool:
    """Ask for more time."""
    return scene.inside[3].fan.extend().status == 200


def leave(scene: Scene) -> bool:
    """Give up the place."""
    return scene.waiting[1].leave().status == 204
