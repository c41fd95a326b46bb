"""Kill the server of the review page again and again while a browser answers, and count what is lost or doubled.

    python benchmarks/review_kill.py --json

Every key press must be stored exactly once at the end. Killing a process proves little about power cuts (what it wrote
lies in the system's cache), so the order of system calls is watched as well: in how many of 500 decisions was the
write-ahead log synchronised before the answer was sent? That part needs strace and is null without it.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import IO

import httpx
from review_study import large_study
from smoke import options_of

from subtheme.files import StudyFolder, open_study
from subtheme.review.app import create_app
from subtheme.review.desk import Desk
from subtheme.review.entry import Entry
from subtheme.review.material import Material, load_material

CODER = "bench"


class Nursery:
    """A process that has imported everything and forks a server whenever it is asked to: a start takes no second."""

    def __init__(self, study: Path, port: int) -> None:
        command = [sys.executable, __file__, "--serve", str(study), str(port)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._asked, self._answers = pipes_of(self._process)
        self._alive = 0

    def start(self) -> str:
        """Fork a server; return its address once it answers."""
        self._asked.write("start\n")
        self._asked.flush()
        self._alive = int(self._answers.readline())
        url = self._answers.readline().strip()
        httpx.get(url.partition("/launch")[0], timeout=60)  # refused without a cookie, which is an answer
        return url

    def kill(self) -> None:
        """Kill the server and wait until it is gone."""
        os.kill(self._alive, signal.SIGKILL)
        self._asked.write("wait\n")
        self._asked.flush()
        self._answers.readline()

    def close(self) -> None:
        """End the nursery."""
        self._asked.close()
        self._process.wait(timeout=20)
        self._answers.close()


def pipes_of(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    """Return the two ends of a process that was started with both."""
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def serve_on_demand(study: Path, port: int) -> None:
    """Fork servers for as long as somebody asks. Texts are read once; the log is read anew by every server."""
    opened = open_study(study)
    with opened.store() as store:
        material = load_material(opened, store)
    child = 0
    for line in sys.stdin:
        if line == "wait\n":
            os.waitpid(child, 0)
            print("gone", flush=True)
            continue
        child = os.fork()
        if child == 0:
            print(os.getpid(), flush=True)
            _serve(opened, material, port)


def _serve(study: StudyFolder, material: Material, port: int) -> None:
    import uvicorn

    with study.store() as store, store.holding():
        desk = Desk(material, store, coder=CODER, blind=0.0)
        entry = Entry(port=port, ledger=study.path / "review-entry.json", coder=CODER)
        app = create_app(desk, entry, order="transcript")
        listener = socket.create_server(("127.0.0.1", port))
        print(entry.launch_url, flush=True)  # connections wait in the listener's queue until the server runs
        config = uvicorn.Config(app, loop="asyncio", http="h11", ws="none", lifespan="off", log_level="critical")
        uvicorn.Server(config).run(sockets=[listener])


def measure_kills(study: Path, *, kills: int, seed: int = 1) -> dict[str, int]:
    """Press keys without end while the server is killed; compare the presses with what is stored."""
    from page_server import browser_of, chromium_path
    from playwright.sync_api import expect

    path = chromium_path()
    if path is None:
        raise SystemExit("no Chromium on this machine: install it, or name it in SUBTHEME_CHROMIUM")
    rng = random.Random(seed)
    nursery = Nursery(study, _free_port())
    accepted = finished = unsaved = 0
    try:
        with browser_of(path) as browser:
            page = browser.new_page()
            page.goto(nursery.start())
            page.wait_for_url("**/item/**")
            for _ in range(kills):
                until = time.monotonic() + rng.uniform(0.1, 1.0)
                while time.monotonic() < until:
                    page.keyboard.press("a")
                    accepted += 1
                    page.keyboard.press("n")
                    finished += 1
                    page.wait_for_timeout(rng.randint(100, 300))
                nursery.kill()
                unsaved += "Saved" not in page.locator("#status").inner_text()
                nursery.start()
            expect(page.locator("#status")).to_contain_text("Saved", timeout=60_000)
            page.wait_for_timeout(1000)
            expect(page.locator("#trouble")).to_be_empty()
        nursery.kill()
    finally:
        nursery.close()
    with sqlite3.connect(study / "study.sqlite") as database:
        places, decisions = database.execute("SELECT count(DISTINCT segment), count(*) FROM decisions").fetchone()
        ends, marks = database.execute("SELECT count(DISTINCT segment), count(*) FROM marks").fetchone()
    return {
        "kills": kills,
        "pressed": accepted + finished,
        "stored": decisions + marks,
        "lost": (accepted - places) + (finished - ends),
        "duplicated": (decisions - places) + (marks - ends),
        "kills_with_unsaved_answers": unsaved,
    }


def measure_order(study: Path, *, decisions: int) -> int | None:
    """Return after how many of `decisions` the log was on the disk before the answer left; None without strace."""
    if shutil.which("strace") is None:
        return None
    trace = study.parent / "trace"
    port = _free_port()
    command = [sys.executable, __file__, "--serve", str(study), str(port)]
    process = subprocess.Popen(
        ["strace", "-f", "-y", "-s", "60", "-e", "trace=fdatasync,fsync,recvfrom,sendto", "-o", str(trace), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    asked, answers = pipes_of(process)
    asked.write("start\n")
    asked.flush()
    server = int(answers.readline())
    url = answers.readline().strip()
    origin = url.partition("/launch")[0]
    try:
        with httpx.Client(base_url=origin, headers={"origin": origin, "accept": "application/json"}) as client:
            client.get(url)
            with sqlite3.connect(study / "study.sqlite") as database:
                codes = [row[0] for row in database.execute("SELECT DISTINCT code FROM proposals LIMIT 1")]
            for number in range(decisions):
                fields = {"number": number, "code": codes[0], "verdict": "accept", "uid": uuid.uuid4().hex}
                client.post("/decide", data={**fields, "order": "transcript"}).raise_for_status()
    finally:
        os.kill(server, signal.SIGKILL)
        asked.close()
        process.wait(timeout=30)
        answers.close()
    return _synced_answers(trace.read_text(encoding="utf-8", errors="replace").splitlines())


def _synced_answers(lines: list[str]) -> int:
    """Count the answers to POST before which, and after whose request, the write-ahead log was synchronised."""
    count, is_asked, is_synced = 0, False, False
    for line in lines:
        if "recvfrom(" in line and '"POST /decide' in line:
            is_asked, is_synced = True, False
        elif re.search(r"f(data)?sync\(\d+<[^>]*-wal>", line):
            is_synced = True
        elif "sendto(" in line and '"HTTP/1.1 200' in line and is_asked:
            count += is_synced
            is_asked = False
    return count


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["--serve"]:
        serve_on_demand(Path(sys.argv[2]), int(sys.argv[3]))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--decisions", type=int, default=500, help="decisions whose system calls are watched")
    given = options_of(parser, smallest={"kills": 2, "decisions": 5})
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        figures: dict[str, object] = dict(
            measure_kills(large_study(Path(one), interviews=12, turns=200, proposals=2400).path, kills=given.kills)
        )
        study = large_study(Path(other), interviews=12, turns=100, proposals=600).path
        figures["watched"] = given.decisions
        figures["synced_before_answer"] = measure_order(study, decisions=given.decisions)
    figures["seconds"] = round(time.monotonic() - began)
    print(json.dumps(figures, indent=2) if given.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))


if __name__ == "__main__":
    main()
