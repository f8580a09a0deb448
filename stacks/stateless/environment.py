"""The value of every setting by its name, and what one function is told: the settings it names, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stacks.tables import TABLES

if TYPE_CHECKING:
    from stacks.edge.stack import Edge
    from stacks.functions import Function
    from stacks.settings import Settings
    from stacks.stateful.stack import Stateful

Values = Mapping[str, str | None]

NAMESPACE = "POWERTOOLS_METRICS_NAMESPACE"
"""The deployment's name, so that the metrics of two in one account are told apart."""


def values(settings: Settings, stateful: Stateful, edge: Edge) -> Values:
    """Every setting there is; None for what this deployment does not have."""
    return {
        **_tables(stateful),
        **_identity(settings),
        "REDIS_URL": stateful.cache.url,
        "REDIS_CACHE": stateful.cache.name,
        "STATUS_BUCKET": stateful.status_bucket.bucket_name,
        "STATUS_URL": stateful.status_url,
        "PUBLIC_URL": edge.public_url,
        "WEBSOCKET_URL": edge.websocket_url,
        "SOCKETS_URL": edge.sockets_url,
        "API_ID": edge.http_api.api_id,
        "ORIGIN_SECRET": edge.origin_secret.secret_arn,
        "SESSION_SECONDS": str(settings.session_seconds),
        "POLL_SECONDS": "-".join(map(str, settings.poll_seconds)),
        NAMESPACE: settings.name,
    }


def _tables(stateful: Stateful) -> Values:
    made = stateful.tables
    return {table.setting: made[table.name].table_name if table.name in made else None for table in TABLES}


def _identity(settings: Settings) -> Values:
    return {
        "IDENTITY": settings.identity,
        "GUEST_PLACES_PER_ADDRESS": str(settings.guest_places_per_address),
        "GUEST_ONE_PER_BROWSER": str(settings.guest_one_per_browser).lower(),
        "OIDC_ISSUER": settings.oidc_issuer or None,
        "OIDC_CLIENT_ID": settings.oidc_client_id or None,
    }


def environment(function: Function, known: Values) -> dict[str, str]:
    """The variables of one function. Raises KeyError for a setting that nobody gives a value."""
    told = {name: known[name] for name in (*function.settings, NAMESPACE)}
    return {
        **{name: value for name, value in told.items() if value is not None},
        "POWERTOOLS_SERVICE_NAME": function.name,
    }
