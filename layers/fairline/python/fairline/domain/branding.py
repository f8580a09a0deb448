"""What an onsale looks like to its fans: a few checked values, none of which can hide the words or run anything."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

Fault = tuple[str, str]

LONGEST = {"organiser": 80, "picture_alt": 200, "text": 400, "link_text": 80}
LONGEST_LINK = 500
ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
PICTURE = re.compile(r"pictures/(?P<onsale>[a-z0-9][a-z0-9-]{0,62})/[0-9a-f]{64}\.(png|jpg|webp)")
INKS = ("#ffffff", "#171a26")
"""What is written on the accent: white, or what is nearly black."""
LEAST_CONTRAST = 4.5
"""Of text, by WCAG 2.2, level AA."""

NEARLY_BLACK = 0.04045
"""Up to here a channel of sRGB grows in a straight line."""

TOGETHER = (("picture", "picture_alt"), ("picture_alt", "picture"), ("link", "link_text"), ("link_text", "link"))
"""Each with the one that it does not come without: what is seen must be readable, and what is read must lead there."""


def branding_faults(onsale: str, branding: object) -> list[Fault]:
    """Every fault, by the field's full name."""
    if not isinstance(branding, Mapping):
        return [("branding", "an object")]
    faults = [(name, "is not a field of the branding") for name in branding if name not in FITS]
    faults += [(name, why) for name, (fits, why) in FITS.items() if name in branding and not fits(branding[name])]
    faults += [(name, f"comes with {other}") for other, name in TOGETHER if other in branding and name not in branding]
    picture = branding.get("picture")
    if isinstance(picture, str) and (found := PICTURE.fullmatch(picture)) and found["onsale"] != onsale:
        faults.append(("picture", "is another onsale's"))
    return [(f"branding.{name}", why) for name, why in faults]


def shown(onsale: str, branding: Mapping[str, Any], pictures_url: str) -> dict[str, Any]:
    """The branding as fans are told it, its picture by its whole address.

    Whatever was written down before there were rules and does not keep to them is left out.
    """
    wrong = {name.removeprefix("branding.") for name, _ in branding_faults(onsale, branding)}
    kept = {name: value for name, value in branding.items() if name not in wrong}
    return {**kept, "picture": f"{pictures_url}/{kept['picture']}"} if "picture" in kept else kept


def contrast(one: str, other: str) -> float:
    """Between two colours such as `#4338ca`, from 1 to 21, as WCAG has it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= NEARLY_BLACK else ((channel + 0.055) / 1.055) ** 2.4


def _readable(accent: object) -> bool:
    if not isinstance(accent, str) or not ACCENT.fullmatch(accent):
        return False
    return max(contrast(accent, ink) for ink in INKS) >= LEAST_CONTRAST


def _leads_somewhere(link: object) -> bool:
    if not isinstance(link, str) or len(link) > LONGEST_LINK or not link.isprintable() or " " in link:
        return False
    try:
        parts = urlsplit(link)
        return parts.scheme == "https" and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        return False


def _text(longest: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and bool(value.strip()) and len(value) <= longest


FITS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    **{name: (_text(longest), f"text of 1 to {longest} characters") for name, longest in LONGEST.items()},
    "accent": (_readable, "#rrggbb, on which white or #171a26 can be read: a contrast of 4.5 at least"),
    "picture": (lambda value: isinstance(value, str) and bool(PICTURE.fullmatch(value)), "what the upload answered"),
    "link": (_leads_somewhere, "an https address without a name or password"),
}
"""Each field, whether a value fits, and what would."""
