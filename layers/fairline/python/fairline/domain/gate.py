"""What the gate asks of a request's path before it looks at anything else."""

import re

PLAIN = re.compile(r"/v1/onsales/(?P<onsale>[a-z0-9][a-z0-9-]{0,62})/booking(/[A-Za-z0-9._~!$&'()*+,;=:@-]+)+/?")


def onsale_of(path: str) -> str | None:
    """The onsale whose booking backend `path` addresses, or None for a path that is not written plainly.

    Escapes, empty segments, and segments that are or end in dots, with parameters or without, are refused rather than
    resolved: a backend may resolve them otherwise.
    """
    match = PLAIN.fullmatch(path)
    if match is None or any(segment.partition(";")[0].endswith(".") for segment in path.split("/")):
        return None
    return match["onsale"]
