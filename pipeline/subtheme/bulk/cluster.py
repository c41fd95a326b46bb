"""The engine of many machines: Dask distributed, the only module that imports it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from subtheme.bulk.job import Job
from subtheme.bulk.local import CALM, given_up
from subtheme.bulk.plan import Shard
from subtheme.bulk.receipt import Receipt
from subtheme.bulk.work import run_shard
from subtheme.errors import MissingExtraError, Problem, StudyError

_IN_FLIGHT_PER_WORKER = 4
_RETRIES = 3
_SECONDS_FOR_WORKERS = 120
_SECONDS_WITHOUT_WORKERS = 300


def run_on_cluster(job: Job, shards: Sequence[Shard], *, address: str | None, workers: int) -> Iterator[Receipt]:
    """Yield the receipts of `shards` as they are finished, in any order.

    Parameters
    ----------
    address : str or None
        Of a scheduler, as ``tcp://host:8786``; its workers must see the folders of the run and of the transcripts under
        the same paths. None starts a scheduler and `workers` processes on this machine, on loopback.
    """
    try:
        import dask
        from distributed import Client, KilledWorker, LocalCluster, wait
    except ImportError:
        raise MissingExtraError(
            Problem(what="Dask distributed is not installed", remedy="Install it: pip install 'subtheme[cluster]'")
        ) from None
    with ExitStack() as stack:
        # With Dask's own threshold for giving memory back, every batch asks the system for its memory again.
        # A worker that died on a busy machine takes a while to come back; Dask gives it up after 15 seconds.
        calm = {
            "distributed.nanny.pre-spawn-environ": CALM,
            "distributed.admin.large-graph-warning-threshold": "1GB",
            "distributed.deploy.lost-worker-timeout": "10m",
        }
        stack.enter_context(dask.config.set(calm))
        try:
            target: Any = address or stack.enter_context(
                LocalCluster(n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None)
            )
            client = stack.enter_context(Client(target, set_as_default=False))
            stack.enter_context(client.as_current())
            client.wait_for_workers(1, timeout=_SECONDS_FOR_WORKERS)
        except (OSError, TimeoutError) as error:
            raise StudyError(
                Problem(
                    what=f"no scheduler with workers answers ({type(error).__name__})",
                    where=address or "this machine",
                    remedy="Start 'dask scheduler' and at least one 'dask worker', and name tcp://host:port",
                )
            ) from None
        waiting = list(shards)[::-1]
        running: dict[Any, Shard] = {}
        while waiting or running:
            window = _IN_FLIGHT_PER_WORKER * max(1, len(client.nthreads()))
            while waiting and len(running) < window:
                running[client.submit(run_shard, job, waiting[-1], pure=False, retries=_RETRIES)] = waiting[-1]
                waiting.pop()
            try:
                done = wait(list(running), timeout=_SECONDS_WITHOUT_WORKERS, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                if client.nthreads():
                    continue
                raise _without_workers(address) from None
            for future in done:
                shard = running.pop(future)
                try:
                    yield future.result()
                except KilledWorker:
                    yield given_up(shard, deaths=_RETRIES + 1)


def _without_workers(address: str | None) -> StudyError:
    return StudyError(
        Problem(
            what="no worker is left",
            where=address or "this machine",
            remedy="Start workers and give the same command again: finished shards are kept",
        )
    )
