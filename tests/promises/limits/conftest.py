"""The deployment of the handlers' tests, with limits that each test sets."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.handlers.cloud import Answer, Cloud
from tests.handlers.conftest import aws, cloud, gateway, one_gateway, signing_keys, valkey_url
from tests.handlers.events import http_event

__all__ = ["aws", "cloud", "gateway", "one_gateway", "signing_keys", "valkey_url"]

PATH = "/v1/onsales/demo/registrations"


@dataclass
class Browser:
    """Keeps cookies as browsers do, and comes from an address as the CDN tells it."""

    cloud: Cloud
    address: str | None = "203.0.113.7"
    cookies: dict[str, str] = field(default_factory=dict)
    set_cookies: list[str] = field(default_factory=list)

    def joins(self, key: str | None = None, onsale: str = "demo", **options: Any) -> Answer:
        """One registration."""
        sent = {"idempotency-key": key, "x-fairline-address": self.address}
        headers = {name: value for name, value in sent.items() if value is not None}
        event = http_event("POST", f"/v1/onsales/{onsale}/registrations", headers=headers, **options)
        if self.cookies:
            event["cookies"] = [f"{name}={value}" for name, value in self.cookies.items()]
        return self._kept(event)

    def _kept(self, event: Any) -> Answer:
        answer = self.cloud.call("register", event)
        self.set_cookies = answer.get("cookies", [])
        for cookie in self.set_cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return self.cloud.answered(answer)


@pytest.fixture
def counted(cloud: Cloud) -> Cloud:
    """Three new places for each address."""
    cloud.environment["GUEST_PLACES_PER_ADDRESS"] = "3"
    cloud.open(sale=60)
    return cloud


@pytest.fixture
def bound(cloud: Cloud) -> Cloud:
    """One place for each browser."""
    cloud.environment["GUEST_ONE_PER_BROWSER"] = "true"
    cloud.open(sale=60)
    return cloud
