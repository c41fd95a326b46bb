"""The switch rate: own answers that were changed once suggestions were shown, and nothing else."""

import json
import math

import pandas as pd
import pytest

from subtheme.agreement import switching
from subtheme.nouns import DECISIONS

PROPOSALS = pd.DataFrame(
    [
        {"segment": f"S{n}", "code": code, "probability": p, "threshold": 0.5}
        for n in range(12)
        for code, p in (("a", 0.9), ("b", 0.2))
    ]
)
SEGMENTS = pd.DataFrame(
    {"segment": [f"S{n}" for n in range(12)], "participant": ["P0", "P0", *(f"P{n}" for n in range(1, 11))]}
)


def log(*events):
    rows = [
        {
            "uid": str(n),
            "coder": "ann",
            "segment": s,
            "code": code,
            "verdict": verdict,
            "reply_to": to,
            "shown": json.dumps({"arm": arm}),
        }
        for n, (s, code, verdict, arm, to) in enumerate((*e, "")[:5] for e in events)
    ]
    return DECISIONS.check(pd.DataFrame(rows, columns=list(DECISIONS.names)), source="log", sort=False)


def switched(decisions, *segments, coder="ann"):
    seen = pd.DataFrame({"coder": coder, "segment": list(segments)}, columns=["coder", "segment"])
    return switching(decisions, seen, PROPOSALS, SEGMENTS)


def test_taken_over_and_taken_back_are_counted_of_what_was_given_or_proposed():
    decisions = log(
        ("S0", "b", "add", "first"),  # an own code that is not proposed ...
        ("S0", "b", "reject", "assisted"),  # ... is taken back,
        ("S0", "a", "accept", "assisted"),  # and the proposed one is taken over
        ("S1", "a", "add", "first"),  # as proposed: nothing to change
        ("S2", "b", "add", "first"),  # kept against the suggestion, which is rejected
        ("S2", "a", "reject", "assisted"),
    )
    found = switched(decisions, "S0", "S1", "S2")
    assert (found.answers, found.taken_over, found.withdrawn) == (5, 1, 1)
    assert found.rate == pytest.approx(2 / 5)
    assert math.isnan(found.low)  # two participants say nothing of how participants differ


def test_the_interval_is_over_participants():
    every = [f"S{n}" for n in range(1, 12)]
    taken_over = [(name, "a", "accept", "assisted") for name in every[::3]]
    own = [(name, "a", "add", "first") for name in every if name not in every[::3]]
    found = switched(log(*own, *taken_over), *every)
    assert (found.answers, found.taken_over) == (11, 4)
    assert 0.05 < found.low < found.rate < found.high < 0.75


def test_a_code_added_of_ones_own_accord_is_no_switch_to_the_suggestion():
    assert switched(log(("S0", "b", "add", "assisted")), "S0").taken_over == 0


def test_answers_taken_back_by_undo_do_not_count():
    decisions = log(("S0", "a", "accept", "assisted"), ("S0", "a", "retract", "", "0"))
    found = switched(decisions, "S0")
    assert (found.answers, found.taken_over) == (1, 0)


def test_segments_whose_suggestions_were_not_held_back_and_other_coders_are_passed_over():
    decisions = log(("S0", "a", "accept", "assisted"), ("S1", "a", "accept", "assisted"))
    assert switched(decisions, "S1").taken_over == 1
    assert switched(decisions, "S0", "S1", coder="ben").taken_over == 0


def test_where_nobody_decided_first_there_is_no_rate():
    found = switched(log())
    assert (found.answers, found.taken_over, found.withdrawn) == (0, 0, 0)
    assert all(math.isnan(n) for n in (found.rate, found.low, found.high))
    assert math.isnan(switched(log(), "S0").low)  # one participant
