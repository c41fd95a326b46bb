"""Studies to replay: simulated, real, and the invented sample study. Used by presence_review.py."""

import csv
import functools
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from subtheme.nouns import CONFIRMING, DENYING, SEGMENTS, Codebook
from subtheme.proposals.answers import Answers
from subtheme.proposals.outlook import Outlook, fit_outlook, pair_evidence
from subtheme.proposals.pairs import Pairs

ROOT = Path(__file__).resolve().parents[1]
SERDIF = ROOT.parent / "shared" / "corpora" / "serdif-usability"
SAMPLE = ROOT / "data" / "sample"
STRETCH = 20
"""Segments of a made-up participant, about."""
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

    def pairs(self, verdict: NDArray[np.str_]) -> Pairs:
        """Return the product's own table of pairs after answers, one verdict by segment and sub-theme."""
        people, rows = len(self.case), self.truth.shape[1]
        describes, left = np.zeros((people, rows), dtype=bool), np.zeros((people, rows), dtype=int)
        np.logical_or.at(describes, self.owner, verdict == CONFIRMING[0])
        np.add.at(left, self.owner, (verdict != DENYING[0]).astype(int))
        return Pairs(
            participants=pd.DataFrame({"participant": np.arange(people), "case": self.case, "level": ""}),
            rows=tuple(str(r) for r in range(rows)),
            unscored=(),
            segments=pd.DataFrame({"owner": self.owner}),
            probability=self.probability,
            verdict=verdict,
            describes=describes,
            ruled_out=~describes & (left == 0),
        )

    def sorted_pairs(self) -> "SortedPairs":
        """Return the segments of every pair of participant and sub-theme, best first."""
        key = -self.probability
        people, rows = len(self.case), self.truth.shape[1]
        sizes = np.bincount(self.owner, minlength=people)
        probability = np.full((people, rows, sizes.max()), np.nan)
        truth = np.zeros(probability.shape, dtype=bool)
        segment = np.full(probability.shape, -1)
        for person in range(people):
            mine = np.flatnonzero(self.owner == person)
            order = np.argsort(key[mine], axis=0, kind="stable")
            probability[person, :, : len(mine)] = np.take_along_axis(self.probability[mine], order, 0).T
            truth[person, :, : len(mine)] = np.take_along_axis(self.truth[mine], order, 0).T
            segment[person, :, : len(mine)] = mine[order].T
        flat = (people * rows, -1)
        return SortedPairs(
            probability=probability.reshape(flat),
            truth=truth.reshape(flat),
            segment=segment.reshape(flat),
            sizes=np.repeat(sizes, rows),
            base=np.tile([self.outlook.shares.get(str(r), m) for r, m in enumerate(self.probability.mean(0))], people),
            row=np.tile(np.arange(rows), people),
            case=np.repeat(self.case, rows).astype(str),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedPairs:
    """Segments of every pair (rows), best first: probability (NaN after the last), truth and number.

    Of the pair itself, how many segments it has, the share that its probabilities go by, its sub-theme and its case.
    """

    probability: NDArray[np.float64]
    truth: NDArray[np.bool_]
    segment: NDArray[np.int64]
    sizes: NDArray[np.int64]
    base: NDArray[np.float64]
    row: NDArray[np.int64]
    case: NDArray[np.str_]

    def answers(self, looked: NDArray[np.int64], found: NDArray[np.bool_]) -> Answers:
        """Return what is answered after so many fruitless looks at every pair, and one that confirms where `found`."""
        place = np.arange(self.truth.shape[1])
        denials = (place < looked[:, None]).astype(np.int64)
        confirmations = np.zeros_like(denials)
        confirmations[found, looked[found]] = 1
        return Answers(
            probability=self.probability,
            confirmations=confirmations,
            denials=denials,
            found=found,
            absent=~found & (looked >= self.sizes),
            base=self.base,
            totals=self.sizes,
            row=self.row,
            case=self.case,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What an outlook makes of pairs: weight of the evidence after 0, 1, 2, … fruitless looks, and chance of the next."""

    outlook: Outlook
    weight: NDArray[np.float64]
    hit: NDArray[np.float64]

    @classmethod
    def of(cls, pairs: SortedPairs, outlook: Outlook) -> "View":
        """Return the view of `pairs` under `outlook`."""
        evidence = pair_evidence(pairs.probability, pairs.base, pairs.sizes, outlook)
        hit = np.hstack([evidence.hit, np.zeros((len(pairs.sizes), 1))])
        return cls(outlook=outlook, weight=evidence.weight, hit=hit)


def draw(rng: np.random.Generator, shifts: tuple[float, ...], *, clustered: float = 0.0, share=(1.2, 1.2)):
    """Return truth and scores of one simulated study, both of shape (participants, segments, sub-themes).

    `shifts` are those of true segments by case, `share` the Beta of the share of a case who describe a sub-theme.
    """
    case, people, segments, rows = np.repeat(np.arange(4), SIZES), sum(SIZES), 60, 15
    rate = rng.beta(*share, (4, rows))
    truth = np.zeros((people, segments, rows), dtype=bool)
    for person, row in zip(*np.nonzero(rng.random((people, rows)) < rate[case]), strict=True):
        truth[person, rng.choice(segments, min(segments, 1 + rng.poisson(1.5)), replace=False), row] = True
    scores = rng.normal(0, 1, truth.shape) + np.array(shifts)[case][:, None, None] * truth
    return truth, scores + rng.normal(0, clustered, (people, 1, rows)) + rng.normal(0, clustered, (people, 1, 1))


def simulated(seed: int, studies: int, shift: float, clustered: float) -> Iterator[Replay]:
    """Yield studies; calibration and outlook of each come from 14 participants of a draw of their own."""
    for number in range(studies):
        yield simulated_study(np.random.default_rng([seed, number]), (shift,) * 4, clustered=clustered)


def simulated_study(
    rng: np.random.Generator,
    shifts: tuple[float, ...],
    *,
    clustered: float = 0.0,
    learned_from=(1.2, 1.2),
    share=(1.2, 1.2),
    confidence: float = 1.0,
) -> Replay:
    """Return one study; calibration and outlook come from 14 participants of a draw of their own.

    `learned_from` is the Beta of the share who describe a sub-theme among those, `share` the same in the study, and
    `confidence` a factor of the calibrated log odds there.
    """
    truth, scores = (x[: SIZES[0]] for x in draw(rng, (max(shifts),) * 4, clustered=clustered, share=learned_from))
    slope, shift_by = platt(scores.ravel(), truth.ravel())
    people, segments, rows = truth.shape
    owner = np.repeat(np.arange(people), segments)
    outlook = outlook_from(sigmoid(slope * scores + shift_by).reshape(-1, rows), truth.reshape(-1, rows), owner)
    truth, scores = draw(rng, shifts, clustered=clustered, share=share)
    return Replay(
        probability=sigmoid(confidence * (slope * scores + shift_by)).reshape(-1, rows),
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
    pairs = coded.sorted_pairs()
    describes = pairs.truth.any(1)
    rate = (describes.reshape(-1, rows).sum(0) + 1) / (people + 2)
    fitted = fit_outlook(pairs.probability, pairs.sizes, pairs.base, describes, np.tile(rate, people))
    shares = {str(row): float(share) for row, share in enumerate(probability.mean(0))}
    return replace(fitted, shares=shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """Segments coded by hand: table, truth of shape (segments, codes), codes, and the fold of every segment."""

    segments: pd.DataFrame
    truth: NDArray[np.bool_]
    codes: tuple[str, ...]
    folds: NDArray[np.int64]


@functools.cache
def coded_serdif() -> Coded:
    """Return the participants' segments of the real study, in the folds that come with it."""
    segments = [json.loads(line) for line in (SERDIF / "segments.jsonl").read_text(encoding="utf-8").splitlines()]
    segments = [s for s in segments if s["role"] == "participant"]
    with (SERDIF / "codebook.csv").open(encoding="utf-8") as file:
        codes = tuple(r["code_id"] for r in csv.DictReader(file) if r["code_id"] != "moderator-assist")
    with (SERDIF / "folds.csv").open(encoding="utf-8") as file:
        fold_of = {r["transcript_id"]: int(r["fold"]) for r in csv.DictReader(file)}
    rows = [
        {
            "segment": s["segment_id"],
            "transcript": s["transcript_id"],
            "participant": s["transcript_id"],
            "turn": s["order"],
            "order": s["order"],
            "start_char": s["start"],
            "end_char": s["end"],
            "text": s["text"],
            "question": s["prompt"] or "",
        }
        for s in segments
    ]
    return Coded(
        segments=SEGMENTS.check(pd.DataFrame(rows), source="serdif", sort=False),
        truth=np.array([[c in s["codes"] for c in codes] for s in segments]),
        codes=codes,
        folds=np.array([fold_of[s["transcript_id"]] for s in segments]),
    )


def serdif(groupings: int, *, stretches: bool) -> Iterator[Replay]:
    """Yield the real study in made-up groupings; every score is from a model that has not seen the transcript."""
    coded = coded_serdif()
    speaker = np.unique(coded.segments["transcript"], return_inverse=True)[1]
    owner = speaker
    if stretches:
        owner = stretches_of(speaker)
    probability, outlook = scored("serdif", owner)
    people, groups = owner.max() + 1, 4 if stretches else 3
    for seed in range(groupings):
        case = np.random.default_rng(seed).permutation(np.arange(people) % groups)
        yield Replay(probability=probability, truth=coded.truth, owner=owner, case=case, outlook=outlook)


def stretches_of(speaker: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return stretches of about `STRETCH` segments of one speaker each, as the number of every segment's stretch."""
    mine = [np.flatnonzero(speaker == p) for p in np.unique(speaker)]
    parts = [part for places in mine for part in np.array_split(places, max(1, round(len(places) / STRETCH)))]
    owner = np.zeros(len(speaker), dtype=int)
    for number, part in enumerate(parts):
        owner[part] = number
    return owner


@functools.cache
def coded_sample() -> Coded:
    """Return the segments of the invented sample study, and as truth what was planted in its transcripts."""
    from subtheme.segments import segment_transcript
    from subtheme.transcripts import read_transcripts

    planted = pd.read_csv(SAMPLE / "truth" / "planted.csv", keep_default_na=False)
    planted = planted[planted["kind"] == "supports"]
    codes = tuple(dict.fromkeys(pd.read_csv(SAMPLE / "truth" / "plan.csv")["sub_theme"]))
    spans: dict[str, list[tuple[int, int, list[str]]]] = {}
    for at in planted.itertuples():
        spans.setdefault(at.transcript, []).append((at.start_char, at.end_char, [at.sub_theme, at.also]))
    rows, truth = [], []
    for path in sorted((SAMPLE / "transcripts").iterdir()):
        transcript, who = read_transcripts(path)[0], path.stem
        for order, segment in enumerate(
            segment_transcript(transcript, participants={t.speaker: who for t in transcript.turns})
        ):
            carried = {
                code
                for start, end, given in spans.get(who, ())
                if 2 * (min(end, segment.end_char) - max(start, segment.start_char))
                >= min(end - start, segment.end_char - segment.start_char)
                for code in given
            }
            rows.append(
                {
                    "segment": f"{who}:{segment.start_char}-{segment.end_char}",
                    "transcript": who,
                    "participant": who,
                    "turn": order,
                    "order": order,
                    "start_char": segment.start_char,
                    "end_char": segment.end_char,
                    "text": segment.text,
                    "question": segment.question,
                }
            )
            truth.append([code in carried for code in codes])
    segments = SEGMENTS.check(pd.DataFrame(rows), source="sample", sort=False)
    people = np.unique(segments["participant"], return_inverse=True)[1]
    folds = np.random.default_rng(0).permutation(np.arange(people.max() + 1) % FOLDS)[people]
    return Coded(segments=segments, truth=np.array(truth), codes=codes, folds=folds)


def sample() -> Iterator[Replay]:
    """Yield the invented sample study with its own cases."""
    coded = coded_sample()
    people = pd.read_csv(SAMPLE / "participants.csv").set_index("participant")["case"]
    names, owner = np.unique(coded.segments["participant"], return_inverse=True)
    probability, outlook = scored("sample", owner)
    case = np.unique(people[names], return_inverse=True)[1]
    yield Replay(probability=probability, truth=coded.truth, owner=owner, case=case, outlook=outlook)


def scored(name: str, owner: NDArray[np.int64]) -> tuple[NDArray[np.float64], Outlook]:
    """Return probabilities from models that have not seen the transcript, and an outlook fitted on others."""
    coded = {"serdif": coded_serdif, "sample": coded_sample}[name]()
    probability, inner = cross_fitted(name)
    outlooks = []
    for fold, known in enumerate(inner):
        train = np.flatnonzero(coded.folds != fold)
        local = np.unique(owner[train], return_inverse=True)[1]
        outlooks.append(outlook_from(known, coded.truth[train], local))
    return probability, sorted(outlooks, key=lambda o: o.true_segments)[FOLDS // 2]


@functools.cache
def cross_fitted(name: str) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """Return calibrated probabilities of the product's learner, and for every fold those of its training segments.

    Every probability is from a model that has not seen the transcript; those of training segments are from its inner
    folds. A code with too little evidence to be learned has the share of the training segments that carry it.
    """
    from subtheme.classifier.training import train
    from subtheme.classifier.training_set import Evidence, TrainingSet
    from subtheme.embeddings import VectorCache, embed_segments, load_encoder

    coded = {"serdif": coded_serdif, "sample": coded_sample}[name]()
    cache = VectorCache(Path(tempfile.gettempdir()) / "subtheme-benchmarks")
    vectors = embed_segments(coded.segments, encoder=load_encoder("all-MiniLM-L6-v2"), cache=cache)
    people = coded.segments["participant"].to_numpy(dtype=object)
    probability, inner = np.zeros(coded.truth.shape), []
    for fold in range(FOLDS):
        print(f"  {name}: model {fold + 1} of {FOLDS}", file=sys.stderr)
        known, new = np.flatnonzero(coded.folds != fold), np.flatnonzero(coded.folds == fold)
        truth = coded.truth[known]
        evidence = tuple(
            Evidence(code=c, segments=int(held.sum()), participants=people_held, groups=people_held)
            for c, held in zip(coded.codes, truth.T, strict=True)
            for people_held in [len(set(people[known][held]))]
        )
        kept = [i for i, e in enumerate(evidence) if e.suffices]
        data = TrainingSet(
            segments=coded.segments.iloc[known].reset_index(drop=True),
            codes=tuple(coded.codes[i] for i in kept),
            Y=truth[:, kept].astype(np.float64),
            counters=np.zeros((len(known), len(kept)), dtype=bool),
            groups=people[known],
            evidence=evidence,
            notes=(),
        )
        result = train(data, vectors, flat_codebook(coded.codes), level="sub-theme", name="replayed")
        within, outside = (np.tile(truth.mean(0), (len(x), 1)) for x in (known, new))
        unseen = coded.segments.iloc[new].reset_index(drop=True)
        outside[:, kept] = result.model.weights.probabilities(result.model.features(unseen, vectors))
        wide = result.out_of_fold.pivot(index="segment", columns="code", values="probability")
        within[:, kept] = wide.loc[data.segments["segment"], list(data.codes)].to_numpy()
        probability[new] = outside
        inner.append(within)
    return probability, inner


def flat_codebook(codes: tuple[str, ...]) -> Codebook:
    """Return a codebook of one theme."""
    entries = "".join(f'[[code.code]]\nid = "{c}"\nname = "{c}"\n' for c in codes)
    text = f'format = "subtheme-codebook/1"\n[[code]]\nid = "everything"\nname = "Everything"\n{entries}'
    return Codebook.from_toml(text, where="benchmark")
