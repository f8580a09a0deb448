"""The argument that names an existing onsale."""

from typing import Annotated

import typer


def _possible(name: str) -> str:
    """The name, unless no onsale can have it: asked for the empty one, DynamoDB would call the question broken."""
    from fairline.domain.errors import UnknownOnsale
    from fairline.domain.onsale import NAME

    if not NAME.fullmatch(name):
        raise UnknownOnsale(f"There is no onsale named {name!r}.")
    return name


Name = Annotated[str, typer.Argument(metavar="NAME", help="The onsale, as in its address.", callback=_possible)]

Expected = Annotated[
    int | None,
    typer.Option("--expected-version", metavar="V", help="Refuse unless this is the latest (default: the one found)."),
]
