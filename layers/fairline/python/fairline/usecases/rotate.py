"""Key rotation: make keys before they are due, and publish those that verify."""

from collections.abc import Callable
from typing import get_args

from fairline.domain.keys import DAY_MS, Key, Purpose, in_use, next_signs_from_ms
from fairline.usecases.ports import Documents, Keys

KEY_SET = ".well-known/jwks.json"
CONFIGURATION = ".well-known/openid-configuration"
MAX_AGE_SECONDS = 300

MakeKey = Callable[[str, int], Key]


class Rotation:
    """Rotates all keys. `make` gives a generator (kid, signs_from_ms) for each purpose, `clock` milliseconds."""

    def __init__(
        self,
        keys: Keys,
        documents: Documents,
        make: dict[Purpose, MakeKey],
        issuer: str,
        clock: Callable[[], int],
    ) -> None:
        self._keys = keys
        self._documents = documents
        self._make = make
        self._issuer = issuer
        self._clock = clock

    def rotate(self) -> list[str]:
        """Make the keys that are due and publish the public ones. The ids of new keys."""
        made = [kid for purpose in get_args(Purpose) if (kid := self._renew(purpose))]
        self._publish()
        return made

    def _renew(self, purpose: Purpose) -> str | None:
        """A key's id names the day it begins to sign, so that two rotations at once make one key."""
        signs_from_ms = next_signs_from_ms(self._keys.public(purpose), self._clock())
        if signs_from_ms is None:
            return None
        kid = f"{purpose}-{signs_from_ms // DAY_MS}"
        return kid if self._keys.add(self._make[purpose](kid, signs_from_ms)) else None

    def _publish(self) -> None:
        usable = in_use(self._keys.public("access"), self._clock())
        self._documents.write(KEY_SET, {"keys": [key.public_jwk for key in usable]}, max_age_seconds=MAX_AGE_SECONDS)
        configuration: dict[str, object] = {
            "issuer": self._issuer,
            "jwks_uri": f"{self._issuer}/{KEY_SET}",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["none"],
            "subject_types_supported": ["pairwise"],
        }
        self._documents.write(CONFIGURATION, configuration, max_age_seconds=MAX_AGE_SECONDS)
