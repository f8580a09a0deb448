"""Bytes of Valkey's memory for one waiting visitor, registered as handlers do it."""

from benchmarks.figures import Figure, show
from benchmarks.register import idempotency_key
from benchmarks.stores import line, redis
from fairline.adapters.scripts import keys, source
from fairline.domain.identity import guest

VISITORS, BATCH = 200_000, 5_000
BUDGET_BYTES = 128


def main() -> None:
    """Fill one line and weigh the store before and after."""
    with redis() as client:
        name = line(client).name
        sha, names = client.script_load(source("register")), keys(name)
        before = client.info("memory")["used_memory"]
        for first in range(0, VISITORS, BATCH):
            pipeline = client.pipeline(transaction=False)
            for number in range(first, first + BATCH):
                pipeline.evalsha(sha, len(names), *names, guest(idempotency_key(number)))
            pipeline.execute()
        assert client.zcard(names[1]) == VISITORS  # noqa: S101 - a figure of fewer would be wrong
        each = (client.info("memory")["used_memory"] - before) / VISITORS
        alone = (client.memory_usage(names[1], samples=0) or 0) / VISITORS
    show(
        f"Bytes for each of {VISITORS:,} waiting visitors",
        Figure("of the whole store", each, "bytes", BUDGET_BYTES, "below"),
        Figure("of the line by itself", alone, "bytes", BUDGET_BYTES, "below"),
    )


if __name__ == "__main__":
    main()
