"""Does it pay to code what `subtheme next` proposes? A replay against random order, on interviews that are coded.

    python benchmarks/next_replay.py [--json] [--seeds N]

For every fixed fold of SERDIF's segments: fifty random segments of the training part are coded, then batches up to
four hundred, once as `subtheme next` proposes them with the model so far and once at random. After every batch a
model is trained on what is coded and tested on the fold's participants, whom neither has seen. The interviews'
own coding answers for the person.
"""

import argparse
import json
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from learning_data import CORPORA, Task, serdif_segments, smallest
from smoke import options_of

from subtheme.classifier.learner import ThemeClassifier, mean_average_precision
from subtheme.classifier.next_coding import Uncoded, next_segments
from subtheme.classifier.threads import mapped
from subtheme.embeddings.threads import available_threads

STEPS = (50, 100, 200, 300, 400)
ORDERS = ("next", "random")
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One order on one fold with one seed."""

    order: str
    fold: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is known after a step: macro average precision on the fold, and coded segments per code."""

    macro_ap: float
    excerpts: npt.NDArray[np.int64]

    @property
    def fewest(self) -> int:
        """Coded segments of the rarest code."""
        return int(self.excerpts.min())

    @property
    def learnable(self) -> int:
        """Codes with at least eight coded segments."""
        return int((self.excerpts >= 8).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seeds", type=int, default=2)
    chosen = options_of(parser, smallest={"seeds": 1}, needs=[CORPORA])
    task = smallest(serdif_segments()) if chosen.smoke else serdif_segments()
    runs = [
        Run(order=order, fold=int(fold), seed=seed)
        for order in ORDERS
        for fold in np.unique(task.folds)[: 1 if chosen.smoke else None]
        for seed in range(chosen.seeds)
    ]
    # The vectors and the terms are made once, before threads ask for them.
    _ = task.counted, task.groups
    states = dict(zip(runs, mapped(partial(replayed, task), runs, workers=available_threads()), strict=True))
    result = {order: [figures(states, order, step) for step in range(len(STEPS))] for order in ORDERS}
    if chosen.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{len(runs) // 2} replays of each order: macro AP / codes with 8 segments / segments of the rarest code")
    print("coded segments   " + "".join(f"{step:>22}" for step in STEPS))
    for order, row in result.items():
        cells = (f"{f['macro_ap']:.3f} / {f['learnable']:.1f} / {f['fewest']:.1f}" for f in row)
        print(f"{order:<17}" + "".join(f"{cell:>22}" for cell in cells))


def figures(states: dict[Run, list[State]], order: str, step: int) -> dict[str, float]:
    """Return the means over folds and seeds."""
    found = [run_states[step] for run, run_states in states.items() if run.order == order]
    names = ("macro_ap", "learnable", "fewest")
    return {name: round(float(np.mean([getattr(s, name) for s in found])), 4) for name in names}


def replayed(task: Task, run: Run) -> list[State]:
    """Return the states after every step of one replay."""
    rng = np.random.default_rng([run.seed, run.fold])
    pool, test = np.flatnonzero(task.folds != run.fold), np.flatnonzero(task.folds == run.fold)
    coded = np.sort(rng.choice(pool, STEPS[0], replace=False))
    states = []
    for step in range(len(STEPS)):
        rest = np.setdiff1d(pool, coded)
        probabilities = _learned(task, coded, np.concatenate([rest, test]))
        macro_ap = mean_average_precision(probabilities[len(rest) :], task.Y[test])
        states.append(State(macro_ap=macro_ap, excerpts=task.Y[coded].sum(axis=0).astype(np.int64)))
        if step + 1 < len(STEPS):
            count = STEPS[step + 1] - STEPS[step]
            chosen = (
                rng.choice(rest, count, replace=False)
                if run.order == "random"
                else _proposed(task, coded, rest, probabilities[: len(rest)], count=count, rng=rng)
            )
            coded = np.union1d(coded, chosen)
    return states


def _learned(task: Task, coded: Rows, asked: Rows) -> npt.NDArray[np.float64]:
    known = np.flatnonzero(task.Y[coded].sum(axis=0) > 0)
    features = task.counted.known_to(coded).features
    learner = ThemeClassifier().fit(features.take(coded), task.Y[np.ix_(coded, known)], groups=task.groups[coded])
    probabilities = np.zeros((len(asked), task.Y.shape[1]))
    probabilities[:, known] = learner.predict_proba(features.take(asked))
    return probabilities


def _proposed(
    task: Task,
    coded: Rows,
    rest: Rows,
    probabilities: npt.NDArray[np.float64],
    *,
    count: int,
    rng: np.random.Generator,
) -> Rows:
    rows = np.array(task.vectors.rows(task.segments["segment"]))
    uncoded = Uncoded(
        segments=task.segments.iloc[rest].reset_index(drop=True),
        probabilities=probabilities,
        vectors=task.vectors.text[rows[rest]],
        coded=task.vectors.text[rows[coded]],
        excerpts=task.Y[coded].sum(axis=0).astype(np.int64),
    )
    chosen = set(next_segments(uncoded, count=count, rng=rng)["segment"])
    return rest[task.segments["segment"].iloc[rest].isin(chosen).to_numpy()]


if __name__ == "__main__":
    main()
