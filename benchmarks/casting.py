"""What each piece of evidence on who asks should weigh: fitted on judged talks, and tried on languages left out.

    python benchmarks/casting.py [--json]

The talks are the invented interviews of the tests, under every pair of their labels, whole and cut short, begun by
either side, under labels that the talk belies, as groups, and groups of peers in which nobody asks; beside them the sessions of the SERDIF corpus under
names, where the corpus lies beside the checkout. The model is a conditional logit over the assignments of each talk,
with a ridge. Prints the weights on all talks, and, with each language left out in turn, how many talks are right, asked,
and wrong though clear.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from subtheme.transcripts import read_transcripts
from subtheme.transcripts.casting import ANOTHER, CLEARLY, NOBODY, WEIGHTS, assignments_of
from subtheme.transcripts.evidence import EVIDENCE
from subtheme.transcripts.talk import talks_of

ROOT = Path(__file__).resolve().parents[1]
RIDGE = 0.005
NAMES = [*EVIDENCE, "nobody", "another"]


@dataclass(frozen=True)
class Example:
    """A talk: what every assignment has of each evidence, and which assignment is right."""

    group: str
    features: np.ndarray
    right: int


def example(turns: Sequence[tuple[str, str]], asking: set[str], group: str) -> Example:
    talks = list(talks_of(turns).values())
    rows: list[list[float]] = []
    right = -1
    for who in assignments_of(talks):
        sums = [
            sum(e(t, [o for o in talks if o is not t]) for t in talks if t.speaker in who) for e in EVIDENCE.values()
        ]
        if who == asking:
            right = len(rows)
        rows.append([*sums, float(not who), float(max(len(who) - 1, 0))])
    assert right >= 0, (group, asking)
    return Example(group=group, features=np.array(rows), right=right)


def talks() -> list[Example]:
    sys.path.insert(0, str(ROOT / "tests"))
    from transcripts.dialogues import DIALOGUES

    found = []
    for d in DIALOGUES:
        for one, two in (*d.labels, ("Ada", "Ben"), ("Speaker 1", "Speaker 2")):
            turns = [(one if side == "ask" else two, words) for side, words in d.turns]
            found += [example(cut, {one}, d.language) for cut in (turns, turns[:4], turns[1:], turns[:2])]
            people = cycle((two, "Cy Lund", "Dora"))
            group = [(one if side == "ask" else next(people), words) for side, words in d.turns]
            found.append(example(group, {one}, d.language))
        told = [(d.labels[0][n % 2], words) for n, words in enumerate(d.answers * 2)]
        # Where the talk says nothing, the label decides; against the talk, a whole word does and initials do not.
        found.append(example(told, {d.labels[0][0]}, d.language))
        found.append(
            example([("I", w) if n % 2 == 0 else ("B", w) for n, (_, w) in enumerate(told)], {"I"}, d.language)
        )
        crossed = [(d.labels[0][side == "ask"], words) for side, words in d.turns]
        found.append(example(crossed, {d.labels[0][0]}, d.language))
        found.append(example([("I" if s == "answer" else "K", w) for s, w in d.turns], {"K"}, d.language))
        peers = [(name, words) for name, words in zip(cycle(("Ann", "Bo", "Cy")), d.answers * 2, strict=False)]
        found.append(example(peers, set(), d.language))
    sessions = ROOT.parent / "shared" / "corpora" / "serdif-usability" / "transcripts"
    for path in sorted(sessions.glob("*.txt")) if sessions.is_dir() else []:
        (transcript,) = read_transcripts(path)
        turns = [((t.speaker and "Dan") or "Kim", transcript.words(t)) for t in transcript.turns]
        found.append(example(turns, {"Dan"}, "serdif"))
    return found


def fit(examples: Sequence[Example]) -> np.ndarray:
    start = np.array([*WEIGHTS.values(), NOBODY, ANOTHER])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.0, np.zeros_like(w)
        for e in examples:
            scores = e.features @ w
            odds = np.exp(scores - scores.max())
            odds /= odds.sum()
            total -= np.log(max(odds[e.right], 1e-300))
            slope -= e.features[e.right] - odds @ e.features
        n = len(examples)
        return total / n + RIDGE / 2 * float(w @ w) / 10, slope / n + RIDGE / 10 * w

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def outcome(e: Example, w: np.ndarray) -> str:
    scores = e.features @ w
    odds = np.exp(scores - scores.max())
    best, p = int(scores.argmax()), float(odds.max() / odds.sum())
    if best == e.right:
        return "right" if p >= CLEARLY else "right, asked"
    return "wrong" if p >= CLEARLY else "asked"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--smoke", action="store_true", help="the first hundred talks only")
    given = parser.parse_args()
    examples = talks()[:100] if given.smoke else talks()
    weights = fit(examples)
    held: Counter[str] = Counter()
    kept = Counter(outcome(e, np.array([*WEIGHTS.values(), NOBODY, ANOTHER])) for e in examples)
    for group in sorted({e.group for e in examples}):
        w = fit([e for e in examples if e.group != group])
        held.update(outcome(e, w) for e in examples if e.group == group)
    result = {
        "talks": len(examples),
        "weights": dict(zip(NAMES, np.round(weights, 2).tolist(), strict=True)),
        "left_out": dict(held),
        "as_shipped": dict(kept),
    }
    if given.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
