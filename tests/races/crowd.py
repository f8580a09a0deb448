"""Many threads that begin at the same moment."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def all_at_once(do: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """What `do` gives for each item, each in a thread of its own, none before all are ready."""
    waiting = list(items)
    ready = Barrier(len(waiting), timeout=60)

    def begin(item: Item) -> Result:
        ready.wait()
        return do(item)

    with ThreadPoolExecutor(len(waiting)) as pool:
        return list(pool.map(begin, waiting))
