"""The deployment of the handlers' tests: real handlers over a real Valkey and moto."""

from tests.handlers.conftest import aws, cloud, gateway, one_gateway, signing_keys, valkey_url

__all__ = ["aws", "cloud", "gateway", "one_gateway", "signing_keys", "valkey_url"]
