"""A large invented study for the benchmarks of the review page, and the ways to start what they need."""

import random
import sys
from pathlib import Path

import pandas as pd

from subtheme.files import StudyFolder, create_study, open_study, read_all, read_roster, take_in
from subtheme.nouns import PROPOSALS

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the tests' servers and browser serve here as well

_WORDS = [
    "the",
    "rota",
    "changed",
    "again",
    "and",
    "nobody",
    "asked",
    "us",
    "so",
    "I",
    "do",
    "seven",
    "till",
    "ten",
    "and",
    "then",
    "four",
    "till",
    "nine",
    "my",
    "manager",
    "cut",
    "the",
    "morning",
    "visit",
    "and",
    "said",
    "that",
    "the",
    "budget",
    "had",
    "gone",
    "she",
    "paid",
    "for",
    "the",
    "training",
    "day",
    "out",
    "of",
    "her",
    "own",
    "pocket",
    "which",
    "was",
    "kind",
]


def large_study(folder: Path, *, interviews: int, turns: int, proposals: int, seed: int = 1) -> StudyFolder:
    """Return a study of `interviews` x `turns` turns with `proposals` proposals, all over their threshold."""
    rng = random.Random(seed)
    texts = folder / "interviews"
    texts.mkdir(parents=True)
    roster = ["participant,case,level"]
    for number in range(interviews):
        name = f"P{number:02d}"
        lines = []
        for turn in range(turns // 2):
            lines.append(f"Interviewer: And what happened then, number {turn}?")
            lines.append(f"{name}: {' '.join(rng.choices(_WORDS, k=rng.randint(20, 60)))}.")
        (texts / f"{name}.txt").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
        roster.append(f"{name},C{number % 4},worker")
    (folder / "participants.csv").write_text("\n".join(roster) + "\n", encoding="utf-8")
    codebook = ROOT / "configs" / "cob.codebook.toml"
    made = create_study(folder / "study", codebook=codebook, name="Large (SYNTHETIC)", synthetic=True)
    settings = made.path / "study.toml"
    settings.write_text(settings.read_text().replace('strategy = "unit"', 'strategy = "turn"'), encoding="utf-8")
    study = open_study(made.path)
    take_in(study, read_all([texts]), read_roster(folder / "participants.csv"))
    codes = [c.id for c in study.codebook.at_level("sub-theme")]
    with study.store() as store, store.writing():
        store.replace_proposals(_proposals(store.segments(), codes, count=proposals, rng=rng))
    return study


def _proposals(segments: pd.DataFrame, codes: list[str], *, count: int, rng: random.Random) -> pd.DataFrame:
    names = list(segments["segment"])
    each, rest = divmod(count, len(names))
    rows = [
        {
            "segment": segment,
            "code": code,
            "probability": round(rng.uniform(0.41, 0.97), 4),
            "threshold": 0.4,
            "model": "m1",
        }
        for position, segment in enumerate(names)
        for code in rng.sample(codes, min(len(codes), each + (position < rest)))
    ]
    return PROPOSALS.check(pd.DataFrame(rows), source="invented")


def percentile(values: list[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]
