"""The engine of one machine: spawned processes, and new ones when one of them dies."""

import os
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process

from subtheme.bulk.job import Job
from subtheme.bulk.plan import Shard
from subtheme.bulk.receipt import Receipt
from subtheme.bulk.work import left_undone, run_shard
from subtheme.process import OWN

# One thread per process: processes are the only parallelism. Memory of a batch is not given back and asked for
# again with every batch (the two thresholds, in bytes, are those of the C library).
CALM = {
    OWN: "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "MALLOC_TRIM_THRESHOLD_": str(256 * 2**20),
    "MALLOC_MMAP_THRESHOLD_": str(256 * 2**20),
}
_TRIES = 3


def run_locally(job: Job, shards: Sequence[Shard], *, workers: int) -> Iterator[Receipt]:
    """Yield the receipts of `shards` as they are finished, in any order.

    A death ends all processes of a pool, so the shards that were being worked on are done again one by one: the one
    that kills its process three times is given up and named, the others are none the worse.
    """
    waiting = list(shards)
    with _calm_environment():
        while waiting:
            interrupted, waiting = yield from _one_pool(job, waiting, workers=workers)
            for shard in interrupted:
                yield _alone(job, shard)


def _one_pool(
    job: Job, shards: list[Shard], *, workers: int
) -> Generator[Receipt, None, tuple[list[Shard], list[Shard]]]:
    """Yield receipts until all is done or a process dies; return what it interrupted, and what was not begun."""
    waiting = shards[::-1]
    running: dict[Future[Receipt], Shard] = {}
    pool = _pool(workers)
    try:
        while waiting or running:
            while waiting and len(running) < 2 * workers:
                running[pool.submit(run_shard, job, waiting[-1])] = waiting[-1]
                waiting.pop()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                receipt = future.result()
                del running[future]
                yield receipt
    except BrokenProcessPool:
        return list(running.values()), waiting[::-1]
    finally:
        pool.shutdown(cancel_futures=True)
    return [], []


def _alone(job: Job, shard: Shard) -> Receipt:
    for _ in range(_TRIES - 1):
        with _pool(1) as pool:
            try:
                return pool.submit(run_shard, job, shard).result()
            except BrokenProcessPool:
                continue
    return given_up(shard, deaths=_TRIES)


def given_up(shard: Shard, *, deaths: int) -> Receipt:
    """Return the receipt of a shard whose worker died every time."""
    return left_undone(
        shard,
        what=f"the process died {deaths} times over a shard",
        remedy="Give the machine more memory, or look at these transcripts one by one",
    )


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Watch the parent from a thread: a worker whose parent was killed would wait for ever."""
    parent = parent_process()
    if parent is None:
        return

    def watch(sentinel: int) -> None:
        connection.wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()


@contextmanager
def _calm_environment() -> Iterator[None]:
    """Set what child processes read when they start."""
    before = {name: os.environ.get(name) for name in CALM}
    os.environ.update(CALM)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
