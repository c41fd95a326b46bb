"""The coded corpora as tasks for a learner: texts, codes, participants, and the folds that are fixed for them."""

import csv
import json
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.classifier.described import described_weights
from subtheme.classifier.folds import linked_groups
from subtheme.classifier.known_features import CountedSet
from subtheme.embeddings import CodeVectors, Encoder, SegmentVectors, VectorCache, embed, embed_segments, load_encoder
from subtheme.nouns import SEGMENTS

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
_NOT_THEMES = ("labelling-not-possible", "not-assigned")
_FEWEST_COMMENTS = 20


def _cache() -> VectorCache:
    return VectorCache(Path(tempfile.gettempdir()) / "subtheme-benchmark-vectors")


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """One corpus, ready for learning.

    Attributes
    ----------
    name : str
    segments : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`.
    codes : tuple of str
    descriptions : tuple of str
        What the codebook says of every code: its name, and its description where it has one.
    Y : numpy.ndarray
        Shape (segments, codes).
    folds : numpy.ndarray
        Fixed fold of every segment.
    encoder : Encoder, optional
        For the vectors; by default the packaged model.
    cache : VectorCache, optional
        Where vectors are kept between runs; None keeps them nowhere, so that engines do not serve each other.
    """

    name: str
    segments: pd.DataFrame
    codes: tuple[str, ...]
    descriptions: tuple[str, ...]
    Y: npt.NDArray[np.float64]
    folds: npt.NDArray[np.int64]
    encoder: Encoder = field(default_factory=load_encoder)
    cache: VectorCache | None = field(default_factory=_cache)

    @cached_property
    def vectors(self) -> SegmentVectors:
        """Vectors of all segments, kept between runs."""
        return embed_segments(self.segments, encoder=self.encoder, cache=self.cache)

    @cached_property
    def plain_vectors(self) -> SegmentVectors:
        """Vectors by the packaged model alone, which peers are given."""
        return embed_segments(self.segments, encoder=load_encoder(), cache=self.cache)

    @cached_property
    def counted(self) -> CountedSet:
        """Segments with their terms counted."""
        return CountedSet.of(self.segments, self.vectors)

    @cached_property
    def described(self) -> npt.NDArray[np.float64]:
        """Weights that the codebook's descriptions give, shape (dense columns, codes)."""
        told = CodeVectors(
            codes=self.codes,
            description=embed(self.descriptions, encoder=self.encoder, cache=self.cache),
            fingerprint=self.encoder.fingerprint,
        )
        return described_weights(told, self.vectors, self.codes, columns=self.counted.dense.shape[1])

    @cached_property
    def groups(self) -> npt.NDArray[np.object_]:
        """Participant of every segment."""
        frame = self.segments
        return linked_groups(frame["participant"].to_numpy(dtype=object), frame["transcript"].to_numpy(dtype=object))

    @cached_property
    def people(self) -> npt.NDArray[np.int64]:
        """Number of the participant of every segment."""
        return np.unique(self.segments["participant"].to_numpy(dtype=str), return_inverse=True)[1]


def serdif_excerpts() -> Task:
    """Return the highlighted passages of seventeen interviews; context is the passages around and the last prompt."""
    corpus = CORPORA / "serdif-usability"
    found: dict[tuple[str, int, int], tuple[str, set[str]]] = {}
    for row in rows_in(corpus / "codings.csv"):
        place = (row["transcript_id"], int(row["start"]), int(row["end"]))
        found.setdefault(place, (row["text"].replace(" ⏎ ", "\n"), set()))[1].add(row["code_id"])
    prompts: dict[str, list[tuple[int, str]]] = {}
    for segment in _segments(corpus):
        prompts.setdefault(segment["transcript_id"], []).append((segment["start"], segment["prompt"]))
    rows, codes = [], []
    for (transcript, start, end), (text, held) in sorted(found.items()):
        before = [prompt for at, prompt in prompts[transcript] if at <= start]
        rows.append(segment_row(who=transcript, start=start, end=end, text=text, question=before[-1] if before else ""))
        codes.append(held)
    return _task("serdif_excerpts", rows, codes, corpus=corpus, key="transcript_id")


def serdif_segments() -> Task:
    """Return every paragraph that an interviewee spoke, coded or not, with the prompt before it."""
    corpus = CORPORA / "serdif-usability"
    rows, codes = [], []
    for segment in _segments(corpus):
        if segment["role"] == "participant":
            rows.append(
                segment_row(
                    who=segment["transcript_id"],
                    start=segment["start"],
                    end=segment["end"],
                    text=segment["text"],
                    question=segment["prompt"],
                )
            )
            codes.append(set(segment["codes"]) - {"moderator-assist"})
    return _task("serdif_segments", rows, codes, corpus=corpus, key="transcript_id")


def nhs_fft() -> Task:
    """Return patient comments without repeats; a respondent's comments stand in one another's context.

    A comment repeats another where they differ in capitals and in full stops at the ends only. Codes of fewer than
    twenty comments are left out, the comments that hold no other stay.
    """
    corpus = CORPORA / "nhs-fft"
    seen: set[str] = set()
    kept = []
    for row in rows_in(corpus / "comments.csv"):
        text, codes = row["text"].lower().strip(" .!"), set(row["codes"].split(";")) - set(_NOT_THEMES)
        if text not in seen and codes:
            kept.append((row, codes))
        seen.add(text)
    counts = Counter(code for _, codes in kept for code in codes)
    used = {code for code, count in counts.items() if count >= _FEWEST_COMMENTS}
    rows, held = [], []
    place: Counter[str] = Counter()
    for row, codes in sorted(kept, key=lambda one: one[0]["respondent_id"]):
        who, start = row["respondent_id"], place[row["respondent_id"]]
        end = start + len(row["text"])
        rows.append(segment_row(who=who, start=start, end=end, text=row["text"], question=row["question"]))
        held.append(codes & used)
        place[who] = end + 1
    return _task("nhs_fft", rows, held, corpus=corpus, key="respondent_id")


def _task(name: str, rows: list[dict[str, Any]], held: list[set[str]], *, corpus: Path, key: str) -> Task:
    codes = tuple(sorted(set().union(*held)))
    folds = {row[key]: int(row["fold"]) for row in rows_in(corpus / "folds.csv")}
    told = {row["code_id"]: (row["code"], row.get("description")) for row in rows_in(corpus / "codebook.csv")}
    orders: Counter[str] = Counter()
    for row in rows:
        row["order"] = row["turn"] = orders[row["transcript"]]
        orders[row["transcript"]] += 1
    return Task(
        name=name,
        segments=SEGMENTS.check(pd.DataFrame(rows), source=name),
        codes=codes,
        descriptions=tuple(". ".join(part for part in told[code] if part) for code in codes),
        Y=np.array([[float(code in some) for code in codes] for some in held]),
        folds=np.array([folds[row["participant"]] for row in rows]),
    )


def segment_row(*, who: str, start: int, end: int, text: str, question: str) -> dict[str, Any]:
    return {
        "segment": f"{who}:{start}-{end}",
        "transcript": who,
        "participant": who,
        "start_char": start,
        "end_char": end,
        "text": text,
        "question": question,
    }


def rows_in(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _segments(corpus: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (corpus / "segments.jsonl").read_text(encoding="utf-8").splitlines()]


def smallest(task: Task) -> Task:
    """Return every fourth unit of a corpus with its three most frequent codes: enough to see that learning works."""
    rows, columns = np.arange(0, len(task.Y), 4), np.sort(np.argsort(-task.Y.sum(axis=0), kind="stable")[:3])
    return replace(
        task,
        segments=task.segments.iloc[rows].reset_index(drop=True),
        codes=tuple(task.codes[i] for i in columns),
        descriptions=tuple(task.descriptions[i] for i in columns),
        Y=task.Y[np.ix_(rows, columns)],
        folds=task.folds[rows],
    )
