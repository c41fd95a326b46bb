"""How well sub-themes are learned from real coded interviews, beside what others would do with the same texts.

    python benchmarks/learning.py [--json] [--json-file FILE] [--only TASK] [--no-curve] [--iqual PYTHON] [--setfit PYTHON]

Five folds that share no participant, fixed in the corpora's `folds.csv`; figures are pooled over the test
rows of all folds. Penalty, competition, calibration and thresholds are settled on inner folds of the
training rows, ours and the peers' alike. Peers are one-vs-rest logistic regression (C = 10, the setting
that their best published figures used) on TF-IDF of words and pairs, on MiniLM vectors, and on both. iQual and
SetFit need environments of their own: each runs where an interpreter that has it is named, and may use ten minutes of
processor time a split. Ours alone reads the codebook, and takes the encoders that it
takes by default, of those that are installed.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from learning_data import CORPORA, Task, nhs_fft, serdif_excerpts, serdif_segments, smallest
from learning_elsewhere import UnfinishedError, iqual_peer, setfit_peer
from scipy import sparse
from smoke import options_of

from subtheme.classifier.calibration import calibrated
from subtheme.classifier.design import Design
from subtheme.classifier.figures import macro_f1
from subtheme.classifier.folds import grouped_folds
from subtheme.classifier.learner import mean_average_precision
from subtheme.classifier.logistic import Factored
from subtheme.classifier.metrics import expected_calibration_error, first_hit_depths
from subtheme.classifier.terms import inverse_frequencies, weighted
from subtheme.classifier.threads import mapped
from subtheme.classifier.thresholds import rate_matched
from subtheme.classifier.unseen import OutOfFold, Split, Unseen, out_of_fold, splits_of, unseen
from subtheme.embeddings import load_encoder
from subtheme.embeddings.threads import available_threads

TASKS = {"serdif_excerpts": serdif_excerpts, "serdif_segments": serdif_segments, "nhs_fft": nhs_fft}
PEERS = {"TF-IDF + LR": (True, False), "MiniLM + LR": (False, True), "TF-IDF + MiniLM + LR": (True, True)}
SIZES = (25, 50, 100, 200, 400)
SEEDS = (0, 1, 2)
SETFIT_SIZES = (50, 100)
LOOKS = 5
_CURVES = ("serdif_excerpts", "nhs_fft")
_ALONE = "subtheme, no codebook"
_PEER_PENALTY = 10.0
_PEER_FOLDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    who: str
    macro_ap: float
    macro_f1: float
    ece: float
    recall_at_5: float
    seconds: float

    def __str__(self) -> str:
        return (
            f"  {self.who:<24} {self.macro_ap:.3f}     {self.macro_f1:.3f}     {self.ece:.3f}   "
            f"{self.recall_at_5:.3f}        {self.seconds:6.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print the figures as JSON and nothing else")
    parser.add_argument("--json-file", type=Path, help="also write them here")
    parser.add_argument("--only", choices=sorted(TASKS), action="append")
    parser.add_argument("--no-curve", action="store_true")
    parser.add_argument("--iqual", type=Path, metavar="PYTHON", help="interpreter that has iQual")
    parser.add_argument(
        "--setfit", type=Path, metavar="PYTHON", help="interpreter that has SetFit: beside the curve, of one draw"
    )
    chosen = options_of(parser, smallest={"only": ["serdif_excerpts"], "no_curve": True}, needs=[CORPORA])
    result = {}
    for name in chosen.only or TASKS:
        task = smallest(TASKS[name]()) if chosen.smoke else replace(TASKS[name](), encoder=load_encoder("auto"))
        rows = compared(task, iqual=chosen.iqual)
        result[name] = as_json(name, rows)
        if not chosen.json:
            print(f"\n{name}: {task.Y.shape[0]} units, {task.Y.shape[1]} codes, {task.people.max() + 1} participants")
            print("  who                      macro AP  macro F1  ECE     recall at 5  seconds")
            print("\n".join(map(str, rows)), flush=True)
            if chosen.iqual is None:
                print("  iQual is left out: name an interpreter that has it with --iqual")
            ahead = [
                row.who for row in rows[:-1] for measure in ("macro_ap", "macro_f1") if is_ahead(rows, row, measure)
            ]
            print(f"  ahead of subtheme: {', '.join(dict.fromkeys(ahead)) or 'nobody'}", flush=True)
        if name in _CURVES and not chosen.no_curve and not chosen.json:
            print("\n  Learning curve, macro AP by random coded excerpts of the training folds, mean of 3 draws")
            print("  " + "excerpts".ljust(24) + "".join(f"{size:>8}" for size in SIZES))
            for who, values in learning_curve(task).items():
                print(f"  {who:<24}" + "".join(f"{value:8.3f}" for value in values), flush=True)
            if chosen.setfit:
                print_setfit(task, chosen.setfit)
    if chosen.json:
        print(json.dumps(result, indent=1))
    if chosen.json_file:
        chosen.json_file.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def is_ahead(rows: list[Row], row: Row, measure: str) -> bool:
    """Whether a peer's figure is above ours."""
    return bool(getattr(row, measure) > getattr(rows[-1], measure))


def compared(task: Task, *, iqual: Path | None) -> list[Row]:
    """Return the figures of every peer and, last, of subtheme."""
    splits = splits_of(task.folds)
    rows = []
    for who in [*PEERS, *(["iQual"] if iqual else []), "subtheme"]:
        started = time.perf_counter()
        if iqual and who == "iQual":
            try:
                found = iqual_peer(task, splits, iqual)
            except UnfinishedError as told:
                print(f"  iQual {told}", file=sys.stderr)
                continue
        elif who == "subtheme":
            found = out_of_fold(task.Y, splits, unseen(task.counted, task.Y, task.groups, splits, prior=task.described))
        else:
            found = out_of_fold(task.Y, splits, peer(task, splits, who=who))
        rows.append(_row(task, who, found, time.perf_counter() - started))
    return rows


def as_json(name: str, rows: list[Row]) -> dict[str, float]:
    """Return the keys that are compared from release to release."""
    ours = rows[-1]
    figures = {"macro_ap": ours.macro_ap, "macro_f1": ours.macro_f1, "ece": ours.ece}
    if name == "serdif_segments":
        figures["recall_at_5"] = ours.recall_at_5
    if name == "nhs_fft":
        figures["best_peer_macro_ap"] = max(row.macro_ap for row in rows[:-1])
    return {key: round(value, 4) for key, value in figures.items()}


def peer(task: Task, splits: list[Split], *, who: str) -> list[Unseen]:
    """Return what logistic regression on plain features makes of every split's test rows."""
    return list(mapped(partial(_peer_split, task, who), splits, workers=available_threads()))


def _peer_split(task: Task, who: str, split: Split) -> Unseen:
    has_terms, has_vectors = PEERS[who]
    train = split.train
    dense = task.plain_vectors.text.astype(np.float64) if has_vectors else np.zeros((len(task.Y), 0))
    terms = sparse.csr_array((len(task.Y), 0))
    if has_terms:
        counts = task.counted.words.counts
        terms = weighted(counts, inverse_frequencies(counts[train], fewest_texts=2))
    design = Design(dense=dense, terms=terms)
    known = np.flatnonzero(task.Y[train].sum(axis=0) > 0)
    Y = task.Y[np.ix_(train, known)]
    factored = Factored(design.take(train))
    inner = np.zeros_like(Y)
    folds = grouped_folds(Y, task.groups[train], n_folds=_PEER_FOLDS)
    for fold in np.unique(folds):
        kept, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        inner[held] = factored.scores(factored.solved(Y[kept], C=_PEER_PENALTY, rows=kept), held)
    solution = factored.carried_back(factored.solved(Y, C=_PEER_PENALTY))
    scores = design.take(split.test).times(solution.weights) + solution.intercepts
    plain = np.tile([1.0, 0.0], (len(known), 1))
    probabilities, thresholds = np.zeros((len(split.test), task.Y.shape[1])), np.full(task.Y.shape[1], np.inf)
    probabilities[:, known] = calibrated(scores, plain)
    thresholds[known] = rate_matched(calibrated(inner, plain), Y)
    return Unseen(probabilities=probabilities, thresholds=thresholds)


def learning_curve(task: Task) -> dict[str, list[float]]:
    """Return macro average precision at every size, for the peers and for subtheme without and with the codebook."""
    curves: dict[str, list[float]] = {who: [] for who in [*PEERS, _ALONE, "subtheme"]}
    for size in SIZES:
        values: dict[str, list[float]] = {who: [] for who in curves}
        for seed in SEEDS:
            splits = drawn(task, size, seed=seed)
            for who, found in values.items():
                prior = None if who == _ALONE else task.described
                results = (
                    peer(task, splits, who=who)
                    if who in PEERS
                    else unseen(task.counted, task.Y, task.groups, splits, prior=prior)
                )
                found.append(mean_average_precision(out_of_fold(task.Y, splits, results).probabilities, task.Y))
        for who, found in values.items():
            curves[who].append(float(np.mean(found)))
    return curves


def drawn(task: Task, size: int, *, seed: int) -> list[Split]:
    """Return the fixed splits with so many random rows of every training part."""
    rng = np.random.default_rng(seed)
    return [Split(train=np.sort(rng.choice(s.train, size, replace=False)), test=s.test) for s in splits_of(task.folds)]


def print_setfit(task: Task, python: Path) -> None:
    """Print SetFit beside ours on the first split of the first draw."""
    print("\n  SetFit beside subtheme, macro AP on the first split of the first draw")
    for size in SETFIT_SIZES:
        split = drawn(task, size, seed=SEEDS[0])[0]
        ours = unseen(task.counted, task.Y, task.groups, [split], prior=task.described)[0].probabilities
        tested = task.Y[split.test]
        told = f"{mean_average_precision(ours, tested):.3f} (subtheme)"
        try:
            found = setfit_peer(task, [split], python).probabilities[split.test]
            told += f", {mean_average_precision(found, tested):.3f} (SetFit)"
        except UnfinishedError as unfinished:
            told += f", SetFit {unfinished}"
        print(f"  {size:>4} excerpts: {told}", flush=True)


def _row(task: Task, who: str, found: OutOfFold, seconds: float) -> Row:
    return Row(
        who=who,
        macro_ap=mean_average_precision(found.probabilities, task.Y),
        macro_f1=macro_f1(task.Y, found.proposed),
        ece=float(expected_calibration_error(task.Y, found.probabilities)[0]),
        recall_at_5=_recall_at(task.Y, found.probabilities, task.people),
        seconds=seconds,
    )


def _recall_at(Y: npt.NDArray[np.float64], scores: npt.NDArray[np.float64], people: npt.NDArray[np.int64]) -> float:
    depths = [d for k in range(Y.shape[1]) for _, d in first_hit_depths(Y[:, k], scores[:, k], people)]
    return float(np.mean([depth <= LOOKS for depth in depths]))


if __name__ == "__main__":
    main()
