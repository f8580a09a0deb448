"""`python -m tools.operator`, which is what `bin/fairline` runs."""

from tools.operator.app import app

app(prog_name="fairline")
