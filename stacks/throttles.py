"""Which routes a stage throttles apart, as plain data: read by the CDK app and by the one-machine room."""

from fairline.routes import HTTP_ROUTES

SLOWED = frozenset({"register", "place"})
"""Functions whose routes give and show places: throttled apart, so that no storm on one of them stops the others."""


def slowed() -> list[str]:
    """The keys of the routes that have a throttle of their own."""
    return [route.key for route in HTTP_ROUTES if route.function in SLOWED]
