"""A small study with two people and a model, built from what each of them said."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from small_study import outline_book

from subtheme.judgements import judgements_of_tables
from subtheme.nouns import PROPOSALS, Codebook, Judgements

BOOK = outline_book(
    """
working-conditions: Working conditions
  working-time: Working time
    split-shifts: Split shifts
  wages: Wages
organisation: Organisation
  teams: Self-managing teams
""",
    levels=["theme", "sub-theme", "code", "detail"],
)


@dataclass(frozen=True)
class SmallStudy:
    """Tables of a study; `coded` holds what people said, `proposals` what a model does."""

    segments: pd.DataFrame
    coded: pd.DataFrame
    readings: pd.DataFrame
    participants: pd.DataFrame
    codebook: Codebook
    proposals: pd.DataFrame

    @property
    def judgements(self) -> Judgements:
        return judgements_of_tables(self.segments, self.coded, self.readings, self.codebook)

    def tables(self) -> tuple[Judgements, pd.DataFrame, pd.DataFrame, Codebook]:
        return self.judgements, self.segments, self.participants, self.codebook

    def adding(self, rows: list[tuple[str, str, str, str, str]]) -> "SmallStudy":
        added = pd.DataFrame(rows, columns=list(self.coded.columns))
        return replace(self, coded=pd.concat([self.coded, added], ignore_index=True))


def codebook() -> Codebook:
    return Codebook.from_toml(BOOK, where="test")


def small_study(
    *,
    transcripts: int = 14,
    segments: int = 20,
    coders: tuple[str, ...] = ("Ann", "Ben"),
    model: str | None = None,
    seed: int = 3,
    sensitivity: float = 0.8,
) -> SmallStudy:
    """Return a study in which each coder sees most of what is there, and little else."""
    random = np.random.default_rng(seed)
    rows = [
        (f"T{t:02d}:{s}", f"T{t:02d}", f"P{t:02d}", s, s, 10 * s, 10 * s + 9, f"CANARY {t} {s}", "CANARY question")
        for t in range(transcripts)
        for s in range(segments)
    ]
    columns = ["segment", "transcript", "participant", "turn", "order", "start_char", "end_char", "text", "question"]
    table = pd.DataFrame(rows, columns=columns)
    coded, proposed = [], []
    for code in ("working-time", "split-shifts", "wages", "teams"):
        there = random.random(len(table)) < 0.15
        for coder in (*coders, *((model,) if model else ())):
            seen = np.where(there, random.random(len(table)) < sensitivity, random.random(len(table)) < 0.02)
            if coder == model:
                odds = np.where(seen, 0.9, 0.1).tolist()
                proposed += [(s, code, p, 0.5, model, "{}") for s, p in zip(table["segment"], odds, strict=True)]
            else:
                coded += [(s, code, coder, "supports", "blind") for s in table["segment"][seen]]
    names = [f"T{t:02d}" for t in range(transcripts)]
    return SmallStudy(
        segments=table,
        coded=pd.DataFrame(coded, columns=["segment", "code", "coder", "direction", "origin"]),
        readings=pd.DataFrame([(c, t) for c in coders for t in names], columns=["coder", "transcript"]),
        participants=pd.DataFrame(
            [(f"P{t:02d}", f"HO{t % 3}", "") for t in range(transcripts)], columns=["participant", "case", "level"]
        ),
        codebook=codebook(),
        proposals=pd.DataFrame(proposed, columns=list(PROPOSALS.names)),
    )


@pytest.fixture
def study() -> SmallStudy:
    return small_study()


@pytest.fixture
def make_study() -> Callable[..., SmallStudy]:
    return small_study
