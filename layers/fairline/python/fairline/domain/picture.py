"""A picture as its first bytes tell it: which kind it is, and how large. Nothing is decoded."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from fairline.domain.errors import InvalidRequest

LARGEST_PICTURE = 200_000
LARGEST_SIDE = 4_000
"""More than any screen shows of it, and little enough for any browser to decode."""

PNG, JPEG, RIFF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF"
KINDS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Segments of a JPEG that say how large it is."""
ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Segments that have no length."""

Size = tuple[int, int]


@dataclass(frozen=True)
class Picture:
    """Its bytes, and the end of its name: `png`, `jpg` or `webp`."""

    content: bytes
    kind: str

    def key(self, onsale: str) -> str:
        """Where it stands: the same picture twice is the same object, and another one never takes its name."""
        return f"pictures/{onsale}/{hashlib.sha256(self.content).hexdigest()}.{self.kind}"


def recognised(content: bytes) -> Picture:
    """The picture of these bytes. Raises InvalidRequest for what is none, or one that is too large to be shown."""
    for kind, look in (("png", _png), ("jpg", _jpeg), ("webp", _webp)):
        size = look(content)
        if size is None:
            continue
        if not all(1 <= side <= LARGEST_SIDE for side in size):
            raise InvalidRequest([("picture", f"1 to {LARGEST_SIDE} pixels wide and high, not {size[0]} by {size[1]}")])
        return Picture(content, kind)
    raise InvalidRequest([("picture", "a PNG, JPEG or WebP")])


def _png(content: bytes) -> Size | None:
    if not content.startswith(PNG) or content[12:16] != b"IHDR" or len(content) < 24:  # noqa: PLR2004 - sides end there
        return None
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _jpeg(content: bytes) -> Size | None:
    if not content.startswith(JPEG):
        return None
    for kind, segment in _segments(content):
        if kind in FRAMES and len(segment) >= 5:  # noqa: PLR2004 - precision, height, width
            return int.from_bytes(segment[3:5]), int.from_bytes(segment[1:3])
    return None


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment's kind and content, as far as there are segments."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - what every segment begins with
        kind = content[at + 1]
        if kind in ALONE or kind == 0xFF:  # noqa: PLR2004 - filling
            at += 1 if kind == 0xFF else 2  # noqa: PLR2004
            continue
        length = int.from_bytes(content[at + 2 : at + 4])
        yield kind, content[at + 4 : at + 2 + length]
        at += 2 + max(2, length)


def _webp(content: bytes) -> Size | None:
    if not content.startswith(RIFF) or content[8:12] != b"WEBP" or len(content) < 30:  # noqa: PLR2004 - every form's head
        return None
    form, head = content[12:16], content[20:30]
    if form == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if form == b"VP8L" and head[0] == 0x2F:  # noqa: PLR2004 - its signature
        bits = int.from_bytes(head[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF
    return None
