"""Steps that need nobody: the page, what is not there, and the API's own address."""

import json
import re
from http import HTTPStatus
from pathlib import PurePosixPath
from urllib.parse import urljoin

from stacks.headers import SECURITY_HEADERS
from tools.front import Call
from tools.smoke.scene import Page, Scene, SkippedError, expect, told
from tools.smoke.steps import step

ASSET = re.compile(r'<(?:script|link)\b[^>]*?\b(?:src|href)="(?!data:|https?:)([^"]+)"')
MODULE = re.compile(r'"(\./[\w.-]+\.js)"')
KINDS = {".js": "javascript", ".css": "css"}
CSP = "content-security-policy"
BACK_DOOR = 'docs/operations.md, "The secret between CDN and API"; the log of the function rotate'
NO_API = "tell the API's own address with --api, or the deployment with --stack"


@step("the page loads with its security headers", look='docs/deploy.md, "What is deployed"')
async def page(scene: Scene) -> str:
    """The document and every file that it or a script of it names, each as what it is."""
    document = await scene.look_at(f"{scene.venue.url}/")
    expect("html" in _kind(document), "200 text/html at /", f"{document.status} {_kind(document)}")
    expect("default-src 'none'" in document.headers.get(CSP, ""), f"a {CSP} that allows nothing else", _shown(document))
    for name, value in SECURITY_HEADERS.items():
        expect(document.headers.get(name) == value, f"{name}: {value}", document.headers.get(name))
    named = {urljoin(f"{scene.venue.url}/", asset) for asset in ASSET.findall(document.text)}
    seen: set[str] = set()
    while named - seen:
        url = min(named - seen)
        seen.add(url)
        named |= await _file(scene, url)
    return f"and {len(seen)} files with it"


async def _file(scene: Scene, url: str) -> set[str]:
    """Look at a file of the page: the scripts that it names, if it is one."""
    file = await scene.look_at(url)
    kind = KINDS.get(PurePosixPath(url).suffix, "")
    good = file.status == HTTPStatus.OK and kind in _kind(file)
    expect(good, f"200 {kind}".rstrip() + f" at {url}", f"{file.status} {_kind(file)}")
    return {urljoin(url, name) for name in MODULE.findall(file.text)} if kind == "javascript" else set()


def _kind(page: Page) -> str:
    """The content type of a good answer; that of another tells nothing."""
    return page.headers.get("content-type", "") if page.status == HTTPStatus.OK else "no page"


def _shown(page: Page) -> str:
    return page.headers.get(CSP, "no such header")


@step("what is not there is 404, and a wrong method 405", look="the log of the function onsale")
async def problems(scene: Scene) -> str:
    """Problem documents, from the function that answers whatever has no route."""
    for method, path, status, slug in (
        ("GET", "/v1/nothing", 404, "not-found"),
        ("PUT", f"/v1/onsales/{scene.onsale}/place", 405, "method-not-allowed"),
    ):
        answer = await scene.look_at(scene.venue.url + path, method)
        kind = answer.headers.get("content-type", "")
        told_kind = kind.startswith("application/problem+json")
        expect(told_kind, f"{status} and a problem document for {method} {path}", f"{answer.status} {kind}")
        came = answer.status, json.loads(answer.text)["type"].rpartition(":")[2]
        expect(came == (status, slug), f"{status} {slug} for {method} {path}", came)
    return "problem documents"


@step(
    "the API's own address answers nobody who does not come through the CDN",
    look=BACK_DOOR,
)
async def back_door(scene: Scene) -> str:
    """A stage that answers here could be called around the web application firewall."""
    if not scene.api_url:
        raise SkippedError(NO_API)
    onsale, place = f"{scene.api_url}/v1/onsales/{scene.onsale}", f"{scene.api_url}/v1/onsales/{scene.onsale}/place"
    for method, url in (("GET", onsale), ("GET", place), ("DELETE", place)):
        answer = await scene.ask(Call("back door", method, url, tries=1))
        refused = (answer.status, answer.problem) == (403, "not-from-the-edge")
        expect(refused, f"403 not-from-the-edge for {method} {url}", told(answer))
    return "403"
