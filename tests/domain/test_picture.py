from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.errors import InvalidRequest
from fairline.domain.picture import recognised
from tests.support.pictures import jpeg, png, webp

KINDS = {
    "png": png(),
    "jpg": jpeg(),
    "webp": webp(),
}
EVERY_FORM = (
    *((png, {}), (jpeg, {}), (jpeg, {"frame": 0xC2})),
    *((webp, {"form": form}) for form in (b"VP8X", b"VP8L", b"VP8 ")),
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_known_by_its_first_bytes_and_named_by_all_of_them(kind: str) -> None:
    picture = recognised(KINDS[kind])
    assert picture.kind == kind
    assert picture.key("demo").startswith("pictures/demo/")
    assert picture.key("demo").endswith(f".{kind}")
    assert recognised(KINDS[kind] + b"more").key("demo") != picture.key("demo")


@pytest.mark.parametrize(("make", "options"), EVERY_FORM)
def test_sides_are_read_from_every_form_and_bounded(make: object, options: dict[str, object]) -> None:
    assert callable(make)
    assert recognised(make(4_000, 1, **options))
    for wide, high in ((4_001, 1), (1, 4_001)):
        with pytest.raises(InvalidRequest, match=f"not {wide} by {high}"):
            recognised(make(wide, high, **options))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"GIF89a" + b"\x00" * 40,
        b"<!doctype html>" + png(),
        png()[:20],
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00\x00",
        jpeg()[:14],
        webp()[:20],
        webp().replace(b"VP8X", b"VP8?"),
        webp(form=b"VP8L").replace(b"\x2f", b"\x2e"),
        webp(form=b"VP8 ").replace(b"\x9d\x01\x2a", b"\x00\x00\x00"),
        png().replace(b"IHDR", b"IDAT"),
        png(0, 1),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidRequest, match="picture"):
        recognised(content)


@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF1234WEBPVP8X", b""]), st.binary(max_size=80))
def test_whatever_is_sent_it_is_a_picture_or_refused(head: bytes, rest: bytes) -> None:
    with suppress(InvalidRequest):
        assert recognised(head + rest).kind in KINDS
