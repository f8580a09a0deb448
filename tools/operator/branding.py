"""`fairline onsale brand`: how an onsale looks to its fans."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.operator.changes import make
from tools.operator.desk import Desk, reaching_aws
from tools.operator.names import Expected, Name

if TYPE_CHECKING:
    from collections.abc import Mapping

GONE = '"" takes it back'


def brand(  # noqa: PLR0913 - a branding has that many parts
    ctx: typer.Context,
    name: Name,
    *,
    organiser: Annotated[str | None, typer.Option(metavar="TEXT", help=f"Who sells; {GONE}.")] = None,
    accent: Annotated[str | None, typer.Option(metavar="#RRGGBB", help=f"The colour of what matters; {GONE}.")] = None,
    text: Annotated[str | None, typer.Option(metavar="TEXT", help=f"A few words to the line; {GONE}.")] = None,
    link: Annotated[str | None, typer.Option(metavar="URL", help=f"Where to read more, over https; {GONE}.")] = None,
    link_text: Annotated[str | None, typer.Option(metavar="TEXT", help="What the link says.")] = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="A PNG, JPEG or WebP of at most 200 kB."),
    ] = None,
    picture_alt: Annotated[
        str | None, typer.Option(metavar="TEXT", help=f"What is on the picture, for who cannot see it; {GONE}, and it.")
    ] = None,
    expected: Expected = None,
) -> None:
    """Change how an onsale looks: what is not named stays as it is."""
    from fairline.clients import now_ms
    from fairline.entrypoints.bodies import policy_body

    desk = Desk.of(ctx)
    given = {
        "organiser": organiser,
        "accent": accent,
        "text": text,
        "link": link,
        "link_text": link_text,
        "picture_alt": picture_alt,
    }
    known = desk.operations().read(name)
    asked = {**given, "picture": _kept(name, picture) if picture else "" if picture_alt == "" else None}
    following = _merged(known.branding, asked)
    version = known.version if expected is None else expected
    change = make(desk, name, version, lambda use, at, by: use.change(name, at, by, branding=following))
    said = ", ".join(sorted(following)) or "nothing"
    desk.say(policy_body(change.after, now_ms()), f"{name}: the branding now has {said} {change.versions}.")


def _merged(known: "Mapping[str, Any]", asked: "Mapping[str, str | None]") -> dict[str, Any]:
    """The branding with what was asked for; what is empty is taken out, what is None stays."""
    named = {field: value for field, value in asked.items() if value is not None}
    return {field: value for field, value in {**known, **named}.items() if value != ""}


def _kept(name: str, picture: Path) -> str:
    """Put the picture where fans find it; what the branding is to name it."""
    from fairline.wiring import pictures

    with reaching_aws():
        return pictures().add(name, picture.read_bytes())
