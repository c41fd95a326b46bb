"""Many transcripts: cut into shards, pre-coded by processes on one machine or many, resumed after any interruption.

Exactly-once comes from the shard files and not from an engine: every shard is one Parquet file that is committed
only if it is not there yet. The engines only carry numbers of shards out and small receipts back.
"""

from subtheme.bulk.job import Job, JobInputs, prepare_job
from subtheme.bulk.plan import Part, Plan, plan_of
from subtheme.bulk.receipt import Receipt
from subtheme.bulk.run import BulkProgress, BulkResult, check_engine, run_job
from subtheme.bulk.shard_file import ShardFile

__all__ = [
    "BulkProgress",
    "BulkResult",
    "Job",
    "JobInputs",
    "Part",
    "Plan",
    "Receipt",
    "ShardFile",
    "check_engine",
    "plan_of",
    "prepare_job",
    "run_job",
]
