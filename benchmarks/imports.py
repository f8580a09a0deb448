"""Cold starts: a handler and all it makes for its first event, against the bare libraries and clients of that."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, show
from benchmarks.stores import SETTINGS

ROOT = Path(__file__).parents[1]
ROUNDS = 7
BUDGET = 1.2
BOUNDED = "import boto3, botocore.config; config = botocore.config.Config(retries={'mode': 'standard'}, read_timeout=3)"
"""Every client of ours has timeouts and bounded retries: those it cannot do without."""
DYNAMODB = f"{BOUNDED}; boto3.client('dynamodb', config=config)"
KEYS = f"{BOUNDED}; boto3.client('dynamodb', config=config.merge(botocore.config.Config(read_timeout=1)))"
"""Signing keys, and what the CDN sends: the same table, which is waited for less long than others."""
S3 = f"{BOUNDED}; boto3.client('s3', config=config)"
CLOUDWATCH = f"{BOUNDED}; boto3.client('cloudwatch', config=config)"
SECRETS = f"{BOUNDED}; boto3.client('secretsmanager', config=config)"
SOCKETS = f"{BOUNDED}; boto3.client('apigatewaymanagementapi', config=config, endpoint_url='https://sockets.example')"
REDIS = "import redis; redis.Redis.from_url('redis://127.0.0.1:1/0')"
JWT = "import jwt, cryptography.hazmat.primitives.asymmetric.rsa, cryptography.hazmat.primitives.serialization"
TELEMETRY = "from aws_lambda_powertools import Logger, Metrics; Logger(); Metrics(namespace='Fairline')"
OUTBOUND = "import urllib.request, http.client, json, secrets"
OUR_TELEMETRY = "from fairline.entrypoints import telemetry; telemetry.logger(); telemetry._metrics()"

MAKERS = ("console", "stores", "upkeep", "wiring")
TO_A_PLACE = "wiring.origin_check(); stores.keys(); wiring.polls()"


@dataclass(frozen=True)
class Cold:
    """What a function makes for its first event (by us), and what that cannot do without."""

    function: str
    made: str
    needs: tuple[str, ...]
    uses: str = ""

    @property
    def makers(self) -> list[str]:
        """The modules that make it."""
        return [each for each in MAKERS if f"{each}." in self.made]


COLD = (
    Cold("onsale", "wiring.origin_check(); wiring.latest_onsales(); wiring.addresses()", (KEYS, DYNAMODB)),
    Cold("register", f"{TO_A_PLACE}; wiring.registrar()", (REDIS, KEYS, DYNAMODB)),
    Cold("place", f"{TO_A_PLACE}; wiring.places(); wiring.visitor_tokens()", (REDIS, KEYS, DYNAMODB)),
    Cold("authorize_socket", "wiring.visitor_tokens(); stores.keys()", (KEYS,)),
    Cold("connect", "wiring.socket_register(closing=True)", (DYNAMODB, SOCKETS)),
    Cold("disconnect", "wiring.socket_register(closing=False)", (DYNAMODB,)),
    Cold("message", "wiring.socket_answers(); stores.documents(); stores.keys(); wiring.polls()", (DYNAMODB, KEYS, S3)),
    Cold("admit", "wiring.ticker()", (REDIS, DYNAMODB, S3, TELEMETRY), OUR_TELEMETRY),
    Cold("notify", "wiring.notifier(); stores.keys()", (DYNAMODB, KEYS, SOCKETS, JWT), JWT),
    Cold("authorize", "wiring.origin_check(); wiring.gate(); stores.keys()", (KEYS, DYNAMODB, JWT), JWT),
    Cold("complete", "wiring.origin_check(); wiring.completion(); stores.onsales()", (REDIS, KEYS, DYNAMODB)),
    Cold("admin", "wiring.origin_check(); wiring.operations(); wiring.lookup()", (KEYS, DYNAMODB, REDIS)),
    Cold("errors", "wiring.origin_check(); console.traffic()", (KEYS, CLOUDWATCH)),
    Cold(
        "rotate",
        "upkeep.rotation(); upkeep.origin_renewal()",
        (KEYS, S3, SECRETS, JWT, TELEMETRY),
        f"{JWT}; {OUR_TELEMETRY}",
    ),
    Cold("booking", "wiring.origin_check(); wiring.box_office()", (KEYS, DYNAMODB, OUTBOUND)),
)

TIMED = "import time; begun = time.process_time(); {statements}; print(time.process_time() - begun)"
ALL_SETTINGS = {
    **SETTINGS,
    **{
        name: name.lower()
        for name in ("CONNECTIONS_TABLE", "SEATS_TABLE", "STATUS_BUCKET", "IDENTITY", "ORIGIN_SECRET", "API_ID")
    },
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SOCKETS_URL": "https://sockets.example",
    "WEBSOCKET_URL": "wss://sockets.example",
    "POWERTOOLS_SERVICE_NAME": "benchmark",
    "POWERTOOLS_METRICS_NAMESPACE": "Fairline",
}


def seconds(statements: str, function: str) -> float:
    """Seconds of CPU that statements take in a fresh process: what else the machine does is not theirs."""
    path = os.pathsep.join([str(ROOT / "lambdas" / function), str(ROOT / "layers/fairline/python")])
    environment = {**ALL_SETTINGS, "PYTHONPATH": path, "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", TIMED.format(statements=statements)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return float(done.stdout)


def figure(cold: Cold) -> Figure:
    """One handler, in turns with what it needs."""
    made = f"import handler; from fairline import {', '.join(cold.makers)}; {cold.made}"
    ours, bare = (f"{made}; {cold.uses}" if cold.uses else made), "; ".join(cold.needs)
    took = [(seconds(ours, cold.function), seconds(bare, cold.function)) for _ in range(ROUNDS + 1)][1:]
    ratio = median(subject / baseline for subject, baseline in took)
    subject, baseline = (1_000 * min(column) for column in zip(*took, strict=True))
    return Figure(cold.function, subject, "times the bare", BUDGET, "below", baseline, ratio)


def main() -> None:
    """Measure every handler; then importing alone, which makes nothing and needs none of the libraries."""
    rows = [figure(cold) for cold in COLD]
    show("Cold start in ms: import and everything made for the first event", *rows)
    print("  Importing alone, in ms:")
    for cold in COLD:
        best = min(seconds("import handler", cold.function) for _ in range(3))
        print(f"    {cold.function:20} {1_000 * best:6.1f}")


if __name__ == "__main__":
    main()
