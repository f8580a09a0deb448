"""The CDK app: `cdk deploy --all -c profile=lean`. docs/deploy.md has the way from an empty account."""

import os
import sys
from pathlib import Path

from aws_cdk import App

from stacks.build import Build
from stacks.compose import compose
from stacks.settings import WrongSettings, read

ROOT = Path(__file__).resolve().parent

app = App()
try:
    settings = read(app.node.get_all_context(), os.environ.get("CDK_DEFAULT_REGION"))
except WrongSettings as wrong:
    sys.exit(str(wrong))
compose(app, settings=settings, build=Build(ROOT))
app.synth()
