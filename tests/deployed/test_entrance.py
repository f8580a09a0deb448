"""That the deployment itself was asked and has answered: not a stand-in, and nobody else."""

import os
import subprocess
import sys

from fairline.routes import DEFAULT_FUNCTION, HTTP_ROUTES
from stacks.build import Build
from stacks.pages import ahead, pages
from tests.deployed.app import EXECUTE
from tests.deployed.deployment import Deployed
from tests.journey.client import Fan, Onsale, Operator
from tests.support.synthesis import ROOT

SMOKE_SECONDS = 200


def test_the_smoke_test_passes_through_the_public_address(deployed: Deployed, operator: Operator, token: str) -> None:
    host = deployed.emulator.host
    around = f"{host.endpoint}{EXECUTE}/{deployed.http_api}/$default"
    done = subprocess.run(
        [sys.executable, "-m", "tools.smoke", "--url", host.public_url, "--api", around, "--seconds", "90"],
        cwd=ROOT,
        env={**os.environ, "FAIRLINE_OPERATOR_TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
        timeout=SMOKE_SECONDS,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_requests_enter_through_the_cdn_and_reach_the_api(onsale: Onsale) -> None:
    answer = onsale.api.call("GET", onsale.path)
    assert answer.headers["via"].endswith(".cloudfront.net (CloudFront)")
    assert answer.headers["apigw-requestid"]


def test_the_page_tells_browsers_of_the_onsale_that_its_address_names(onsale: Onsale) -> None:
    page = onsale.api.call("GET", f"/?onsale={onsale.name}")
    assert (page.status, page.headers.get("link")) == (200, ahead(onsale.name, preview=False))


def errors(onsale: Onsale) -> None:
    """What the console asks besides, of a function of its own."""
    assert onsale.api.call("GET", "/v1/admin/errors", token=onsale.operator.token).status == 200


def test_every_function_has_answered_in_a_process_of_the_emulator(deployed: Deployed, onsale: Onsale) -> None:
    """The journey needs them all. Each runs in a child of the emulator's own process, in a folder named after it."""
    whole_journey(onsale)
    errors(onsale)
    running = "\n".join(deployed.emulator.workers())
    for name, function in deployed.functions.items():
        assert f"/ministack-lambda-{function['FunctionName']}-" in running, name


def test_requests_stand_in_the_logs_of_the_functions(deployed: Deployed, onsale: Onsale) -> None:
    """Once more each, for one more request to each function that answers HTTP."""
    asked = {route.function for route in HTTP_ROUTES} | {DEFAULT_FUNCTION, "authorize"}
    before = {name: deployed.starts(name) for name in asked}
    whole_journey(onsale)
    errors(onsale)
    assert {name for name in asked if deployed.starts(name) > before[name]} == asked


def test_the_page_comes_from_its_bucket_with_the_headers_that_protect_it(operator: Operator) -> None:
    page = operator.api.call("GET", "/?lang=es")
    assert page.status == 200
    assert page.body == pages(Build(ROOT).site)["es/index.html"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "apigw-requestid" not in page.headers


def whole_journey(onsale: Onsale) -> None:
    """From the door to the purchase, with a socket, and an operator who looks."""
    fan: Fan = onsale.join()
    with fan.socket():
        token = fan.admitted()["access_token"]
    assert onsale.describe()["onsale"] == onsale.name
    assert fan.buy(token, "A-1").status == 201
    assert onsale.metrics()
