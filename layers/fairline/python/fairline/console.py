"""What the operators' console reads, over what it runs on. Made on first use, as in `wiring`."""

from functools import cache
from typing import TYPE_CHECKING

from fairline import stores
from fairline.clients import aws, now_ms, setting

if TYPE_CHECKING:
    from fairline.adapters.cloudwatch import ApiTraffic
    from fairline.usecases.figures import Figures


@cache
def figures() -> "Figures":
    """How lines go and went."""
    from fairline.usecases.figures import Figures

    return Figures(stores.onsales(), stores.records(), stores.samples(), now_ms)


@cache
def traffic() -> "ApiTraffic":
    """What became of the API's requests."""
    from fairline.adapters.cloudwatch import ApiTraffic

    return ApiTraffic(aws("cloudwatch"), setting("API_ID"), setting("POWERTOOLS_METRICS_NAMESPACE"))
