"""Proposals: what a model says of segments, with the evidence for it."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.classifier import ThemeModel
from subtheme.embeddings import CodeVectors, SegmentVectors
from subtheme.nouns import PROPOSALS, SEGMENT_CODES, Codebook, Direction, Judgements, Origin, Value

FLOOR = 0.02
"""Pairs of a lower probability are not kept, unless they are among a participant's best for the code."""
KEPT_PER_PARTICIPANT = 20
"""Best segments per (participant, code) that are always kept, so that a review has something to look at."""
_NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedExcerpts:
    """Manually coded segments that proposals are compared with.

    Attributes
    ----------
    codes : pandas.DataFrame
        Checked by `SEGMENT_CODES`, rolled up to the level of the model.
    vectors : SegmentVectors
        Of all segments of the study.
    """

    codes: pd.DataFrame
    vectors: SegmentVectors


def propose(
    model: ThemeModel, segments: pd.DataFrame, vectors: SegmentVectors, *, coded: CodedExcerpts, version: str
) -> pd.DataFrame:
    """Return the proposals of `model` for `segments`.

    Kept are pairs (segment, code) with a probability of at least `FLOOR`, and the best segments of every
    (participant, code). What reaches the code's threshold carries evidence: the three nearest coded excerpts with
    their cosines, the nearest counter-example (where there is none, the nearest excerpt that was coded otherwise), and
    the words that raised the score.

    Parameters
    ----------
    model : ThemeModel
    segments : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`; whole transcripts.
    vectors : SegmentVectors
    coded : CodedExcerpts
    version : str
        Name and hash of the model, stored with every proposal.

    Returns
    -------
    pandas.DataFrame
        Checked by `subtheme.nouns.PROPOSALS`.

    Raises
    ------
    ModelError
        If the vectors are of another encoder than the model's.
    """
    features = model.features(segments, vectors)
    probabilities = model.weights.probabilities(features)
    kept = (probabilities >= FLOOR) | _among_best(probabilities, segments["participant"].to_numpy(dtype=str))
    own = vectors.text[vectors.rows(segments["segment"])]
    ids = segments["segment"].to_numpy(dtype=str)
    rows: list[dict[str, Any]] = []
    for column, code in enumerate(model.codes):
        threshold = float(model.weights.thresholds[column])
        examples = _of_code(coded, code, Direction.SUPPORTS)
        counters = _of_code(coded, code, Direction.COUNTERS)
        others = _coded_otherwise(coded, examples[0])
        for row in np.flatnonzero(kept[:, column]):
            probability = float(probabilities[row, column])
            evidence: dict[str, Any] = {}
            if probability >= threshold:
                evidence = {
                    "nearest": _nearest(own[row], ids[row], examples, most=_NEAREST),
                    "counter_example": _nearest(own[row], ids[row], counters, most=1),
                    "coded_otherwise": [] if len(counters[0]) else _nearest(own[row], ids[row], others, most=1),
                    "words": list(model.moving_words(features, row=int(row), code=code)),
                }
            rows.append(
                {
                    "segment": ids[row],
                    "code": code,
                    "probability": round(probability, 6),
                    "threshold": round(threshold, 6),
                    "model": version,
                    "evidence": json.dumps(
                        {k: v for k, v in evidence.items() if v}, sort_keys=True, ensure_ascii=False
                    ),
                }
            )
    return PROPOSALS.check(pd.DataFrame(rows, columns=list(PROPOSALS.names)), source="proposals")


def not_learned(
    codes: tuple[str, ...],
    segments: pd.DataFrame,
    vectors: SegmentVectors,
    descriptions: CodeVectors,
    *,
    most: int = 20,
) -> pd.DataFrame:
    """Rank segments for codes that have too little evidence, by what the codebook says of them.

    It is a ranking for reading, marked "not learned yet": a cosine is no probability, and nothing is proposed.

    Returns
    -------
    pandas.DataFrame
        Columns code, rank (from 1), segment, similarity; at most `most` rows per code.
    """
    own = vectors.text[vectors.rows(segments["segment"])]
    ids = segments["segment"].to_numpy(dtype=str)
    rows = []
    for code in codes:
        similarity = own @ descriptions.description[descriptions.codes.index(code)]
        for rank, row in enumerate(np.argsort(-similarity, kind="stable")[:most], start=1):
            rows.append({"code": code, "rank": rank, "segment": ids[row], "similarity": float(similarity[row])})
    return pd.DataFrame(rows, columns=["code", "rank", "segment", "similarity"])


def coded_segments(judgements: Judgements, codebook: Codebook, *, level: str) -> pd.DataFrame:
    """Return what counts of the codes at `level` on segments, supporting or not, checked by `SEGMENT_CODES`."""
    codes = [c.id for c in codebook.at_level(level)]
    value = judgements.together[:, [judgements.number_of(code) for code in codes]]
    names = judgements.segments["segment"].to_numpy(dtype=object)
    rows = [
        (str(names[segment]), codes[code], "together", direction.value, Origin.BLIND.value)
        for held, direction in ((Value.PRESENT, Direction.SUPPORTS), (Value.COUNTER, Direction.COUNTERS))
        for segment, code in zip(*np.nonzero(value == held), strict=True)
    ]
    return SEGMENT_CODES.check(pd.DataFrame(rows, columns=list(SEGMENT_CODES.names)), source="judgements")


def _among_best(probabilities: npt.NDArray[np.float64], participants: npt.NDArray[np.str_]) -> npt.NDArray[np.bool_]:
    kept = np.zeros(probabilities.shape, dtype=bool)
    for person in np.unique(participants):
        rows = np.flatnonzero(participants == person)
        best = np.argsort(-probabilities[rows], axis=0, kind="stable")[:KEPT_PER_PARTICIPANT]
        for column in range(probabilities.shape[1]):
            kept[rows[best[:, column]], column] = True
    return kept


def _of_code(
    coded: CodedExcerpts, code: str, direction: Direction
) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.float32]]:
    """Return ids and vectors of the segments that were coded with `code` in `direction`."""
    chosen = coded.codes[(coded.codes["code"] == code) & (coded.codes["direction"] == direction.value)]
    ids = chosen["segment"].drop_duplicates()
    return ids.to_numpy(dtype=str), coded.vectors.text[coded.vectors.rows(ids)]


def _coded_otherwise(
    coded: CodedExcerpts, examples: npt.NDArray[np.str_]
) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.float32]]:
    """Return ids and vectors of the coded segments that are no `examples` of a code."""
    ids = coded.codes["segment"].drop_duplicates()
    ids = ids[~ids.isin(examples)]
    return ids.to_numpy(dtype=str), coded.vectors.text[coded.vectors.rows(ids)]


def _nearest(
    vector: npt.NDArray[np.float32],
    segment: str,
    examples: tuple[npt.NDArray[np.str_], npt.NDArray[np.float32]],
    *,
    most: int,
) -> list[dict[str, Any]]:
    ids, vectors = examples
    if not len(ids):
        return []
    similarity = vectors @ vector
    order = [i for i in np.argsort(-similarity, kind="stable")[: most + 1] if ids[i] != segment][:most]
    return [{"segment": str(ids[i]), "similarity": round(float(similarity[i]), 4)} for i in order]
