"""`cdk deploy` to the emulator, and what a deployed waiting room says of itself."""

import mimetypes
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from redis import Redis

from stacks.build import Build
from stacks.functions import FUNCTIONS
from stacks.pages import pages
from tests.deployed.app import Assembly
from tests.deployed.cache import Cache, admit_users
from tests.deployed.emulator import NODE, REGION, Emulator
from tests.support.synthesis import ROOT

CDK = ROOT / ".venv" / "bin" / "cdk"
DEPLOY_SECONDS = 200


@dataclass(frozen=True)
class Deployed:
    """Five stacks in an emulator. `redis` is let into the cache without being told of in the templates."""

    emulator: Emulator
    assembly: Assembly
    redis: Redis

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        """Every stack's outputs, as CloudFormation tells them."""
        stacks = self.emulator.client("cloudformation").describe_stacks()["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for stack in stacks for output in stack.get("Outputs", [])}

    @cached_property
    def http_api(self) -> str:
        """The id of the HTTP API."""
        apis = self.emulator.client("apigatewayv2").get_apis()["Items"]
        return next(str(api["ApiId"]) for api in apis if api["ProtocolType"] == "HTTP")

    @cached_property
    def functions(self) -> Mapping[str, dict[str, Any]]:
        """Every function's configuration by its name in `stacks/functions.py`."""
        listed = self.emulator.client("lambda").list_functions()["Functions"]
        by_name = {each["Environment"]["Variables"].get("POWERTOOLS_SERVICE_NAME"): each for each in listed}
        return {function.name: by_name[function.name] for function in FUNCTIONS}

    def starts(self, name: str) -> int:
        """How often a function has begun to run, as its log has it."""
        group = self.functions[name]["LoggingConfig"]["LogGroup"]
        events = self.emulator.client("logs").filter_log_events(logGroupName=group)["events"]
        return sum(bool(re.match("START RequestId", event["message"])) for event in events)


def deploy(emulator: Emulator, assembly: Assembly, cache: Cache) -> Deployed:
    """Deploy every stack with the CDK's own command line. Raises RuntimeError with its words where it fails."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=f"cdk-hnb659fds-assets-{emulator.host.account}-{REGION}")
    options = [
        "--require-approval",
        "never",
        "--method",
        "direct",
        "--concurrency",
        "4",
        "--no-notices",
        "--no-rollback",
    ]
    done = subprocess.run(
        [CDK, "deploy", "--all", "--app", assembly.folder, *options],
        cwd=emulator.folder,
        env={
            "PATH": os.pathsep.join([str(NODE), "/usr/bin", "/bin"]),
            "HOME": str(emulator.folder),
            **emulator.host.credentials(REGION),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=DEPLOY_SECONDS,
    )
    if done.returncode:
        raise RuntimeError(f"cdk deploy failed:\n{done.stdout}\n{done.stderr}\n{emulator.log[-5000:]}")
    deployed = Deployed(emulator, assembly, cache.redis)
    admit_users(cache.redis, emulator.client("elasticache").describe_users()["Users"])
    _upload(s3, deployed.outputs["SiteBucket"], Build(ROOT).site)
    return deployed


def _upload(s3: Any, bucket: str, folder: Path) -> None:
    files = {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    rendered = {place: page.encode() for place, page in pages(folder).items()}
    for place, body in {**files, **rendered}.items():
        kind = mimetypes.guess_type(place)[0] or "application/octet-stream"
        s3.put_object(Bucket=bucket, Key=place, Body=body, ContentType=kind)
