"""Let twenty clients take 500 decisions each, all at once, on SQLite and on PostgreSQL; count what is lost.

    python benchmarks/review_load.py --json

On SQLite the clients talk to one page. On PostgreSQL every client is a coder with a page's desk in a process of its own,
all of them answering on the same segments. PostgreSQL is started by the script; its part is null where it is missing.
"""

import argparse
import json
import multiprocessing
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from review_study import large_study, percentile
from smoke import options_of

from subtheme.files import Store, StudyFolder, back_up, examine, restore
from subtheme.judgements import standing_answers
from subtheme.nouns import rows_of
from subtheme.review.desk import Desk
from subtheme.review.material import Material, load_material

_VERDICTS = ("accept", "reject", "unsure", "counter-example")


def on_sqlite(study: StudyFolder, *, clients: int, decisions: int) -> dict[str, object]:
    """Let `clients` HTTP clients answer through one page; each has segments of its own."""
    import httpx
    from page_server import PageServer

    server = PageServer(study.path, "--blind", "0", "--order", "transcript", coder="team")
    url = server.start()
    with httpx.Client() as first:
        first.get(url)
        cookies = dict(first.cookies)
    with study.store() as store:
        code = str(store.proposals()["code"].iloc[0])

    def answer(client: int) -> tuple[dict[str, str], list[float]]:
        sent: dict[str, str] = {}
        times: list[float] = []
        headers = {"origin": server.origin, "accept": "application/json"}
        with httpx.Client(base_url=server.origin, cookies=cookies, headers=headers, timeout=60) as http:
            for number in range(decisions):
                place, verdict = client * decisions + number, _VERDICTS[(client + number) % len(_VERDICTS)]
                uid = uuid.uuid4().hex
                began = time.perf_counter()
                fields = {"number": place, "code": code, "verdict": verdict, "uid": uid, "order": "transcript"}
                http.post("/decide", data=fields).raise_for_status()
                times.append(1000 * (time.perf_counter() - began))
                sent[uid] = verdict
        return sent, times

    began = time.monotonic()
    try:
        with ThreadPoolExecutor(clients) as pool:
            answered = list(pool.map(answer, range(clients)))
    finally:
        server.stop()
    with study.store() as store:
        return _compared(store, answered, seconds=time.monotonic() - began)


def on_postgres(study: StudyFolder, *, clients: int, decisions: int) -> dict[str, object] | None:
    """Let `clients` coders answer on the same segments, each in a process of its own."""
    from postgres_server import is_available, postgres_server

    if not is_available():
        return None
    with postgres_server() as server, tempfile.TemporaryDirectory() as folder:
        url = server.fresh()
        moved = Path(folder) / "moving.sqlite"
        with study.store() as file:
            back_up(file, moved)
        with Store(study.path / "study.sqlite", url=url) as store:
            restore(moved, study.path / "study.sqlite", url=url)
            material = load_material(study, store)
        began = time.monotonic()
        with multiprocessing.get_context("fork").Pool(clients, _inherit, (study, url, material)) as pool:
            answered = pool.starmap(_one_coder, [(f"coder-{n:02d}", decisions) for n in range(clients)], chunksize=1)
        with Store(study.path / "study.sqlite", url=url) as store:
            return _compared(store, answered, seconds=time.monotonic() - began)


_INHERITED: list[tuple[StudyFolder, str, Material]] = []


def _inherit(study: StudyFolder, url: str, material: Material) -> None:
    _INHERITED.append((study, url, material))


def _one_coder(coder: str, decisions: int) -> tuple[dict[str, str], list[float]]:
    study, url, material = _INHERITED[0]
    sent: dict[str, str] = {}
    times: list[float] = []
    with Store(study.path / "study.sqlite", url=url) as store, store.holding(coder):
        desk = Desk(material, store, coder=coder, blind=0)
        code = str(material.study.proposals["code"].iloc[0])
        for number in range(decisions):
            uid, verdict = uuid.uuid4().hex, _VERDICTS[(number + int(coder[-2:])) % len(_VERDICTS)]
            began = time.perf_counter()
            desk.decide(number, code, verdict, uid=uid, order="transcript")
            times.append(1000 * (time.perf_counter() - began))
            sent[uid] = verdict
    return sent, times


def _compared(store: Store, answered: list[tuple[dict[str, str], list[float]]], *, seconds: float) -> dict[str, object]:
    """Compare what was sent with the log and with what stands."""
    sent = {uid: verdict for one, _ in answered for uid, verdict in one.items()}
    times = [t for _, own in answered for t in own]
    log = {row.uid: row.verdict for row in rows_of(store.decisions())}
    standing = {row.uid: row.verdict for row in rows_of(standing_answers(store.events()))}
    found = examine(store)
    same = {"accept": ("accept", "add")}
    return {
        "database": found.database,
        "sent": len(sent),
        "lost": sum(uid not in log for uid in sent),
        "overwritten": sum(standing.get(uid) not in same.get(verdict, (verdict,)) for uid, verdict in sent.items()),
        "chain_ok": not found.problems,
        "p95_ms": round(percentile(times, 0.95), 1),
        "per_second": round(len(sent) / seconds, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--decisions", type=int, default=500)
    given = options_of(parser, smallest={"clients": 2, "decisions": 5})
    turns = 2 * -(-given.clients * given.decisions // 50)
    with tempfile.TemporaryDirectory() as folder:
        study = large_study(Path(folder), interviews=50, turns=turns, proposals=2 * given.clients * given.decisions)
        team = on_postgres(study, clients=given.clients, decisions=given.decisions)
        file = on_sqlite(study, clients=given.clients, decisions=given.decisions)
    runs = [run for run in (file, team) if run is not None]
    figures = {
        "lost": sum(int(str(run["lost"])) for run in runs),
        "overwritten": sum(int(str(run["overwritten"])) for run in runs),
        "chain_ok": all(run["chain_ok"] for run in runs),
        "sqlite": file,
        "postgresql": team,
    }
    print(json.dumps(figures, indent=2) if given.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))


if __name__ == "__main__":
    main()
