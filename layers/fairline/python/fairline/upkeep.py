"""What is done at every deployment and daily: use cases over what they run on, as `wiring` has them for requests."""

from functools import cache
from typing import TYPE_CHECKING

from fairline.clients import now_ms, setting
from fairline.domain.keys import Key, Purpose
from fairline.stores import documents, keys, origin_secret, origin_secrets

if TYPE_CHECKING:
    from fairline.adapters.stack_answers import StackAnswers
    from fairline.usecases.origin import OriginRenewal
    from fairline.usecases.rotate import MakeKey, Rotation


@cache
def rotation() -> "Rotation":
    """Key rotation."""
    import secrets

    from fairline.adapters.access_tokens import generate
    from fairline.usecases.rotate import Rotation

    def secret(kid: str, signs_from_ms: int) -> Key:
        return Key("visitor", kid, secrets.token_urlsafe(32), signs_from_ms)

    make: dict[Purpose, MakeKey] = {"visitor": secret, "access": generate}
    return Rotation(keys(), documents(), make, setting("STATUS_URL"), now_ms)


@cache
def origin_renewal() -> "OriginRenewal":
    """Following the secret that the CDN sends."""
    from fairline.usecases.origin import OriginRenewal

    return OriginRenewal(origin_secret().current, origin_secrets(), now_ms)


@cache
def stack_answers() -> "StackAnswers":
    """What a deployment is told."""
    from fairline.adapters.stack_answers import StackAnswers

    return StackAnswers()
