"""The whole way from transcripts to proposals: against the obvious script, and as the pile grows.

    python benchmarks/precode_speed.py [--study FOLDER] [--sizes 55 5500] [--all-new] [--iqual PYTHON] [--json]

A study is made of the sample and trained once. The pile is made of the sample's text files, each copied with changed words
(a number at the end of every sentence of an answer, so that no answer is the same and every one has to be embedded;
without ``--all-new`` only one answer per copy changes, which shows growth of time and memory sooner). ``ratio_to_script`` is the wall time of the obvious
script over ours on the smallest pile, both on all processors; ``growth`` compares the largest pile with the smallest, per
transcript. ``same_as_reference`` is the share of (segment, code) of the sample that the fast and the reference engine
propose or leave alike with one model.
"""

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from smoke import options_of

from subtheme.classifier import load_model
from subtheme.embeddings import Engine, embed_segments, load_encoder
from subtheme.embeddings.model_folder import packaged_model
from subtheme.proposals import coded_segments
from subtheme.study import Study

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "sample"
COMMAND = [sys.executable, "-c", "from subtheme.cli.app import main\nif __name__ == '__main__':\n    main()"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds on the clock and of all processors, and the largest memory of one process in MB."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def cost_of(command: list[str], *, what: str) -> Cost:
    """Run a command in a process of its own, say on standard error what it and its children took, and return it."""
    watcher = (
        "import json, resource, subprocess, sys, time\n"
        "began = time.perf_counter()\n"
        "subprocess.run(json.loads(sys.argv[1]), check=True, stdout=subprocess.DEVNULL)\n"
        "u = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(time.perf_counter() - began, u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", watcher, json.dumps(command)], check=True, capture_output=True, text=True
    )
    wall, cpu, peak = map(float, done.stdout.split())
    print(f"{what}: {wall:.1f} s, {cpu:.1f} s of the processors, {peak:.0f} MB", file=sys.stderr, flush=True)
    return Cost(wall_s=wall, cpu_s=cpu, peak_mb=peak)


def make_study(folder: Path) -> Path:
    study = folder / "study"
    for words in (
        ["new", study, "--codebook", SAMPLE / "codebook.toml"],
        ["import", SAMPLE / "transcripts", "--participants", SAMPLE / "participants.csv", "--study", study],
        ["codings", SAMPLE / "codings/coder-1.csv", "--readings", SAMPLE / "readings.csv", "--study", study],
        ["train", "--coder", "coder-1", "--study", study],
    ):
        subprocess.run([*COMMAND, *map(str, words)], check=True, stdout=subprocess.DEVNULL)
    return study


def make_pile(folder: Path, size: int, *, all_new: bool) -> Path:
    """Write `size` changed copies of the sample's text files; copies of one file stand side by side."""
    pile = folder / f"pile-{size}"
    pile.mkdir()
    sources = sorted((SAMPLE / "transcripts").glob("*.txt"))
    for number in range(size):
        source = sources[number * len(sources) // size]
        lines = source.read_text(encoding="utf-8").split("\n")
        spoken = [
            i for i, line in enumerate(lines) if re.search(r"[.!?]$", line) and not line.startswith("Interviewer")
        ]
        for i in spoken if all_new else [spoken[number % len(spoken)]]:
            lines[i] = re.sub(r"(?=[.!?](\s|$))", f" {number}", lines[i])
        (pile / f"{source.stem}-{number:06}.txt").write_text("\n".join(lines), encoding="utf-8")
    return pile


def write_coded(study: Path, path: Path) -> None:
    """Write the coded segments that the peers learn from, with the sub-themes that our model learns."""
    tables = Study.open(study)
    held = coded_segments(tables.judgements, tables.codebook, level=tables.level)
    learned = held[held["code"].isin(load_model(study / "models" / "model").codes)]
    codes = learned[["segment", "code"]].drop_duplicates().groupby("segment")["code"].agg(" ".join)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "codes"])
        for segment, text in zip(tables.segments["segment"], tables.segments["text"], strict=True):
            if segment in codes.index:
                writer.writerow([text, codes[segment]])


def same_as_reference(study: Path) -> float:
    """Return the share of (segment, code) that both engines propose or leave alike, with one model."""
    tables, model = Study.open(study), load_model(study / "models" / "model")
    proposed = []
    for engine in Engine:
        vectors = embed_segments(tables.segments, encoder=load_encoder(wanted=model.encoder, engine=engine))
        proposed.append(model.probabilities(tables.segments, vectors) >= model.weights.thresholds)
    return float((proposed[0] == proposed[1]).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", type=Path, help="a study of the sample with a trained model, instead of making one")
    parser.add_argument("--sizes", type=int, nargs="+", default=[55, 5500])
    parser.add_argument("--all-new", action="store_true", help="change every answer of every copy")
    parser.add_argument("--no-script", action="store_true", help="leave the comparison with the script out")
    parser.add_argument("--iqual", type=Path, help="Python of an environment with iQual, to run it as well")
    parser.add_argument("--json", action="store_true")
    given = options_of(parser, smallest={"sizes": [2, 4], "no_script": False})
    os.environ.pop("OMP_NUM_THREADS", None)
    result: dict[str, object] = {"processors": len(os.sched_getaffinity(0))}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study = given.study or make_study(folder)
        costs: dict[int, Cost] = {}
        for size in sorted(given.sizes):
            pile = make_pile(folder, size, all_new=given.all_new)
            command = [*COMMAND, "precode", str(pile), "--study", str(study), "--out", str(folder / f"out-{size}")]
            costs[size] = cost_of(command, what=f"{size} transcripts")
        least, most = min(costs), max(costs)
        if not given.no_script:
            coded = folder / "coded.csv"
            write_coded(study, coded)
            encoder = str(packaged_model().folder)
            given_to_peers = [encoder, str(folder / f"pile-{least}"), str(coded), str(folder / "out.csv")]
            peers = {"script": (sys.executable, "obvious_script.py")}
            if given.iqual:
                peers["iqual"] = (str(given.iqual), "iqual_script.py")
            for peer, (python, script) in peers.items():
                theirs = cost_of([python, str(ROOT / "benchmarks" / script), *given_to_peers], what=peer)
                result[f"ratio_to_{peer}"] = round(theirs.wall_s / costs[least].wall_s, 2)
                result[f"ratio_to_{peer}_cpu"] = round(theirs.cpu_s / costs[least].cpu_s, 2)
            result["same_as_reference"] = round(same_as_reference(study), 5)
        result["growth"] = {
            "transcripts": [least, most],
            "time_per_transcript": round(costs[most].cpu_s / most / (costs[least].cpu_s / least), 3),
            "peak_memory": round(costs[most].peak_mb / costs[least].peak_mb, 3),
            "peak_mb": round(costs[most].peak_mb),
        }
    print(json.dumps(result, indent=1) if given.json else "\n".join(f"{k:22} {v}" for k, v in result.items()))


if __name__ == "__main__":
    main()
