"""Pictures as their first bytes tell them, of any size, and nothing more in them than that."""


def png(width: int = 8, height: int = 4) -> bytes:
    head = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + head + b"\x00" * 8


def jpeg(width: int = 8, height: int = 4, frame: int = 0xC0) -> bytes:
    comment = b"\xff\xfe" + (6).to_bytes(2) + b"\xff\xc0ab"
    size = b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x03" + b"\x00" * 9
    return b"\xff\xd8" + comment + b"\xff" + bytes([0xFF, frame]) + (len(size) + 2).to_bytes(2) + size + b"\xff\xd9"


def webp(width: int = 8, height: int = 4, form: bytes = b"VP8X") -> bytes:
    heads = {
        b"VP8X": b"\x00" * 4 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"),
        b"VP8L": b"\x2f" + (width - 1 | (height - 1) << 14).to_bytes(4, "little") + b"\x00" * 5,
        b"VP8 ": b"\x00" * 3 + b"\x9d\x01\x2a" + width.to_bytes(2, "little") + height.to_bytes(2, "little"),
    }
    chunk = form + (10).to_bytes(4, "little") + heads[form]
    return b"RIFF" + (len(chunk) + 4).to_bytes(4, "little") + b"WEBP" + chunk
