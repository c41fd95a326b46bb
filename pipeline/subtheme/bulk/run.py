"""A run: what is done already, the rest by an engine, and the summary at the end."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from subtheme.bulk.job import Job
from subtheme.bulk.local import run_locally
from subtheme.bulk.plan import Part, Plan, Shard
from subtheme.bulk.receipt import Receipt
from subtheme.bulk.shard_file import ShardFile, replace_file, sweep
from subtheme.errors import InputError, Problem, StudyError

FORMAT = "subtheme-run-summary/1"
BulkProgress = Callable[[int, int], None]
"""Called with the number of files done and the number of all files of this part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """What a run, or its part, came to.

    Attributes
    ----------
    folder : str
    run_id : str
    shards, shards_missing : int
        Of the whole run; with parts, others may still be at work.
    resumed : int
        Shards of this part that were there before.
    transcripts, segments, rows, proposals : int
        Of this part.
    failures : tuple of Problem
        Transcripts of this part that could not be pre-coded.
    left_out : tuple of str
        Files that are no transcripts.
    """

    folder: str
    run_id: str
    shards: int
    shards_missing: int
    resumed: int
    transcripts: int
    segments: int
    rows: int
    proposals: int
    failures: tuple[Problem, ...]
    left_out: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result for JSON."""
        return {**asdict(self), "failures": [p.as_dict() for p in self.failures], "left_out": list(self.left_out)}


def run_job(
    job: Job,
    plan: Plan,
    *,
    part: Part | None = None,
    engine: str = "local",
    workers: int = 1,
    progress: BulkProgress | None = None,
) -> BulkResult:
    """Pre-code what is not done yet of a part of `plan`, and write ``run.json`` once the whole run is there.

    Parameters
    ----------
    job : Job
    plan : Plan
    part : Part, optional
        The whole by default.
    engine : str
        ``local``, ``dask`` for a cluster on this machine, or the address of a Dask scheduler (``tcp://host:8786``).
    workers : int
        Processes on this machine.
    progress : callable, optional

    Raises
    ------
    InputError
        If there is no such engine.
    StudyError
        If shards could not be written, as on a full disk. Finished shards are kept.
    """
    check_engine(engine)
    folder = Path(job.folder)
    sweep(folder)
    shards = (part or Part()).shards(plan.shards)
    total = sum(len(s.files) for s in shards)
    receipts: list[Receipt] = []
    waiting: list[Shard] = []
    for shard in shards:
        done = ShardFile(folder=folder, number=shard.number, run_id=job.run_id).receipt()
        if done is None:
            waiting.append(shard)
        else:
            receipts.append(done)
    resumed = len(receipts)
    files_done = sum(r.files for r in receipts)
    faults: list[Problem] = []
    if progress is not None:
        progress(files_done, total)
    driver = _driver(engine, job, waiting, workers=min(workers, len(waiting)))
    for receipt in driver:
        if receipt.fault is not None:
            faults.append(receipt.fault)
            if len(faults) > workers:
                break
            continue
        receipts.append(receipt)
        files_done += receipt.files
        if progress is not None:
            progress(files_done, total)
    if faults:
        raise StudyError(dict.fromkeys(faults))
    missing = _missing(job, plan)
    if not missing:
        replace_file(folder / "run.json", _summary(job, plan))
    receipts.sort(key=lambda r: r.shard)
    return BulkResult(
        folder=job.folder,
        run_id=job.run_id,
        shards=len(plan.shards),
        shards_missing=missing,
        resumed=resumed,
        transcripts=sum(r.transcripts for r in receipts),
        segments=sum(r.segments for r in receipts),
        rows=sum(r.rows for r in receipts),
        proposals=sum(r.proposals for r in receipts),
        failures=(*plan.refused, *(p for r in receipts for p in r.failures)),
        left_out=plan.left_out,
    )


def check_engine(engine: str) -> None:
    """Refuse an engine that `run_job` does not know."""
    if engine not in ("local", "dask") and not re.fullmatch(r"(tcp|tls)://\S+:\d+", engine):
        raise InputError(
            Problem(
                what=f"no engine '{engine}'",
                where="--engine",
                expected="local, dask, or a scheduler as tcp://host:8786",
            )
        )


def _driver(engine: str, job: Job, shards: Sequence[Shard], *, workers: int) -> Iterator[Receipt]:
    if not shards:
        return iter(())
    if engine == "local":
        return run_locally(job, shards, workers=workers)
    from subtheme.bulk.cluster import run_on_cluster

    return run_on_cluster(job, shards, address=None if engine == "dask" else engine, workers=workers)


def _missing(job: Job, plan: Plan) -> int:
    places = (ShardFile(folder=Path(job.folder), number=s.number, run_id=job.run_id).path for s in plan.shards)
    return sum(not path.exists() for path in places)


def _summary(job: Job, plan: Plan) -> bytes:
    """Return the summary of a whole run: the same bytes for the same run, however it came about."""
    counts = dict.fromkeys(("files", "transcripts", "segments", "rows", "proposals"), 0)
    failures = [p.as_dict() for p in plan.refused]
    for shard in plan.shards:
        receipt = ShardFile(folder=Path(job.folder), number=shard.number, run_id=job.run_id).receipt()
        if receipt is None:
            raise StudyError(
                Problem(
                    what=f"shard {shard.number} was damaged while the run was going on",
                    where=job.folder,
                    remedy="Give the same command again: it is done anew",
                )
            )
        for name in counts:
            counts[name] += getattr(receipt, name)
        failures += [p.as_dict() for p in receipt.failures]
    facts = {
        "format": FORMAT,
        "run_id": job.run_id,
        "model": job.version,
        "encoder": job.fingerprint,
        "shards": len(plan.shards),
        **counts,
        "failures": failures,
    }
    return (json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
