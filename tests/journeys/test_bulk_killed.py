"""Processes that are killed in the middle of a run: what is there in the end is what an undisturbed run gives."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from subtheme.bulk import plan_of, prepare_job
from subtheme.embeddings import load_encoder

pytest.importorskip("pyarrow", reason="the extra 'bulk' is not installed")
pytestmark = [pytest.mark.journey, pytest.mark.timeout(3600)]

RUN = """
import sys
from pathlib import Path
from subtheme.bulk import Job, plan_of, run_job

if __name__ == "__main__":
    plan = plan_of([Path(sys.argv[1])], files_per_shard=3)
    run_job(Job.read(Path(sys.argv[2])), plan, engine=sys.argv[3], workers=2)
"""


@pytest.fixture(scope="module")
def setting(tmp_path_factory):
    """Return a folder of ninety interviews, and what makes a run of them."""
    from bulk_pile import inputs_from, interview, segments_of

    folder = tmp_path_factory.mktemp("killed")
    talks = folder / "talks"
    talks.mkdir()
    for number in range(90):
        (talks / f"P{number:02}.txt").write_text(interview(number))
    few = folder / "few"
    few.mkdir()
    for number in range(12):
        (few / f"P{number:02}.txt").write_text(interview(number))
    inputs = inputs_from(segments_of(few), load_encoder(threads=1), folder / "cache")
    (folder / "run.py").write_text(RUN)
    return folder, inputs


def prepared(setting, name):
    folder, inputs = setting
    prepare_job(folder / name, plan_of([folder / "talks"], files_per_shard=3), inputs)
    return folder / name


def begin(setting, run, engine="local"):
    folder = setting[0]
    return subprocess.Popen([sys.executable, str(folder / "run.py"), str(folder / "talks"), str(run), engine])


def shards(run: Path) -> int:
    return len(list(run.rglob("*.parquet")))


def wait_for(condition, *, process, seconds=900):
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None or condition(), "the run ended before its time"
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.005)


def workers_of(process) -> list[int]:
    """Return the processes below `process` that were spawned to work."""
    found, parents = [], [process.pid]
    while parents:
        for child in _children_of(parents.pop()):
            parents.append(child)
            try:
                command = Path(f"/proc/{child}/cmdline").read_bytes()
            except OSError:
                continue
            if b"spawn_main" in command:
                found.append(child)
    return found


def _children_of(pid: int) -> list[int]:
    """Return the children of every thread: Dask starts its workers from another one than the main thread."""
    children: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += map(int, thread.read_text().split())
        except OSError:  # the thread is gone
            continue
    return children


def contents(run: Path) -> dict[str, bytes]:
    return {str(p.relative_to(run)): p.read_bytes() for p in sorted(run.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def undisturbed(setting):
    run = prepared(setting, "undisturbed")
    assert begin(setting, run).wait(timeout=1500) == 0
    assert shards(run) == 30
    return contents(run)


def test_a_run_that_is_killed_three_times_gives_the_same_bytes(setting, undisturbed):
    run = prepared(setting, "killed")
    for count in (2, 9, 17):
        process = begin(setting, run)
        wait_for(lambda least=count: shards(run) >= least, process=process)
        orphans = workers_of(process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        end = time.monotonic() + 30
        while any(Path(f"/proc/{pid}").exists() for pid in orphans) and time.monotonic() < end:
            time.sleep(0.05)
        assert not [pid for pid in orphans if Path(f"/proc/{pid}").exists()], "workers outlive their parent"
        assert shards(run) < 30
        assert not (run / "run.json").exists()
    assert begin(setting, run).wait(timeout=1500) == 0
    assert contents(run) == undisturbed


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_a_worker_that_is_killed_is_replaced(setting, undisturbed, engine):
    if engine == "dask":
        pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    run = prepared(setting, f"worker-{engine}")
    process = begin(setting, run, engine)
    wait_for(lambda: shards(run) >= 2, process=process)
    os.kill(workers_of(process)[0], signal.SIGKILL)
    assert process.wait(timeout=1500) == 0
    assert contents(run) == undisturbed


def test_two_runs_at_once_in_one_folder_give_the_same_bytes(setting, undisturbed):
    run = prepared(setting, "twice")
    both = [begin(setting, run), begin(setting, run)]
    assert [p.wait(timeout=1500) for p in both] == [0, 0]
    assert contents(run) == undisturbed
