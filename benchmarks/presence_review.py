"""How many looks does the table of cases need? Replay presence review with an oracle, order by order.

A look is one question: does this segment carry this sub-theme? The oracle answers from the truth of the data set. A
participant with one confirmed segment describes the sub-theme; a cell is present when a strict majority of its
case's participants do. Full manual coding decides every segment for every sub-theme.

    python benchmarks/presence_review.py [--json] [--studies 20] [--only simulation]

Data sets
    simulation-.92, -.96, -.98  55 participants in 4 cases (14, 14, 14, 13), 60 segments each, 15 sub-themes. The
        share who describe a sub-theme is Beta(1.2, 1.2) by cell; who does has 1 + Poisson(1.5) true segments; scores
        are normal, shifted by 2.0, 2.5 or 3.0 for true segments (area under the curve .92, .96, .98). Calibration and
        outlook are fitted on 14 participants of another draw, anew for every study.
    simulation-clustered  As -.98, with scores that also shift by participant and by participant and sub-theme (normal,
        standard deviation 0.3): what the outlook does not know of.
    sample  The invented sample study: 55 participants in 4 cases; the truth is what was planted.
    serdif, serdif-stretches  17 real transcripts coded by hand, in MADE-UP groups: the 17 as participants of 3 groups;
        and stretches of about 20 segments as made-up participants of 4 groups, since nearly everybody describes nearly
        everything somewhere in a whole session.
        Scores of sample and serdif are the product's own, every one from a model of other transcripts (five folds).

Orders
    random, uncertain, score (highest probability first), best-evidence (every pair's best segment, then its second
    best, and so on); all leave a pair at its first confirmed segment. score-settled also leaves cells that cannot
    change any more. settle is the product's order, one decision at a time; settle-stopped the same, stopped by the risk rule.
    Looks are those at which the mean of wrong cells falls to half a cell in 60, except for settle-stopped.
"""

import argparse
import json
import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from review_data import SAMPLE, SERDIF, Replay, sample, serdif, simulated

from subtheme.proposals.board import plan_cell
from subtheme.proposals.outlook import pair_evidence
from subtheme.study import is_majority

PROMISES = (8.0, 4.0, 2.0, 1.0, 0.5, 0.25)


def table_of(found: NDArray[np.bool_], case: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return presence by case and sub-theme from (participants, sub-themes)."""
    return np.array([[is_majority(k, (case == c).sum()) for k in found[case == c].sum(0)] for c in np.unique(case)])


# ---- orders that are fixed beforehand -------------------------------------------------------------------------------


def fixed_order(replay: Replay, name: str, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return all questions, as flat positions in (segments, sub-themes)."""
    p = replay.probability
    if name == "random":
        return rng.permutation(p.size)
    if name == "uncertain":
        return np.argsort(np.abs(p - 0.5), axis=None, kind="stable")
    if name in ("score", "score-settled"):
        return np.argsort(-p, axis=None, kind="stable")
    rank = np.zeros_like(p)
    for person in range(len(replay.case)):
        mine = np.flatnonzero(replay.owner == person)
        rank[mine] = np.argsort(np.argsort(-p[mine], axis=0, kind="stable"), axis=0)
    return np.lexsort((-p.ravel(), rank.ravel()))


def walk(replay: Replay, order: NDArray[np.intp], *, settled: bool) -> Iterator[tuple[int, int]]:
    """Yield (looks, wrong cells) whenever a cell is won, from the start on."""
    rows = replay.truth.shape[1]
    owner, truth = replay.owner.tolist(), replay.truth.ravel()
    case = replay.case.tolist()
    people = len(case)
    described = np.zeros((people, rows), dtype=bool)
    np.logical_or.at(described, replay.owner, replay.truth)
    wrong = int(table_of(described, replay.case).sum())
    members = np.bincount(replay.case)
    count = np.zeros((len(members), rows), dtype=int)
    left = np.repeat(np.bincount(replay.owner, minlength=people)[:, None], rows, axis=1)
    undecided = np.repeat(members[:, None], rows, axis=1)
    found = np.zeros((people, rows), dtype=bool)
    looks = 0
    yield 0, wrong
    for question in order.tolist():
        person, row = owner[question // rows], question % rows
        place = (case[person], row)
        if found[person, row]:
            continue
        n = members[place[0]]
        if settled and (is_majority(count[place], n) or not is_majority(count[place] + undecided[place], n)):
            continue
        looks += 1
        left[person, row] -= 1
        if truth[question]:
            found[person, row] = True
            count[place] += 1
            undecided[place] -= 1
            if is_majority(count[place], n) and not is_majority(count[place] - 1, n):
                wrong -= 1
                yield looks, wrong
        elif left[person, row] == 0:
            undecided[place] -= 1
    yield looks, wrong


# ---- the product's order --------------------------------------------------------------------------------------------


def settle(replay: Replay, *, down_to: float) -> Iterator[tuple[int, float, int]]:
    """Yield (looks, expected wrong cells, wrong cells) after every decision, until the expectation is `down_to`."""
    rows = replay.truth.shape[1]
    probability, truth, sizes = replay.sorted_pairs()
    base = np.tile(replay.probability.mean(0), len(replay.case))
    evidence = pair_evidence(probability, base, sizes, replay.outlook)
    hit = np.hstack([evidence.hit, np.zeros((len(sizes), 1))])
    goal = table_of(truth.any(1).reshape(-1, rows), replay.case)
    looked, found = np.zeros(len(sizes), dtype=int), np.zeros(len(sizes), dtype=bool)
    cells = {(c, r): np.flatnonzero(replay.case == c) * rows + r for c in np.unique(replay.case) for r in range(rows)}

    def plan(pairs):
        undecided = pairs[~found[pairs] & (looked[pairs] < sizes[pairs])]
        planned = plan_cell(
            evidence.weight[undecided, looked[undecided]],
            hit[undecided, looked[undecided]],
            describing=int(found[pairs].sum()),
            participants=len(pairs),
            outlook=replay.outlook,
        )
        return planned, undecided

    plans = {place: plan(pairs) for place, pairs in cells.items()}
    looks, wrong = 0, int(goal.sum())
    while True:
        risk = sum(p.chance for p, _ in plans.values() if p.state == "open")
        yield looks, risk, wrong
        place = max(plans, key=lambda k: plans[k][0].worth)
        planned, undecided = plans[place]
        if risk <= down_to or planned.state != "open":
            return
        pair = undecided[np.argmax(planned.hits)]
        looks += 1
        if truth[pair, looked[pair]]:
            found[pair] = True
        else:
            looked[pair] += 1
        plans[place] = plan(cells[place])
        wrong -= int(planned.state == "open" and plans[place][0].state == "present")


# ---- measuring ------------------------------------------------------------------------------------------------------


def looks_to(curves: list[list[tuple[int, int]]], bound: float) -> int:
    """Return the fewest looks at which the mean number of wrong cells over all studies is within `bound`."""
    falls = sorted((looks, i, wrong) for i, curve in enumerate(curves) for looks, wrong in curve)
    now = {i: curve[0][1] for i, curve in enumerate(curves)}
    for looks, i, wrong in falls:
        now[i] = wrong
        if sum(now.values()) <= bound * len(curves) + 1e-9:
            return looks
    return falls[-1][0]


def measure(replays: list[Replay]) -> dict[str, object]:
    """Return looks, share of decisions and wrong cells of every order, and how well promises of risk are kept."""
    cells = len(np.unique(replays[0].case)) * replays[0].truth.shape[1]
    bound = 0.5 * cells / 60
    everything = float(np.mean([r.decisions for r in replays]))
    orders: dict[str, dict[str, float]] = {}
    for name in ("random", "uncertain", "score", "score-settled", "best-evidence"):
        curves = [
            list(walk(r, fixed_order(r, name, np.random.default_rng(i)), settled=name == "score-settled"))
            for i, r in enumerate(replays)
        ]
        orders[name] = row(looks_to(curves, bound), bound, everything)
    traces = [list(settle(r, down_to=min(PROMISES))) for r in replays]
    curves = [[(looks, wrong) for looks, _, wrong in trace] for trace in traces]
    if np.mean([curve[-1][1] for curve in curves]) <= bound:
        orders["settle"] = row(looks_to(curves, bound), bound, everything)
    stops = {
        promise: [next(t for t in trace if t[1] <= promise or t is trace[-1]) for trace in traces]
        for promise in PROMISES
    }
    at_bound = [next((t for t in trace if t[1] <= bound), trace[-1]) for trace in traces]
    orders["settle-stopped"] = row(
        float(np.mean([t[0] for t in at_bound])), float(np.mean([t[2] for t in at_bound])), everything
    )
    orders["everything"] = row(everything, 0.0, everything)
    return {
        "studies": len(replays),
        "cells": cells,
        "decisions_of_full_coding": everything,
        "bound": round(bound, 3),
        "outlook": {"true_segments": replays[0].outlook.true_segments, "blind": replays[0].outlook.blind},
        "orders": orders,
        "calibration_of_risk": [
            {
                "promised": promise,
                "wrong_cells": round(float(np.mean([t[2] for t in reached])), 2),
                "standard_error": round(float(np.std([t[2] for t in reached]) / np.sqrt(len(reached))), 2),
                "looks": round(float(np.mean([t[0] for t in reached]))),
            }
            for promise, reached in stops.items()
        ],
    }


def row(looks: float, wrong: float, everything: float) -> dict[str, float]:
    return {"looks": round(looks), "decisions_share": round(looks / everything, 4), "wrong_cells": round(wrong, 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON alone")
    parser.add_argument("--studies", type=int, default=20, help="simulated studies; a quarter as many groupings")
    parser.add_argument("--only", default="", help="data sets whose name starts so")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    few = max(1, options.studies // 4)
    makers = {
        "simulation-.92": lambda: simulated(options.seed, options.studies, 2.0, 0.0),
        "simulation-.96": lambda: simulated(options.seed, options.studies, 2.5, 0.0),
        "simulation-.98": lambda: simulated(options.seed, options.studies, 3.0, 0.0),
        "simulation-clustered": lambda: simulated(options.seed, options.studies, 3.0, 0.3),
        "sample": sample,
        "serdif": lambda: serdif(few, stretches=False),
        "serdif-stretches": lambda: serdif(few, stretches=True),
    }
    results: dict[str, object] = {"seed": options.seed}
    for name, make in makers.items():
        if not name.startswith(options.only):
            continue
        folder = {"serdif": SERDIF, "sample": SAMPLE / "truth"}.get(name.split("-")[0])
        if folder is not None and not folder.is_dir():
            results[name] = {"skipped": f"no folder {folder.parent.name}/{folder.name} on this machine"}
            continue
        print(f"{name} …", file=sys.stderr)
        results[name] = measure(list(make()))
    if options.json:
        print(json.dumps(results, indent=1))
        return
    for name, result in results.items():
        if isinstance(result, dict):
            print(f"\n{name}: {result.get('skipped') or f'''{result['cells']} cells, {result['studies']} studies'''}")
            for order, found in result.get("orders", {}).items():
                share = 100 * found["decisions_share"]
                print(f"  {order:15} {found['looks']:7} looks {share:6.1f} %  {found['wrong_cells']:5.2f} wrong cells")
            for promise in result.get("calibration_of_risk", []):
                print("  promised {promised:5} wrong cells: found {wrong_cells} at {looks} looks".format(**promise))


if __name__ == "__main__":
    main()
