"""What the answers of a review teach: a model with and without them, and a review with and without training again.

    python benchmarks/answers_teach.py [--json] [--only TASK] [--review]

Two of the five fixed folds of a corpus were read whole, participants of two others were asked about, those of the last
neither. Questions go through pairs of participant and code, best evidence first by the model of what was read, at most
three segments of a pair, until one is confirmed; the answers are the corpus's own codings. Then a second model learns
from what was read and from the answers. All five rotations; macro average precision over the codes of at least eight
read segments, of what nobody was asked of those who were asked, and of those who were neither read nor asked.

With --review presence review is replayed on the three folds that were not read, in MADE-UP groups of stretches of about
twenty segments: once with the scores of the first model, once with a model trained again after every 300 answers.
Codes that cannot be learned from what was read are left out.
"""

import argparse
import json
import sys
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from learning_data import CORPORA, Task, nhs_fft, serdif_segments, smallest
from presence_review import settle
from review_data import Replay, outlook_from, stretches_of
from smoke import options_of

from subtheme.classifier.learner import ThemeClassifier
from subtheme.classifier.metrics import average_precision
from subtheme.classifier.training_set import FEWEST_SEGMENTS
from subtheme.embeddings.threads import available_threads

TASKS = {"serdif_segments": serdif_segments, "nhs_fft": nhs_fft}
ANSWERS = (150, 600, 1500)
EVERY = 300
_FOLDS = 5
_LOOKS = 3
_GROUPS = 4
PROMISES = (8, 4, 2, 1)
COUNTS = (500, 1000, 1500)
"""Expected wrong cells, and looks, at which the wrong cells found are told."""

Rows = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float64]
Answers = Mapping[tuple[int, int], bool]
"""Whether a code (column) holds on a segment (row), in the order of the questions."""


class Study:
    """A task of which some folds were read, and its models."""

    def __init__(self, task: Task, *, read: tuple[int, ...]) -> None:
        self.task = task
        self.read = np.flatnonzero(np.isin(task.folds, read))
        self.codes = np.flatnonzero(task.Y[self.read].sum(axis=0) >= FEWEST_SEGMENTS)
        self.Y = task.Y[:, self.codes]

    def learned(self, answers: Answers) -> tuple[ThemeClassifier, Matrix]:
        """Return a model of what was read and answered, and its probabilities of all segments."""
        told = np.full(self.Y.shape, np.nan)
        told[self.read] = self.Y[self.read]
        for place, is_confirmed in answers.items():
            told[place] = is_confirmed
        taught = np.concatenate([self.read, np.unique([segment for segment, _ in answers]).astype(np.int64)])
        features = self.task.counted.known_to(taught).features
        learner = ThemeClassifier(n_jobs=available_threads()).fit(
            features.take(taught),
            told[taught],
            groups=self.task.groups[taught],
            only_teaches=np.arange(len(taught)) >= len(self.read),
        )
        return learner, learner.predict_proba(features)

    def asked(self, probabilities: Matrix, owner: Rows, rows: Rows, *, count: int) -> Answers:
        """Return the answers to so many questions about `rows`, whose made-up participants are `owner`."""
        questions = []
        for person in np.unique(owner[rows]):
            mine = rows[owner[rows] == person]
            for code in range(self.Y.shape[1]):
                best = mine[np.argsort(-probabilities[mine, code], kind="stable")][:_LOOKS]
                questions += [
                    (look, -float(probabilities[s, code]), int(s), code, person) for look, s in enumerate(best)
                ]
        answers: dict[tuple[int, int], bool] = {}
        confirmed: set[tuple[int, int]] = set()
        # Confident second looks go before hopeless first ones: each look halves what the next is worth.
        for *_, segment, code, person in sorted(questions, key=lambda q: (q[1] * 0.5 ** q[0], q)):
            if (person, code) not in confirmed and len(answers) < count:
                answers[segment, code] = bool(self.Y[segment, code])
                if answers[segment, code]:
                    confirmed.add((person, code))
        return answers

    def macro_ap(self, probabilities: Matrix, rows: Rows, answers: Answers) -> float:
        """Return the macro average precision of the pairs (segment, code) of `rows` that were not asked."""
        was_asked = np.zeros(self.Y.shape, dtype=bool)
        for place in answers:
            was_asked[place] = True
        values = []
        for code in range(self.Y.shape[1]):
            left = rows[~was_asked[rows, code]]
            values.append(average_precision(self.Y[left, code], probabilities[left, code])[0])
        return float(np.nanmean(values))


def learning(task: Task) -> list[dict[str, float]]:
    """Return the figures with and without so many answers, as means over the rotations."""
    owner = stretches_of(task.people)
    found: dict[int, list[tuple[float, ...]]] = {count: [] for count in ANSWERS}
    for turn in range(_FOLDS):
        study = Study(task, read=(turn, (turn + 1) % _FOLDS))
        rows = np.flatnonzero(np.isin(task.folds, [(turn + 2) % _FOLDS, (turn + 3) % _FOLDS]))
        others = np.flatnonzero(task.folds == (turn + 4) % _FOLDS)
        before = study.learned({})[1]
        for count in ANSWERS:
            answers = study.asked(before, owner, rows, count=count)
            after = study.learned(answers)[1]
            figures = [study.macro_ap(p, who, answers) for who in (rows, others) for p in (before, after)]
            found[count].append((*figures, sum(answers.values())))
        print(f"  {task.name}: rotation {turn + 1} of {_FOLDS}", file=sys.stderr)
    names = ("asked_before", "asked_after", "others_before", "others_after", "confirmed")
    return [
        {"answers": count, **dict(zip(names, np.round(np.mean(rows, axis=0), 4).tolist(), strict=True))}
        for count, rows in found.items()
    ]


class NewInterviews:
    """The interviews of a study that were not read, cut into made-up participants of made-up groups."""

    def __init__(self, study: Study, *, seed: int) -> None:
        self._study = study
        self._rows = np.setdiff1d(np.arange(len(study.Y)), study.read)
        self._owner = stretches_of(study.task.people[self._rows])
        self._case = np.random.default_rng(seed).permutation(np.arange(self._owner.max() + 1) % _GROUPS)

    def replay(self, answers: Answers) -> Replay:
        """Return the review with scores and outlook of a model that has learned from `answers`."""
        study = self._study
        places = {(int(self._rows[segment]), code): value for (segment, code), value in answers.items()}
        learner, found = study.learned(places)
        is_coded, whose = study.Y[study.read] > 0, stretches_of(study.task.people[study.read])
        return Replay(
            probability=found[self._rows],
            truth=study.Y[self._rows] > 0,
            owner=self._owner,
            case=self._case,
            outlook=outlook_from(learner.oof_probabilities_, is_coded, whose),
        )


def reviews(task: Task) -> list[dict[str, float]]:
    """Return what came of a review, with and without training again, in every rotation."""
    rows = []
    for turn in range(_FOLDS):
        study = Study(task, read=(turn, (turn + 1) % _FOLDS))
        new = NewInterviews(study, seed=turn)
        first, cells = new.replay({}), _GROUPS * study.Y.shape[1]
        bound = 0.5 * cells / 60
        for every in (0, EVERY):
            course = settle(first, down_to=bound / 2, bound=-1, relearn=new.replay if every else None, every=every)
            looks = course.looks_within(bound)
            told = {f"wrong_at_promise_of_{level}": course.wrong_at(course.looks_within(level)) for level in PROMISES}
            told |= {f"wrong_after_{count}": course.wrong_at(count) for count in COUNTS}
            rows.append(
                {
                    "rotation": turn,
                    "cells": cells,
                    "trained_again_every": every,
                    "looks": looks,
                    "decisions_share": round(looks / first.decisions, 4),
                    "promised_wrong_cells": round(bound, 3),
                    "wrong_cells": course.wrong_at(looks),
                    **told,
                }
            )
            print("  {rotation}: every {trained_again_every}, {looks} looks".format(**rows[-1]), file=sys.stderr)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON and nothing else")
    parser.add_argument("--only", choices=sorted(TASKS))
    parser.add_argument("--review", action="store_true", help="replay presence review on SERDIF instead")
    options = options_of(parser, smallest={"only": "serdif_segments", "review": False}, needs=[CORPORA])
    result: dict[str, list[dict[str, float]]] = {}
    if options.review:
        result["serdif_stretches"] = reviews(serdif_segments())
    else:
        result = {
            name: learning(smallest(make()) if options.smoke else make())
            for name, make in TASKS.items()
            if options.only in (None, name)
        }
    if options.json:
        print(json.dumps(result, indent=1))
        return
    for name, rows in result.items():
        print(f"\n{name}")
        for row in rows:
            print("  " + "  ".join(f"{key.replace('_', ' ')} {value:g}" for key, value in row.items()))


if __name__ == "__main__":
    main()
