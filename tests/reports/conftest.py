"""A made-up study with everything that a report can show."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from subtheme.nouns import CODINGS, SEGMENTS, Codebook
from subtheme.reports import Progress, ReportContent
from subtheme.scoring import score

CANARY = "zygodactyl"
"""A word that stands in every place where an interview may be quoted, and nowhere else."""

SIZES = {"MHO1": 14, "CO1": 5, "PDO1": 8, "HO1": 13}
LEVELS = ("front-line-worker", "front-line-worker", "front-line-manager", "senior-manager")
SPOKEN = (
    "My week follows hers now, {} and the rota comes after that.",
    "It is the family who say {} what they want, and we fit round it.",
    "No, that was always so; {} nobody asked the customer.",
)


@pytest.fixture(scope="session")
def canary() -> str:
    return CANARY


@pytest.fixture(scope="session")
def cob(root) -> Codebook:
    return Codebook.read(root / "configs" / "cob.codebook.toml")


@pytest.fixture(scope="session")
def book(cob) -> Codebook:
    """The codebook with a quoted example on every code."""
    return replace(cob, codes=tuple(replace(c, examples=(f"an example with {CANARY}",)) for c in cob.codes))


@pytest.fixture(scope="session")
def people() -> pd.DataFrame:
    rows = [
        {"participant": f"{case}-{i:02}", "case": case, "level": LEVELS[i % len(LEVELS)]}
        for case, size in SIZES.items()
        for i in range(1, size + 1)
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="session")
def segments(people) -> pd.DataFrame:
    rows = []
    for person in people["participant"]:
        for order, words in enumerate(SPOKEN):
            text, start = words.format(CANARY), 200 * order
            rows.append(
                {
                    "segment": f"{person}:{start}-{start + len(text)}",
                    "transcript": person,
                    "participant": person,
                    "turn": order,
                    "order": order,
                    "start_char": start,
                    "end_char": start + len(text),
                    "text": text,
                    "question": f"And {CANARY}?",
                }
            )
    return SEGMENTS.check(pd.DataFrame(rows), source="segments")


@pytest.fixture(scope="session")
def codings(people, segments, book) -> pd.DataFrame:
    """Codings drawn with a fixed seed: some rare sub-themes, some codes below them, some counter-examples."""
    rng = np.random.default_rng(7)
    rows = []
    by_person = {p: g.reset_index(drop=True) for p, g in segments.groupby("participant")}
    for number, code in enumerate(c for c in book.at_level("sub-theme") if not c.placeholder):
        below = book.children(code.id)
        for person in people["participant"]:
            if rng.random() < 0.2 + 0.05 * number:
                place = by_person[person].iloc[int(rng.integers(0, 3))]
                rows.append(
                    {
                        "participant": person,
                        "code": below[0].id if below and rng.random() < 0.3 else code.id,
                        "coder": "ada" if rng.random() < 0.8 else "ben",
                        "origin": "blind" if rng.random() < 0.6 else "assisted",
                        "direction": "counters" if place["order"] == 2 and rng.random() < 0.5 else "supports",
                        "transcript": place["transcript"],
                        "start_char": place["start_char"],
                        "end_char": place["end_char"],
                        "memo": f"think of {CANARY}",
                    }
                )
    return CODINGS.check(pd.DataFrame(rows), source="codings")


@pytest.fixture(scope="session")
def agreement(book) -> dict[str, Any]:
    rows = [
        {
            "code": code.id,
            "name": code.name,
            "theme": code.parent,
            "n": 300,
            "used": [30 - 2 * i, 28 - 2 * i],
            "used_by_any": 34 - 2 * i,
            "used_by_all": 24 - 2 * i if i < 12 else 0,
            "prevalence": 0.1 - i / 200,
            "percent": 0.97,
            "positive": 0.8,
            "negative": 0.98,
            "alpha": None if i == 11 else 0.9 - i * 0.11,
            "kappa": 0.7,
            "ac1": 0.95,
            "interval": {
                "low": None if i in {3, 11} else 0.8 - i * 0.13,
                "high": None if i in {3, 11} else 0.95 - i * 0.06,
                "indicative": i == 2,
            },
            "flags": ["prevalence"] if i == 1 else ["bias"] if i == 2 else [],
            "reason": "all ratings are in one category, so there is nothing to tell apart" if i == 11 else "",
            "is_rare": i > 12,
        }
        for i, code in enumerate(book.at_level("sub-theme"))
    ]
    overall = {"name": "mean alpha over codes", "value": 0.41, "interval": {"low": 0.3, "high": 0.52}, "reason": ""}
    level = {
        "level": "sub-theme",
        "unit": "segment",
        "coders": ["ada", "ben"],
        "units": 300,
        "codes": rows,
        "macro": overall,
        "pooled": overall | {"name": "alpha over all judgements"},
        "verdicts": ["Not shown to reach .667: Wages."],
        "remarks": [],
    }
    flips = [
        {
            "case": "CO1",
            "code": "wages",
            "name": "Wages",
            "theme": "Terms and conditions",
            "participants": 5,
            "described_first": 3,
            "described_second": 2,
            "present_first": True,
            "present_second": False,
            "flipped": True,
            "votes_first": 1,
            "votes_second": 1,
        }
    ]
    cells = {
        "first": "ada",
        "second": "ben",
        "level": "sub-theme",
        "cells": 60,
        "flipped": 1,
        "shift": -1,
        "table": flips,
        "totals": [{"total": "overall", "of": "", "cells": 60, "first": 20, "second": 19, "shift": -1, "flipped": 1}],
        "remarks": ["Not all participants were judged by both (CO1: 5 of 9)."],
        "reason": "",
    }
    people = {
        "coders": ["ada", "ben"],
        "kind": "coders",
        "title": "ada and ben",
        "levels": [level],
        "sets": overall | {"name": "alpha over sets, jaccard"},
        "cells": [cells],
        "matrix": [],
        "replacements": [{"first_name": "Wages", "second_name": "Working time", "segments": 2}],
    }
    blind = {
        "kind": "blind",
        "heading": "Inter-coder reliability (blind codings)",
        "reason": "",
        "comparisons": [people],
        "models": [],
        "reference": [],
        "disagreements": [
            {"segment": "x", "code": "wages", "coded_by_ada": "present", "coded_by_ben": "absent", "text": CANARY}
        ],
    }
    return {
        "paragraph": "Two coders read 12 of 40 interviews independently.",
        "blind": blind,
        "assisted": None,
        "beside": [],
        "method_note": "Computed with care.\n\nKrippendorff (2019).",
    }


@pytest.fixture(scope="session")
def evaluation(book) -> dict[str, Any]:
    return {
        "words": "Evaluated on blind codings of 40 participants in 5 folds.",
        "overall": [{"name": "macro average precision", "value": 0.52, "low": 0.47, "high": 0.57}],
        "codes": [
            {
                "code": code.id,
                "excerpts": 40 - i,
                "participants": 20 - i,
                "average_precision": {"value": 0.7 - i / 40, "low": 0.6 - i / 40, "high": 0.8 - i / 40},
                "f1": 0.5,
                "recall_at_k": 0.9,
                "terms": [CANARY],
            }
            for i, code in enumerate(book.at_level("sub-theme"))
        ],
        "calibration": [{"predicted": x / 10 + 0.05, "observed": x / 11 + 0.03, "count": 900 >> x} for x in range(9)],
        "learning_curve": [
            {"participants": n, "value": 0.6 - 1 / n, "low": 0.55 - 1 / n, "high": 0.65 - 1 / n}
            for n in (5, 10, 20, 40)
        ],
        "stop_hint": "From 20 to 40 participants it rose by 0.03.",
        "confusion": [{"code": "wages", "taken_for": "working-time", "count": 4}],
        "by_attribute": [
            {
                "attribute": "level",
                "value": level,
                "participants": 20,
                "f1": 0.4,
                "presences": 31,
                "presences_missed": 7,
                "presences_invented": 2,
            }
            for level in ("front-line-worker", "manager")
        ],
        "left_out": [{"case": "HO1", "macro_average_precision": 0.41, "codes": 12}],
        "examples": [f"words with {CANARY}"],
    }


@pytest.fixture(scope="session")
def content(people, segments, codings, book, agreement, evaluation) -> ReportContent:
    """Return the whole study; a third of its participants has not been read."""
    readings = pd.DataFrame({"participant": people["participant"][: len(people) - 10]})
    table = score(codings, people, book, readings=readings, cases=list(SIZES), synthetic=True)
    return ReportContent(
        study="Customers & employment",
        table=table,
        codebook=book,
        codings=codings,
        segments=segments,
        progress=Progress(
            transcripts=40,
            transcripts_read=30,
            segments=120,
            segments_decided=44,
            proposals=61,
            verdicts={"accept": 30, "reject": 14},
            retracted=1,
            audit_segments=40,
            audit_found=2,
        ),
        agreement=agreement,
        evaluation=evaluation,
        model={"name": "first", "participants": 40, "encoder": "minilm", "terms": {CANARY: 1.0}, "codes": {"wages": 9}},
        manifest={
            "versions": {"subtheme": "0.1.0"},
            "texts": {"MHO1-01": "a" * 64},
            "settings": {"level": "sub-theme"},
        },
    )


@pytest.fixture(scope="session")
def bare(people, segments, book) -> ReportContent:
    """Return a study in which nothing has been done."""
    codings = CODINGS.check(pd.DataFrame({"participant": [], "code": []}, dtype=str), source="codings")
    table = score(codings, people, book)
    return ReportContent(study="", table=table, codebook=book, codings=codings, segments=segments)


@pytest.fixture
def renamed(people, segments, codings, book) -> Callable[[str], ReportContent]:
    """Return a maker of a study whose every name, id and word is `text` or holds it."""

    def make(text: str) -> ReportContent:
        named = replace(
            book,
            title=text,
            codes=tuple(replace(c, name=text, definition=text) for c in book.codes),
            levels=book.levels,
        )
        who = {p: f"{text} {p}" for p in people["participant"]}
        crowd = people.assign(participant=people["participant"].map(who), case=text + " " + people["case"], level=text)
        spoken = segments.assign(
            participant=segments["participant"].map(who), text=text + " " + segments["text"], question=text
        )
        marks = codings.assign(participant=codings["participant"].map(who), coder=text, memo=text)
        return ReportContent(
            study=text,
            table=score(marks, crowd, named),
            codebook=named,
            codings=marks,
            segments=spoken,
            agreement={"paragraph": text},
            evaluation={"words": text},
            model={"name": text},
            manifest={text: {text: [text]}},
        )

    return make
