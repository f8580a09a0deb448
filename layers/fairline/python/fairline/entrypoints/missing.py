"""Why a request reached no route: the path is unknown, or it exists with other methods."""

import re

from fairline.routes import HTTP_ROUTES


def methods_of(path: str) -> list[str]:
    """The methods that routes of this path have, none if there is no such path."""
    return sorted({route.method for route in HTTP_ROUTES if _pattern(route.path).fullmatch(path)})


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", path)
    return re.compile("".join(_part(part) for part in parts))


def _part(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    return ".+" if part.endswith("+}") else "[^/]+"
