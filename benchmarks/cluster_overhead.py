"""What the engine of many machines costs on one, and what it does when workers and hosts vanish.

    python benchmarks/cluster_overhead.py [--study FOLDER] [--size 256] [--json]

1. The same pile with the vectors cached, by the local engine and by Dask: processor seconds and wall time.
2. Dask with one worker killed in mid-run: the files must be those of the local engine, byte for byte.
3. Two hosts in network namespaces, one of which loses its network in mid-run; skipped with a reason where not root.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from precode_speed import COMMAND, cost_of, make_pile, make_study
from smoke import options_of

HOSTS = {"a": 1, "b": 2, "c": 3}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def shards(folder: Path) -> int:
    return len(list(folder.rglob("*.parquet")))


def wait_for_shards(folder: Path, count: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait until `folder` holds `count` shards; return whether the run was still going on then."""
    while shards(folder) < count and process.poll() is None:
        time.sleep(0.01)
    return process.poll() is None


def spawned(parent: int) -> list[int]:
    """Return the workers below a process."""
    listing = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()[1:]]
    below, found = {parent}, []
    for pid, ppid, command in sorted(rows, key=lambda r: int(r[0])):
        if int(ppid) in below:
            below.add(int(pid))
            if "spawn_main" in command:
                found.append(int(pid))
    return found


def killed_worker(command: list[str], out: Path) -> bool:
    """Run `command`, kill one worker after the first shard, and return whether that was in time."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    in_time = wait_for_shards(out, 1, process)
    if in_time:
        os.kill(spawned(process.pid)[0], signal.SIGKILL)
    if process.wait():
        raise SystemExit(f"the run with a killed worker failed ({process.returncode})")
    return in_time


@contextmanager
def two_hosts() -> Iterator[dict[str, list[str]]]:
    """Make three network namespaces on a bridge: one for the scheduler, two for workers; yield how to run in each."""

    def ip(*words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)

    tag = f"st{os.getpid() % 10000}"
    with ExitStack() as stack:
        ip("link", "add", f"{tag}br", "type", "bridge")
        stack.callback(ip, "link", "del", f"{tag}br")
        ip("link", "set", f"{tag}br", "up")
        for host, number in HOSTS.items():
            name = f"{tag}{host}"
            ip("netns", "add", name)
            stack.callback(ip, "netns", "del", name)
            ip("link", "add", f"{name}v", "type", "veth", "peer", "name", "e0", "netns", name)
            ip("link", "set", f"{name}v", "master", f"{tag}br", "up")
            ip("-n", name, "addr", "add", f"10.99.0.{number}/24", "dev", "e0")
            ip("-n", name, "link", "set", "e0", "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield {host: ["ip", "netns", "exec", f"{tag}{host}"] for host in HOSTS}


def lost_host(command: list[str], out: Path) -> bool:
    """Run `command` with workers on two hosts, cut one off after the first shard; return whether that was in time."""
    environment = {**os.environ, "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "15s", "OMP_NUM_THREADS": "1"}
    dask = [sys.executable, "-m", "dask"]
    with two_hosts() as at, ExitStack() as stack:

        def start(host: str, *words: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen([*at[host], *words], env=environment, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            return process

        start("a", *dask, "scheduler", "--host", "10.99.0.1", "--port", "8786", "--no-dashboard")
        for host in ("b", "c"):
            address = f"10.99.0.{HOSTS[host]}"
            start(host, *dask, "worker", "tcp://10.99.0.1:8786", "--host", address, "--nthreads", "1", "--no-dashboard")
        process = subprocess.Popen(
            [*at["a"], *command, "--engine", "tcp://10.99.0.1:8786"], env=environment, stdout=subprocess.DEVNULL
        )
        in_time = wait_for_shards(out, 1, process)
        if in_time:
            subprocess.run([*at["c"], "ip", "link", "set", "e0", "down"], check=True)
        if process.wait():
            raise SystemExit(f"the run on two hosts failed ({process.returncode})")
        return in_time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", type=Path, help="a study with a trained model, instead of making one")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--json", action="store_true")
    given = options_of(parser, smallest={"size": 3})
    os.environ.pop("OMP_NUM_THREADS", None)
    result: dict[str, object] = {"transcripts": given.size}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study = given.study or make_study(folder)
        pile = make_pile(folder, given.size, all_new=False)

        def command(out: str, *more: str) -> list[str]:
            return [*COMMAND, "precode", str(pile), "--study", str(study), "--out", str(folder / out), *more]

        subprocess.run(command("first"), check=True, stdout=subprocess.DEVNULL)
        whole = contents(folder / "first")
        local = cost_of(command("local"), what="local")
        dask = cost_of(command("dask", "--engine", "dask"), what="Dask")
        result |= {
            "dask_cpu_over_local": round(dask.cpu_s / local.cpu_s, 2),
            "dask_wall_over_local": round(dask.wall_s / local.wall_s, 2),
            "dask_equals_local": contents(folder / "dask") == contents(folder / "local") == whole,
        }
        result["worker_killed_in_time"] = killed_worker(command("killed", "--engine", "dask"), folder / "killed")
        result["equal_after_kill"] = contents(folder / "killed") == whole
        if os.geteuid() != 0 or shutil.which("ip") is None:
            result["two_hosts"] = "skipped: needs root and iproute2"
        else:
            result["host_lost_in_time"] = lost_host(command("hosts"), folder / "hosts")
            result["equal_after_lost_host"] = contents(folder / "hosts") == whole
    print(json.dumps(result, indent=1) if given.json else "\n".join(f"{k:24} {v}" for k, v in result.items()))


if __name__ == "__main__":
    main()
