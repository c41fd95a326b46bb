"""Work on several processors: one thread per piece of work, and none below it.

Products of matrices that start threads of their own wait for one another wherever a processor is busy with
something else; on a shared machine that costs ten times and more.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def mapped(function: Callable[[T], R], items: Iterable[T], *, workers: int) -> Iterator[R]:
    """Yield ``function(item)`` in the order of the items, `workers` of them at a time."""
    from concurrent.futures import ThreadPoolExecutor

    from threadpoolctl import threadpool_limits

    if workers <= 1:
        yield from map(function, items)
        return
    with threadpool_limits(limits=1), ThreadPoolExecutor(workers) as pool:
        yield from pool.map(function, items)
