"""How many looks does the table of cases need? Replay presence review with an oracle, order by order.

A look is one question: does this segment carry this sub-theme? The oracle answers from the truth of the data set. A
participant with one confirmed segment describes the sub-theme; a cell is present when a strict majority of its
case's participants do. Full manual coding decides every segment for every sub-theme.

    python benchmarks/presence_review.py [--json] [--studies 20] [--only simulation]

Every data set is printed as soon as it is measured, with --json on stderr, so that a run that is cut short keeps what
it has; the JSON itself is one object by data set, at the end.

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

    simulation.NAME  What promises are worth where assumptions break (review_broken.py): under the key `simulation`, by
        NAME, a quarter as many studies. NAME is unbroken, certain, coder-error (misses 5 %, invents 1 %), -2-2, -5-5,
        shifted-base-rate, over-confidence, worse-cases, rare, all-at-once.

Orders
    random, uncertain, score (highest probability first), best-evidence (every pair's best segment, then its second
    best, and so on); all leave a pair at its first confirmed segment. score-settled also leaves cells that cannot
    change any more. settle is the product's order, one decision at a time; settle-stopped the same, stopped by the risk rule.
    Looks are those at which the mean of wrong cells falls to half a cell in 60, except for settle-stopped.

Beside them
    readings   Different segments that these looks are about: what has to be read if every question about a segment is
        answered in one go. readings_share is their share of all segments.
    lower_bound  What no order can do without (review_bound.py): a true segment of each of a bare majority of every present
        cell (confirming), and the fruitless looks after which the product's rule of risk believes the absent ones
        (denying), both chosen by somebody who knows every answer. Full coding, for comparison, has one look per pair
        and more: one_look_per_pair is the share that asking once about every participant and sub-theme would take.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from review_bound import bound_of
from review_broken import BREAKS, broken
from review_data import SAMPLE, SERDIF, Replay, sample, serdif, simulated
from review_play import Play
from smoke import options_of

from subtheme.nouns import is_majority
from subtheme.proposals.board import board_of
from subtheme.proposals.looks_left import LooksLeft, looks_left
from subtheme.proposals.stopping import StopRule

PROMISES = (8.0, 4.0, 2.0, 1.0, 0.5, 0.25)
FORECASTS = (np.inf, 8.0, 2.0)
"""Expected wrong cells at which the looks left are foretold; the first is the start."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What came of asking in one order.

    Attributes
    ----------
    wrong : list of (looks, wrong cells)
        Whenever a cell is won, from the start on, and at the end.
    risks : list of float
        Expected number of wrong cells before every look and after the last; empty for orders that expect nothing.
    readings : list of int
        Different segments that the first 0, 1, 2, … looks are about.
    forecasts : mapping of float to (looks, LooksLeft)
        What the product foretells of the looks left, where the expected number of wrong cells falls to `FORECASTS`.
    """

    wrong: list[tuple[int, int]]
    risks: list[float]
    readings: list[int]
    forecasts: dict[float, tuple[int, LooksLeft]]

    def wrong_at(self, looks: int) -> int:
        """Return the wrong cells after so many looks."""
        return [wrong for at, wrong in self.wrong if at <= looks][-1]

    def looks_within(self, risk: float) -> int:
        """Return the looks after which the expected number of wrong cells is within `risk`; all of them if it never is."""
        return next((i for i, r in enumerate(self.risks) if r <= risk), len(self.risks) - 1)


def walk(replay: Replay, order: NDArray[np.intp], *, settled: bool) -> Course:
    """Ask in an order that is fixed beforehand, passing over confirmed pairs and, with `settled`, settled cells."""
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
    wins, read, readings = [(0, wrong)], set(), [0]
    for question in order.tolist():
        segment, row = divmod(question, rows)
        person = owner[segment]
        place = (case[person], row)
        if found[person, row]:
            continue
        n = members[place[0]]
        if settled and (is_majority(count[place], n) or not is_majority(count[place] + undecided[place], n)):
            continue
        read.add(segment)
        readings.append(len(read))
        left[person, row] -= 1
        if truth[question]:
            found[person, row] = True
            count[place] += 1
            undecided[place] -= 1
            if is_majority(count[place], n) and not is_majority(count[place] - 1, n):
                wrong -= 1
                wins.append((len(readings) - 1, wrong))
        elif left[person, row] == 0:
            undecided[place] -= 1
    return Course(wrong=wins, risks=[], readings=readings, forecasts={})


# ---- the product's order --------------------------------------------------------------------------------------------


def settle(
    replay: Replay,
    *,
    down_to: float,
    bound: float,
    relearn: Callable[[Mapping[tuple[int, int], bool]], Replay] | None = None,
    every: int = 0,
) -> Course:
    """Ask as the product does, one decision at a time, until the expected number of wrong cells is `down_to`.

    Looks left are foretold until `bound`. `relearn` gives the study anew after every so many answers, with the scores
    and the outlook of a model that has learned from them.
    """
    play = Play(replay)
    wins, risks, read, readings = [(0, play.wrong)], [], set(), [0]
    asked: dict[tuple[int, int], bool] = {}
    forecasts: dict[float, tuple[int, LooksLeft]] = {}
    while True:
        risks.append(play.expected_wrong)
        for level in [x for x in FORECASTS if x not in forecasts and risks[-1] <= x]:
            board = board_of(play.pairs(), StopRule(), play.outlook)
            forecasts[level] = play.looks, looks_left(board, risk=bound, rng=np.random.default_rng(0))
        question = play.next_question()
        if risks[-1] <= down_to or question is None:
            return Course(wrong=wins, risks=risks, readings=readings, forecasts=forecasts)
        segment, row = int(play.known.segment[question.pair, question.at]), int(play.row[question.pair])
        read.add(segment)
        readings.append(len(read))
        asked[segment, row] = play.ask(question)
        if relearn is not None and play.looks % every == 0:
            play.learn(relearn(asked))
        if play.wrong != wins[-1][1]:
            wins.append((play.looks, play.wrong))


# ---- measuring ------------------------------------------------------------------------------------------------------


def looks_to(courses: list[Course], bound: float) -> int:
    """Return the fewest looks at which the mean number of wrong cells over all studies is within `bound`."""
    falls = sorted((looks, i, wrong) for i, course in enumerate(courses) for looks, wrong in course.wrong)
    now = {i: course.wrong[0][1] for i, course in enumerate(courses)}
    for looks, i, wrong in falls:
        now[i] = wrong
        if sum(now.values()) <= bound * len(courses) + 1e-9:
            return looks
    return falls[-1][0]


def measure(replays: list[Replay]) -> dict[str, object]:
    """Return looks, readings and wrong cells of every order, their bound, and how well promises of risk are kept."""
    rows = replays[0].truth.shape[1]
    cells = len(np.unique(replays[0].case)) * rows
    bound = 0.5 * cells / 60
    everything = float(np.mean([r.decisions for r in replays]))
    segments = everything / rows
    lower = [bound_of(r, risk=bound) for r in replays]

    def row(looks: list[int], courses: list[Course], wrong: float) -> dict[str, float]:
        mean = float(np.mean(looks))
        read = np.mean([c.readings[min(n, len(c.readings) - 1)] for n, c in zip(looks, courses, strict=True)])
        return {
            "looks": round(mean),
            "decisions_share": round(mean / everything, 4),
            "readings": round(float(read)),
            "readings_share": round(float(read) / segments, 4),
            "wrong_cells": round(wrong, 2),
            "lower_bound_share": lower_share,
        }

    confirming, denying = (float(np.mean([getattr(b, name) for b in lower])) for name in ("confirming", "denying"))
    lower_share = round((confirming + denying) / everything, 4)
    orders: dict[str, dict[str, float]] = {}
    for name in ("random", "uncertain", "score", "score-settled", "best-evidence"):
        courses = [
            walk(r, fixed_order(r, name, np.random.default_rng(i)), settled=name == "score-settled")
            for i, r in enumerate(replays)
        ]
        orders[name] = row([looks_to(courses, bound)] * len(courses), courses, bound)
    courses = [settle(r, down_to=min(PROMISES), bound=bound) for r in replays]
    if np.mean([c.wrong[-1][1] for c in courses]) <= bound:
        orders["settle"] = row([looks_to(courses, bound)] * len(courses), courses, bound)
    stops = {p: [(c.looks_within(p), c) for c in courses] for p in (*PROMISES, bound)}
    found = {p: [c.wrong_at(looks) for looks, c in reached] for p, reached in stops.items()}
    orders["settle-stopped"] = row([looks for looks, _ in stops[bound]], courses, float(np.mean(found[bound])))
    orders["everything"] = {
        "looks": round(everything),
        "decisions_share": 1.0,
        "readings": round(segments),
        "readings_share": 1.0,
        "wrong_cells": 0.0,
        "lower_bound_share": lower_share,
    }
    return {
        "studies": len(replays),
        "cells": cells,
        "decisions_of_full_coding": everything,
        "segments": segments,
        "bound": round(bound, 3),
        "outlook": {"true_segments": replays[0].outlook.true_segments, "blind": replays[0].outlook.blind},
        "lower_bound": {
            "confirming": round(confirming),
            "denying": round(denying),
            "share": lower_share,
            "one_look_per_pair_share": round(len(replays[0].case) * rows / everything, 4),
        },
        "orders": orders,
        "calibration_of_risk": [
            {
                "promised": promise,
                "wrong_cells": round(float(np.mean(found[promise])), 2),
                "standard_error": round(float(np.std(found[promise]) / np.sqrt(len(replays))), 2),
                "looks": round(float(np.mean([looks for looks, _ in stops[promise]]))),
            }
            for promise in PROMISES
        ],
        "calibration_of_looks_left": [
            {
                "at_expected_wrong": level if np.isfinite(level) else "start",
                "foretold": round(float(np.mean([x[1].expected for x, _ in told]))),
                "low": round(float(np.mean([x[1].low for x, _ in told]))),
                "high": round(float(np.mean([x[1].high for x, _ in told]))),
                "found": round(float(np.mean([end - x[0] for x, end in told]))),
                "within": round(float(np.mean([x[1].low <= end - x[0] <= x[1].high for x, end in told])), 2),
            }
            for level in FORECASTS
            if (told := [(c.forecasts[level], c.looks_within(bound)) for c in courses if level in c.forecasts])
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object by data set")
    parser.add_argument("--studies", type=int, default=20, help="simulated studies; a quarter as many groupings")
    parser.add_argument("--only", default="", help="data sets whose name starts so")
    parser.add_argument("--seed", type=int, default=7)
    options = options_of(parser, smallest={"only": "sample", "studies": 1})
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
    measured: dict[str, Any] = {}
    for name, make in makers.items():
        if not name.startswith(options.only):
            continue
        folder = {"serdif": SERDIF, "sample": SAMPLE / "truth"}.get(name.split("-")[0])
        if folder is not None and not folder.is_dir():
            measured[name] = {"skipped": f"no folder {folder.parent.name}/{folder.name} on this machine"}
        else:
            print(f"{name} …", file=sys.stderr)
            measured[name] = {"seed": options.seed, **measure(list(make()))}
        with redirect_stdout(sys.stderr if options.json else sys.stdout):
            show(name, measured[name])
    breaks = {}
    for name in (n for n in BREAKS if f"simulation.{n}".startswith(options.only)):
        print(f"simulation.{name} …", file=sys.stderr)
        breaks[name] = broken(name, seed=options.seed, studies=few)
        with redirect_stdout(sys.stderr if options.json else sys.stdout):
            show_broken(name, breaks[name])
    if breaks:
        measured["simulation"] = breaks
    if options.json:
        print(json.dumps(measured, indent=1))


def show_broken(name: str, result: dict) -> None:
    """Print what was promised and found in one way of breaking."""
    print(f"\nsimulation.{name}: {result['studies']} studies; at the end {result['wrong_at_end']} wrong cells", end=" ")
    print(f"where {result['expected_at_end']} were expected")
    columns = ("promised", "found", "invented", "looks", "second_looks", "reached")
    for promise, *figures in zip(*(result[c] for c in columns), strict=True):
        told = ", ".join(f"{name} {figure}" for name, figure in zip(columns[1:], figures, strict=True))
        print(f"  promised {promise:5}: {told}")
    sys.stdout.flush()


def show(name: str, result: dict) -> None:
    """Print what came of one data set."""
    print(f"\n{name}: {result.get('skipped') or f'''{result['cells']} cells, {result['studies']} studies'''}")
    for order, found in result.get("orders", {}).items():
        decided, read = 100 * found["decisions_share"], 100 * found["readings_share"]
        print(
            f"  {order:15} {found['looks']:7} looks {decided:6.1f} %  {found['readings']:6} readings {read:6.1f} %"
            f"  {found['wrong_cells']:5.2f} wrong cells; no less than {100 * found['lower_bound_share']:.1f} %"
        )
    for promise in result.get("calibration_of_risk", []):
        print("  promised {promised:5} wrong cells: found {wrong_cells} at {looks} looks".format(**promise))
    for told in result.get("calibration_of_looks_left", []):
        print(
            "  looks left at {at_expected_wrong}: foretold {foretold} ({low} to {high}), found {found}; "
            "{within} within the range".format(**told)
        )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
