"""Studies to replay: simulated, real, and the invented sample study. Used by presence_review.py."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from subtheme.proposals.outlook import Outlook, fit_outlook

ROOT = Path(__file__).resolve().parents[1]
SERDIF = ROOT.parent / "shared" / "corpora" / "serdif-usability"
SAMPLE = ROOT / "data" / "sample"
STRETCH = 20
SIZES = (14, 14, 14, 13)
FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """One study to replay: probability and truth of every segment (rows) and sub-theme (columns)."""

    probability: NDArray[np.float64]
    truth: NDArray[np.bool_]
    owner: NDArray[np.int64]
    case: NDArray[np.int64]
    outlook: Outlook

    @property
    def decisions(self) -> int:
        """Questions that full manual coding answers."""
        return self.truth.size

    def sorted_pairs(self):
        """Return probabilities (NaN padded) and truth of every pair, best first, and its number of segments."""
        people, rows = len(self.case), self.truth.shape[1]
        sizes = np.bincount(self.owner, minlength=people)
        probability = np.full((people, rows, sizes.max()), np.nan)
        truth = np.zeros(probability.shape, dtype=bool)
        for person in range(people):
            mine = np.flatnonzero(self.owner == person)
            order = np.argsort(-self.probability[mine], axis=0, kind="stable")
            probability[person, :, : len(mine)] = np.take_along_axis(self.probability[mine], order, 0).T
            truth[person, :, : len(mine)] = np.take_along_axis(self.truth[mine], order, 0).T
        flat = (people * rows, -1)
        return probability.reshape(flat), truth.reshape(flat), np.repeat(sizes, rows)


def draw(rng: np.random.Generator, shift: float, clustered: float):
    """Return truth and scores of one simulated study, both of shape (participants, segments, sub-themes)."""
    case, people, segments, rows = np.repeat(np.arange(4), SIZES), sum(SIZES), 60, 15
    share = rng.beta(1.2, 1.2, (4, rows))
    truth = np.zeros((people, segments, rows), dtype=bool)
    for person, row in zip(*np.nonzero(rng.random((people, rows)) < share[case]), strict=True):
        truth[person, rng.choice(segments, min(segments, 1 + rng.poisson(1.5)), replace=False), row] = True
    scores = rng.normal(0, 1, truth.shape) + shift * truth
    return truth, scores + rng.normal(0, clustered, (people, 1, rows)) + rng.normal(0, clustered, (people, 1, 1))


def simulated(seed: int, studies: int, shift: float, clustered: float) -> Iterator[Replay]:
    """Yield studies; calibration and outlook of each come from 14 participants of a draw of their own."""
    rng = np.random.default_rng(seed)
    for _ in range(studies):
        truth, scores = (x[: SIZES[0]] for x in draw(rng, shift, clustered))
        slope, shift_by = platt(scores.ravel(), truth.ravel())
        people, segments, rows = truth.shape
        owner = np.repeat(np.arange(people), segments)
        outlook = outlook_from(sigmoid(slope * scores + shift_by).reshape(-1, rows), truth.reshape(-1, rows), owner)
        truth, scores = draw(rng, shift, clustered)
        yield Replay(
            probability=sigmoid(slope * scores + shift_by).reshape(-1, rows),
            truth=truth.reshape(-1, rows),
            owner=np.repeat(np.arange(len(truth)), segments),
            case=np.repeat(np.arange(4), SIZES),
            outlook=outlook,
        )


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def platt(scores, truth) -> tuple[float, float]:
    """Return slope and shift that calibrate scores."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), truth)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def outlook_from(probability, truth, owner) -> Outlook:
    """Return the outlook that fits coded participants."""
    people, rows = owner.max() + 1, truth.shape[1]
    coded = Replay(probability=probability, truth=truth, owner=owner, case=np.zeros(people, int), outlook=Outlook())
    sorted_probability, sorted_truth, sizes = coded.sorted_pairs()
    describes = sorted_truth.any(1)
    rate = (describes.reshape(-1, rows).sum(0) + 1) / (people + 2)
    return fit_outlook(
        sorted_probability, sizes, np.tile(probability.mean(0), people), describes, np.tile(rate, people)
    )


def serdif(groupings: int, *, stretches: bool) -> Iterator[Replay]:
    """Yield the real study in made-up groupings; every score is from a model that has not seen the transcript."""
    segments = [json.loads(line) for line in (SERDIF / "segments.jsonl").read_text(encoding="utf-8").splitlines()]
    segments = [s for s in segments if s["role"] == "participant"]
    with (SERDIF / "codebook.csv").open(encoding="utf-8") as file:
        codes = [r["code_id"] for r in csv.DictReader(file) if r["code_id"] != "moderator-assist"]
    with (SERDIF / "folds.csv").open(encoding="utf-8") as file:
        fold_of = {r["transcript_id"]: int(r["fold"]) for r in csv.DictReader(file)}
    names = sorted({s["transcript_id"] for s in segments})
    speaker = np.array([names.index(s["transcript_id"]) for s in segments])
    owner = speaker
    if stretches:
        mine = [np.flatnonzero(speaker == p) for p in range(len(names))]
        parts = [part for places in mine for part in np.array_split(places, round(len(places) / STRETCH))]
        owner = np.zeros(len(segments), dtype=int)
        for number, part in enumerate(parts):
            owner[part] = number
    truth = np.array([[c in s["codes"] for c in codes] for s in segments])
    words = [f"{s['prompt'] or ''} . {s['text']} {s['text']}" for s in segments]
    folds = np.array([fold_of[s["transcript_id"]] for s in segments])
    probability, outlook = cross_fitted(words, truth, owner, folds)
    people, groups = owner.max() + 1, 4 if stretches else 3
    for seed in range(groupings):
        case = np.random.default_rng(seed).permutation(np.arange(people) % groups)
        yield Replay(probability=probability, truth=truth, owner=owner, case=case, outlook=outlook)


def sample() -> Iterator[Replay]:
    """Yield the invented sample study: its own cases, and as truth what was planted in its transcripts."""
    import pandas as pd

    from subtheme.segments import segment_transcript
    from subtheme.transcripts import read_transcripts

    people = pd.read_csv(SAMPLE / "participants.csv").sort_values("participant").reset_index(drop=True)
    planted = pd.read_csv(SAMPLE / "truth" / "planted.csv", keep_default_na=False)
    planted = planted[planted["kind"] == "supports"]
    rows = list(dict.fromkeys(pd.read_csv(SAMPLE / "truth" / "plan.csv")["sub_theme"]))
    spans: dict[str, list[tuple[int, int, list[str]]]] = {}
    for at in planted.itertuples():
        spans.setdefault(at.transcript, []).append((at.start_char, at.end_char, [at.sub_theme, at.also]))
    words, truth, owner = [], [], []
    for path in sorted((SAMPLE / "transcripts").iterdir()):
        transcript = read_transcripts(path)[0]
        who = path.stem
        for segment in segment_transcript(transcript, participants={t.speaker: who for t in transcript.turns}):
            carried = {
                code
                for start, end, codes in spans.get(who, ())
                if 2 * (min(end, segment.end_char) - max(start, segment.start_char))
                >= min(end - start, segment.end_char - segment.start_char)
                for code in codes
            }
            words.append(segment.text)
            truth.append([row in carried for row in rows])
            owner.append(int(people.index[people["participant"] == who][0]))
    whose = np.array(owner)
    folds = np.random.default_rng(0).permutation(np.arange(len(people)) % FOLDS)[whose]
    probability, outlook = cross_fitted(words, np.array(truth), whose, folds)
    case = np.unique(people["case"], return_inverse=True)[1]
    yield Replay(probability=probability, truth=np.array(truth), owner=whose, case=case, outlook=outlook)


def cross_fitted(words, truth, owner, folds):
    """Return calibrated probabilities from models that have not seen the transcript, and the outlook fitted so."""
    probability, outlooks = np.zeros(truth.shape), []
    for fold in range(FOLDS):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        inner = np.zeros((len(train), truth.shape[1]))
        for other in sorted(set(folds[train])):
            held = folds[train] == other
            inner[held] = decision_scores(words, truth, train[~held], train[held])
        slope, shift = platt(inner.ravel(), truth[train].ravel())
        probability[test] = sigmoid(slope * decision_scores(words, truth, train, test) + shift)
        local = np.unique(owner[train], return_inverse=True)[1]
        outlooks.append(outlook_from(sigmoid(slope * inner + shift), truth[train], local))
    return probability, sorted(outlooks, key=lambda o: o.true_segments)[FOLDS // 2]


def decision_scores(words, truth, train, test):
    """Return the scores of `test` from a TF-IDF and logistic regression learned on `train`."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    known, new = vectorizer.fit_transform([words[i] for i in train]), vectorizer.transform([words[i] for i in test])
    scores = np.full((len(test), truth.shape[1]), -6.0)
    for code in range(truth.shape[1]):
        if truth[train, code].sum() >= 2:
            fitted = LogisticRegression(C=10, max_iter=300).fit(known, truth[train, code])
            scores[:, code] = fitted.decision_function(new)
    return scores
