"""Speed of the agreement stage against named peers, in CPU time of one thread, in one run.

    python benchmarks/agreement_speed.py [--with-peers [--environments FOLDER]] [--json]

1. Krippendorff's alpha (nominal, 15 values, 10 % missing) on 2 coders x 1,000,000 ratings.
2. 1,000 bootstrap replicates of alpha on 16,500 segments of 55 transcripts x 15 codes x 3 coders. Ours resample
   transcripts. The peers know no transcripts and resample segments; they are timed on one code and few replicates, and
   scaled up.
3. The numbers of the whole 15-code report: coefficients with intervals on segments and on participants, pairs, sets,
   confusion, cells.

``--with-peers`` makes one environment per peer (their licences and pins stay out of ours), temporary or in FOLDER, where
they are found again, and says which were skipped and why; without it only the plain numpy version is measured beside
ours.
"""

import argparse
import contextlib
import json
import os
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Read when numpy is loaded: what several threads do would count several times.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
import numpy as np
from smoke import options_of

SEED = 20260101
TRANSCRIPTS, SEGMENTS, CODES, CODERS, VALUES = 55, 300, 15, 3, 15
REPLICATES = 1000
PEERS = {
    "krippendorff": "krippendorff==0.9.0",
    "interrater": "interrater==2.0.0",
    "statsmodels": "statsmodels==0.15.0",
    "nltk": "nltk==3.10.4",
}


def cpu(task: Callable[[], Any], *, times: int = 5) -> float:
    """Return the least CPU seconds of a task."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        task()
        best = min(best, time.process_time() - start)
    return best


def wide() -> np.ndarray:
    """Return 1,000,000 units x 2 coders, NaN where missing."""
    random = np.random.default_rng(SEED)
    first = random.integers(0, VALUES, 1_000_000)
    second = np.where(random.random(len(first)) < 0.8, first, random.integers(0, VALUES, len(first)))
    table = np.column_stack([first, second]).astype(np.float64)
    table[random.random(table.shape) < 0.1] = np.nan
    return table


def study() -> np.ndarray:
    """Return presence of 3 coders x 15 codes x 16,500 segments."""
    random = np.random.default_rng(SEED + 1)
    transcript = np.repeat(np.arange(TRANSCRIPTS), SEGMENTS)
    present = np.empty((CODERS, CODES, len(transcript)), dtype=np.int8)
    for code in range(CODES):
        prevalence = 0.02 + 0.04 * code / CODES
        shift = random.normal(0, 0.6, TRANSCRIPTS)
        truth = random.random(len(transcript)) < (1 / (1 + (1 - prevalence) / prevalence * np.exp(-shift)))[transcript]
        for coder in range(CODERS):
            seen = random.random(len(transcript))
            present[coder, code] = np.where(truth, seen < 0.8, seen < 0.005)
    return present


# --- ours -----------------------------------------------------------------------------------------


def ours(table: np.ndarray, present: np.ndarray) -> dict[str, float]:
    """Return the seconds of our three tasks, and alpha for comparison."""
    import pandas as pd

    from subtheme.agreement import Clusters, CodedUnits, compare, krippendorff_alpha
    from subtheme.agreement.alpha import NominalAlpha
    from subtheme.agreement.intervals import intervals_of_sums
    from subtheme.nouns import Codebook

    codebook = Codebook.from_toml(_codebook(), where="benchmark")
    whose = np.repeat([f"P{i:02d}" for i in range(TRANSCRIPTS)], SEGMENTS)
    segments = pd.DataFrame({"participant": whose, "transcript": whose})
    cases = [f"O{i % 4}" for i in range(TRANSCRIPTS)]
    participants = pd.DataFrame({"participant": sorted(set(whose)), "case": cases})
    cluster = np.repeat(np.arange(TRANSCRIPTS), SEGMENTS)
    alpha = NominalAlpha()

    def judgements() -> CodedUnits:
        return CodedUnits(
            coders=("A", "B", "C"),
            codes=tuple(f"c{i}" for i in range(CODES)),
            units=np.arange(present.shape[2]).astype(str),
            present=present,
            clusters=Clusters(index=cluster, names=tuple(map(str, range(TRANSCRIPTS)))),
        )

    def replicates() -> Any:
        counted = judgements().counted
        sums = counted.mass @ alpha.features(counted)
        return intervals_of_sums(
            lambda s: alpha.parts(s).value,
            sums,
            active=np.ones(TRANSCRIPTS, dtype=bool),
            method="bootstrap",
            replicates=REPLICATES,
            seed=SEED,
        )

    def report() -> Any:
        return compare(judgements(), segments, participants, codebook, levels=("sub-theme",))

    return {
        "alpha": cpu(lambda: krippendorff_alpha(table)),
        "alpha_value": krippendorff_alpha(table).value,
        "replicates": cpu(replicates),
        "report": cpu(report, times=20),
        "replicates_value": alpha.parts(_first_code(judgements(), alpha)).value.item(),
    }


def _first_code(judgements: Any, alpha: Any) -> np.ndarray:
    counted = judgements.counted
    return np.asarray((counted.total @ alpha.features(counted))[0])


def _codebook() -> str:
    rows = ["format = 'subtheme-codebook/1'", "levels = ['theme', 'sub-theme']", "[[code]]", "id = 't'", "name = 'T'"]
    for i in range(CODES):
        rows += ["[[code.code]]", f"id = 'c{i}'", f"name = 'C {i}'"]
    return "\n".join(rows)


# --- plain numpy ----------------------------------------------------------------------------------


def plain_alpha(counts: np.ndarray) -> float:
    """Return nominal alpha from counts of shape (units, values), the textbook way."""
    raters = counts.sum(axis=1)
    counts, raters = counts[raters > 1], raters[raters > 1]
    n = raters.sum()
    totals = counts.sum(axis=0)
    observed = ((raters**2 - (counts**2).sum(axis=1)) / (raters - 1)).sum() / n
    return float(1 - observed / ((n**2 - (totals**2).sum()) / (n * (n - 1))))


def counts_of(table: np.ndarray, values: int) -> np.ndarray:
    """Return how many coders gave each unit each value."""
    return np.stack([(table == v).sum(axis=1) for v in range(values)], axis=1).astype(np.float64)


def plain(table: np.ndarray, present: np.ndarray) -> dict[str, float]:
    """Return the seconds of a loop over plain numpy; transcripts are resampled, as ours are."""
    counts = counts_of(present[:, 0].T, 2)
    blocks = np.arange(present.shape[2]).reshape(TRANSCRIPTS, SEGMENTS)
    random = np.random.default_rng(SEED)
    few = 50

    def replicates() -> None:
        for _ in range(few):
            plain_alpha(counts[blocks[random.integers(0, TRANSCRIPTS, TRANSCRIPTS)].ravel()])

    return {
        "alpha": cpu(lambda: plain_alpha(counts_of(table, VALUES)), times=2),
        "alpha_value": plain_alpha(counts_of(table, VALUES)),
        "replicates": cpu(replicates, times=3) * REPLICATES / few * CODES,
        "replicates_value": plain_alpha(counts),
    }


# --- peers, each run by the Python of its own environment -----------------------------------------


def peer_krippendorff(table: np.ndarray, present: np.ndarray) -> dict[str, float]:
    import krippendorff

    counts = counts_of(present[:, 0].T, 2).astype(int)
    random = np.random.default_rng(SEED)

    def replicates() -> None:
        for _ in range(20):
            krippendorff.alpha(
                value_counts=counts[random.integers(0, len(counts), len(counts))], level_of_measurement="nominal"
            )

    wide_counts = counts_of(table, VALUES).astype(int)
    by_counts = cpu(lambda: krippendorff.alpha(value_counts=wide_counts, level_of_measurement="nominal"), times=1)
    by_ratings = cpu(lambda: krippendorff.alpha(table.T, level_of_measurement="nominal"), times=1)
    return {
        "alpha": min(by_counts, by_ratings),
        "alpha_value": krippendorff.alpha(table.T, level_of_measurement="nominal"),
        "replicates": cpu(replicates, times=2) * REPLICATES / 20 * CODES,
        "replicates_value": krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"),
    }


def peer_interrater(table: np.ndarray, present: np.ndarray) -> dict[str, float]:
    from interrater import (
        EMPTY,
        KrippendorffAlphaAnalyzer,
        KrippendorffAlphaConfig,
        NijMatrix,
        Ratings,
        RatingsSemantics,
        UnorderedCategories,
    )

    def analyzer(codes: np.ndarray, values: int, resamples: int) -> Any:
        names = tuple(map(str, range(values)))
        raters = [f"coder{i}" for i in range(codes.shape[1])]
        semantics = RatingsSemantics(raters=raters, categories=UnorderedCategories(names))
        config = KrippendorffAlphaConfig(n_resamples=resamples, random_state=1, ci_method="percentile")
        return KrippendorffAlphaAnalyzer(Ratings(codes, semantics), config)

    few = 20
    single = analyzer(np.ascontiguousarray(present[:, 0].T), 2, few)
    config = KrippendorffAlphaConfig(n_resamples=few, random_state=1, ci_method="percentile")
    nij = NijMatrix(matrix=counts_of(present[:, 0].T, 2).astype(int))
    counted = KrippendorffAlphaAnalyzer.build_from_nij_matrix(nij, config)
    ways = [cpu(single.estimate, times=3), cpu(counted.estimate_from_nij_matrix, times=3)]
    from interrater.analyzers.agreement_functions.krippendorff import krippendorff_alpha
    from interrater.array_utils import category_counts

    codes = np.where(np.isnan(table), EMPTY, np.nan_to_num(table)).astype(np.int8)
    weights = analyzer(codes[(codes >= 0).all(axis=1)][:1000], VALUES, 100).weights

    def alpha() -> float:
        return float(krippendorff_alpha(NijMatrix(matrix=category_counts(codes, VALUES)), weights=weights))

    return {
        "alpha": cpu(alpha, times=2),
        "alpha_value": alpha(),
        "replicates": min(ways) * REPLICATES / few * CODES,
        "replicates_value": float(single.estimate().point),
    }


def peer_statsmodels(table: np.ndarray, present: np.ndarray) -> dict[str, float]:
    """Time Fleiss' kappa on complete data: statsmodels has neither alpha nor missing values."""
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    counts = counts_of(present[:, 0].T, 2).astype(int)
    random = np.random.default_rng(SEED)

    def replicates() -> None:
        for _ in range(20):
            fleiss_kappa(counts[random.integers(0, len(counts), len(counts))])

    complete = np.nan_to_num(table).astype(int)
    return {
        "alpha": cpu(lambda: fleiss_kappa(aggregate_raters(complete)[0]), times=1),
        "replicates": cpu(replicates, times=3) * REPLICATES / 20 * CODES,
    }


def peer_nltk(table: np.ndarray, present: np.ndarray) -> dict[str, float]:
    """Time nltk on few units, scaled up linearly in its favour: it grows faster than that."""
    from nltk.metrics.agreement import AnnotationTask

    def seconds(codes: np.ndarray) -> float:
        rows = [
            (coder, unit, int(v)) for unit, row in enumerate(codes) for coder, v in enumerate(row) if not np.isnan(v)
        ]
        return cpu(lambda: AnnotationTask(data=rows).alpha(), times=1)

    few = 1000
    return {
        "alpha": seconds(table[:few]) * len(table) / few,
        "replicates": seconds(present[:, 0, :few].T.astype(float)) * present.shape[2] / few * REPLICATES * CODES,
    }


def run_peer(name: str, folder: Path) -> None:
    """Measure one peer with the data in `folder` and print JSON; runs in the peer's environment."""
    task = {
        "krippendorff": peer_krippendorff,
        "interrater": peer_interrater,
        "statsmodels": peer_statsmodels,
        "nltk": peer_nltk,
    }[name]
    print(json.dumps(task(np.load(folder / "wide.npy"), np.load(folder / "study.npy"))))


def environment(name: str, home: Path) -> str:
    """Make the environment of a peer unless it is there; return why it cannot be, or nothing."""
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        venv.create(home, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "numpy", PEERS[name]]
        if subprocess.run(install, capture_output=True, check=False).returncode:
            return f"{PEERS[name]} could not be installed"
        (home / "ready").touch()
    return ""


def peers(data: Path, environments: Path) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """Return the figures of every peer that could be installed, and why others were skipped."""
    found: dict[str, dict[str, float]] = {}
    skipped: dict[str, str] = {}
    for name in PEERS:
        reason = environment(name, environments / name)
        if reason:
            skipped[name] = reason
            continue
        python = environments / name / "bin" / "python"
        done = subprocess.run(
            [str(python), __file__, "--peer", name, "--data", str(data)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines()
            skipped[name] = f"failed: {lines[-1] if lines else done.returncode}"
            continue
        found[name] = json.loads(done.stdout)
    return found, skipped


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--with-peers", action="store_true", help="install and measure the peers too")
    parser.add_argument("--environments", type=Path, help="keep the peers' environments here")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    options = options_of(parser, smallest={"with_peers": False})
    if options.peer:
        run_peer(options.peer, options.data)
        return
    table, present = wide(), study()
    mine, others = ours(table, present), {"plain numpy": plain(table, present)}
    skipped: dict[str, str] = {}
    if options.with_peers:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            np.save(folder / "wide.npy", table)
            np.save(folder / "study.npy", present)
            found, skipped = peers(folder, options.environments or folder)
            others |= found
    for name, figures in others.items():
        for key in ("alpha_value", "replicates_value"):
            if key in figures and abs(figures[key] - mine[key]) > 1e-9:
                raise SystemExit(f"{name} gives {figures[key]!r} for {key}, ours is {mine[key]!r}")
    fastest = min(others, key=lambda name: others[name]["replicates"])
    ratios = {name: o["replicates"] / mine["replicates"] for name, o in others.items()}
    alpha_ratios = {name: o["alpha"] / mine["alpha"] for name, o in others.items()}
    result = {
        "report_cpu_ms": 1000 * mine["report"],
        "replicates_cpu_ms": 1000 * mine["replicates"],
        "alpha_cpu_ms": 1000 * mine["alpha"],
        "fastest_peer": fastest,
        "replicates_ratio_to_fastest_peer": others[fastest]["replicates"] / mine["replicates"],
        "replicates_ratio": ratios,
        "alpha_ratio": alpha_ratios,
        "skipped": skipped,
    }
    if options.json:
        print(json.dumps(result, indent=1))
        return
    print(
        f"ours: alpha on 2 x 1,000,000 {result['alpha_cpu_ms']:.1f} ms; {REPLICATES} transcript replicates x {CODES} "
        f"codes {result['replicates_cpu_ms']:.1f} ms; whole report {result['report_cpu_ms']:.1f} ms (CPU, one thread)"
    )
    for name in others:
        print(f"{name}: alpha {alpha_ratios[name]:.0f} x ours, replicates {ratios[name]:.0f} x ours")
    for name, reason in skipped.items():
        print(f"{name}: skipped, {reason}")
    print(f"replicates_ratio_to_fastest_peer ({fastest}): {result['replicates_ratio_to_fastest_peer']:.0f}")


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
