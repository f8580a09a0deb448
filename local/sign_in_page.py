"""The page on which the development issuer asks for a name."""

from collections.abc import Mapping
from html import escape

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in</title>
<style>body {{ font: 1.1rem/1.5 system-ui; max-width: 26rem; margin: 10vh auto; padding: 0 1rem }}</style>
<h1>Sign in</h1>
<p>This is the room's own issuer. Any name will do; the same name is the same person.</p>
<form method="post">
{hidden}
<p><label for="name">Name</label> <input id="name" name="name" required autofocus autocomplete="username"></p>
<p><button>Sign in</button></p>
</form>
</html>
"""


def sign_in_page(asked: Mapping[str, str]) -> str:
    """The form, carrying the authorization request with it."""
    hidden = [
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.items()
        if name != "name"
    ]
    return PAGE.format(hidden="\n".join(hidden))
