"""What a tick's three scripts cost with ten million waiting, against ten thousand: `python -m benchmarks.tick`.

Takes about 1.3 GB of memory and half a minute for ten million; another number may be given.
"""

import sys
from typing import TYPE_CHECKING

from benchmarks.figures import Figure, compare, show
from benchmarks.stores import line, redis
from fairline.adapters.scripts import keys
from tests.support.keeper import Keeper

if TYPE_CHECKING:
    from redis import Redis

MANY, FEW = 10_000_000, 10_000
PORTION, AT_ONCE = 100_000, 100
TICKS, ROUNDS = 8, 11
BUDGET = 1.2

FILL = """
for position = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  redis.call('ZADD', KEYS[1], position, redis.sha1hex(position):sub(1, 22))
end
redis.call('HSET', KEYS[2], 'issued', ARGV[2])
"""


def fill(client: "Redis", keeper: Keeper, visitors: int) -> None:
    """Let so many visitors wait, under names like the real ones."""
    script = client.register_script(FILL)
    for first in range(1, visitors + 1, PORTION):
        last = min(first + PORTION - 1, visitors)
        script(keys=keys(keeper.name, "line", "state"), args=[first, last])
    print(f"  {client.zcard(keys(keeper.name, 'line')[0]):,} wait")


def main(many: int) -> None:
    """Tick both lines in turns, each tick letting a hundred in."""
    with redis() as client:
        policy = {"max_active": 1_000_000, "session_seconds": 7_200}
        long, short = line(client, **policy), line(client, **policy)
        client.config_set("busy-reply-threshold", 60_000)
        client.connection_pool.connection_kwargs["socket_timeout"] = 60
        client.connection_pool.disconnect()
        fill(client, long, many)
        fill(client, short, FEW)
        made = compare(lambda _: long.ticks(AT_ONCE), lambda _: short.ticks(AT_ONCE), calls=TICKS, rounds=ROUNDS)
    times = 1 / made.ratio
    show(
        f"One tick of {AT_ONCE} admissions with {many:,} waiting, against {FEW:,}",
        Figure("milliseconds", 1_000 / made.subject, "times the short line's", BUDGET, "below",
               1_000 / made.baseline, times),
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)
