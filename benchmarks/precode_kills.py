"""Thousands of transcripts pre-coded by a run that is killed again and again: what it gives, and what it costs.

    python benchmarks/precode_kills.py [--study FOLDER] [--size 5500] [--kills 3] [--no-engine] [--json]

1. A run from nothing, undisturbed.
2. The same pile into another folder, the cache of vectors emptied: the whole group of processes is ended by SIGKILL at
   even shares of the shards, and the same command given again each time. The folders must be equal byte for byte.
3. The same on Dask with one worker killed in mid-run, on the vectors that are cached by then.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from cluster_overhead import contents, killed_worker, shards, wait_for_shards
from precode_speed import COMMAND, cost_of, make_pile, make_study
from smoke import options_of


def run_with_kills(command: list[str], out: Path, *, at: list[int]) -> list[int]:
    """Run `command`, kill it and all its processes at the numbers of shards in `at`, and return those that stood then."""
    stood = []
    for count in at:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        in_time = wait_for_shards(out, count, process)
        if in_time:
            os.killpg(process.pid, signal.SIGKILL)
            stood.append(shards(out))
        process.wait()
    return stood


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", type=Path, help="a study of the sample with a trained model, instead of making one")
    parser.add_argument("--size", type=int, default=5500)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--no-engine", action="store_true", help="leave Dask out")
    parser.add_argument("--json", action="store_true")
    given = options_of(parser, smallest={"size": 4, "kills": 1, "no_engine": True})
    os.environ.pop("OMP_NUM_THREADS", None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study = given.study or make_study(folder)
        pile = make_pile(folder, given.size, all_new=False)
        cache = study / "cache"

        def command(out: str, *more: str) -> list[str]:
            return [*COMMAND, "precode", str(pile), "--study", str(study), "--out", str(folder / out), *more]

        shutil.rmtree(cache, ignore_errors=True)
        whole = cost_of(command("whole"), what="undisturbed")
        summary = json.loads((folder / "whole" / "run.json").read_text(encoding="utf-8"))
        result: dict[str, object] = {
            **{key: summary[key] for key in ("transcripts", "segments", "shards", "rows", "proposals")},
            "failures": len(summary["failures"]),
            "cpu_s": round(whole.cpu_s),
            "peak_mb": round(whole.peak_mb),
        }
        shutil.rmtree(cache)
        at = [summary["shards"] * (i + 1) // (given.kills + 1) for i in range(given.kills)]
        result["shards_at_kills"] = run_with_kills(command("killed"), folder / "killed", at=at)
        began = time.perf_counter()
        last = cost_of(command("killed"), what="last start")
        expected = contents(folder / "whole")
        result |= {
            "equal_after_kills": contents(folder / "killed") == expected,
            "seconds_of_last_start": round(time.perf_counter() - began),
            "cpu_s_of_last_start": round(last.cpu_s),
        }
        if not given.no_engine:
            result["worker_killed_in_time"] = killed_worker(command("engine", "--engine", "dask"), folder / "engine")
            result["engine_equal_after_kill"] = contents(folder / "engine") == expected
    print(json.dumps(result, indent=1) if given.json else "\n".join(f"{k:26} {v}" for k, v in result.items()))


if __name__ == "__main__":
    main()
