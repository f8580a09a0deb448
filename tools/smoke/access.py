"""The operator of a run: by the token that was given, by AWS credentials, or by the issuer of this machine's room."""

from random import Random
from typing import Any

from fairline.domain.errors import Unavailable
from tools.front import Call, Front, RefusedError
from tools.smoke.operators import Operators, Routes, Tables
from tools.smoke.options import TOKEN, Target, UnclearError


async def operators(front: Front, target: Target) -> Operators:
    """Raises UnclearError without any way in, RefusedError if the room's issuer does not answer."""
    luck = Random()  # noqa: S311 - jitter needs no secrecy
    if target.stack and not target.token:
        from tools.operator.desk import Desk

        return Tables(Desk(local=False, stack=target.stack, as_json=False))
    token = target.token or await _of_the_room(front, target.url, luck)
    return Routes(front, target.url, token, luck)


async def _of_the_room(front: Front, url: str, luck: Random) -> str:
    described = _room()
    if described.get("url") != url:
        raise UnclearError(f"Who is the operator? Put a token into {TOKEN}, or name the deployment with --stack.")
    name = "operator's token"
    answer = await front.send(Call(name, "POST", str(described["operator_token_url"]), tries=2), luck)
    if not answer.ok:
        raise RefusedError(name, answer)
    return str(answer.body["access_token"])


def _room() -> dict[str, Any]:
    from tools.operator.room import described

    try:
        return described()
    except Unavailable:
        return {}
