"""Memory of the functions as plain data, read by the CDK app and by the bill."""

ONE_CORE = 1769
"""Megabytes that come with one whole core; with less memory a function gets that much less of one."""

MEMORY_MB = {
    "admit": ONE_CORE,  # takes and writes more than a thousand admissions a second, at the moment when all look on
    "notify": ONE_CORE,  # signs a batch of tokens before the first is pushed; at half the speed it costs the same
    "errors": 256,  # three requests a minute for each operator who looks
    "disconnect": 256,  # nobody waits for the answer
}
FANS_MEMORY_MB = 512
"""For everything a fan waits for: a signature and one or two calls, a millisecond or two of work for a whole core.

At 0.29 of one that is still less than the calls take.
"""


def memory_mb(function: str) -> int:
    """What a function is given, by its name."""
    return MEMORY_MB.get(function, FANS_MEMORY_MB)
