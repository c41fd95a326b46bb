"""The effect of suggestions: found where it was planted, not where there is none, and undefined without two arms."""

import json

import numpy as np
import pandas as pd
import pytest

from subtheme.agreement.anchoring import anchoring


def _study(*, shift: float, people: int = 30, each: int = 40, blind_share: float = 0.3, seed: int = 3):
    """Return a study whose coders apply a code with the model's probability, and `shift` more often when shown it."""
    rng = np.random.default_rng(seed)
    segments, proposals, decisions, finished = [], [], [], []
    for person in range(people):
        for place in range(each):
            name, p = f"P{person}:{place}", float(rng.uniform(0.3, 0.7))
            segments.append({"segment": name, "participant": f"P{person}", "text": "word " * 50})
            proposals.append({"segment": name, "code": "c", "probability": p, "threshold": 0.25})
            is_blind = rng.random() < blind_share
            arm = "blind" if is_blind else "assisted"
            gives = rng.random() < p + (0 if is_blind else shift)
            shown = {
                "by": "page",
                "arm": arm,
                "order": "audit" if is_blind else "settle",
                "elapsed_ms": 2000 if is_blind else 20_000,
            }
            finished.append({"coder": "A", "segment": name, "shown": json.dumps(shown)})
            if not is_blind:
                shown |= {"model": "m", "probability": p, "threshold": 0.25}
            verdict = ("add" if is_blind else "accept") if gives else "reject"
            if gives or not is_blind:
                decisions.append(
                    {"coder": "A", "segment": name, "code": "c", "verdict": verdict, "shown": json.dumps(shown)}
                )
    columns = ["coder", "segment", "code", "verdict", "shown"]
    return (
        pd.DataFrame(decisions, columns=columns),
        pd.DataFrame(finished, columns=["coder", "segment", "shown"]),
        pd.DataFrame(proposals),
        pd.DataFrame(segments),
    )


def test_a_planted_effect_is_found():
    found = anchoring(*_study(shift=0.2))
    assert found.low < 0.2 < found.high
    assert found.low > 0.05
    assert found.reason == ""
    assert sum(b.shown + b.blind for b in found.bands) == 1200


def test_without_an_effect_the_interval_holds_zero():
    inside = [(f.low < 0 < f.high) for f in (anchoring(*_study(shift=0.0, seed=s)) for s in range(10))]
    assert sum(inside) >= 8


@pytest.mark.parametrize("left_open", [0.0, 0.3, 0.6, 1.0])
def test_what_is_left_open_is_no_effect(left_open):
    """A coder without any anchoring who goes on from proposals that do not apply, instead of rejecting them."""
    effects, inside = [], []
    for seed in range(8):
        standing, finished, proposals, segments = _study(shift=0.0, seed=seed)
        is_left = np.random.default_rng(seed).random(len(standing)) < left_open
        found = anchoring(standing[(standing["verdict"] != "reject") | ~is_left], finished, proposals, segments)
        effects.append(found.effect)
        inside.append(found.low < 0 < found.high)

    assert abs(np.mean(effects)) < 0.03
    assert sum(inside) >= 6


def test_what_was_decided_elsewhere_than_at_the_page_counts_in_neither_arm():
    standing, finished, proposals, segments = _study(shift=0.0)
    bulk = standing.head(50).assign(shown=json.dumps({"by": "bulk", "bulk": "b1"}))
    rest = standing.iloc[50:]

    found = anchoring(pd.concat([bulk, rest], ignore_index=True), finished, proposals, segments)

    assert sum(b.shown + b.blind for b in found.bands) == 1200 - 50


def test_scores_that_differ_between_the_arms_are_no_effect():
    """Where coders get the sure proposals only, the rates differ, but not band by band."""
    standing, finished, proposals, segments = _study(shift=0.0, people=80)
    sure = set(proposals.loc[proposals["probability"] > 0.5, "segment"])
    is_shown = [json.loads(s)["arm"] == "assisted" for s in standing["shown"]]
    kept = standing[[not shown or name in sure for shown, name in zip(is_shown, standing["segment"], strict=True)]]
    arms = [json.loads(s)["arm"] for s in finished["shown"]]
    ended = finished[[arm == "blind" or name in sure for arm, name in zip(arms, finished["segment"], strict=True)]]
    found = anchoring(kept, ended, proposals, segments)
    shown, accepted = sum(b.shown for b in found.bands), sum(b.accepted for b in found.bands)
    blind, applied = sum(b.blind for b in found.bands), sum(b.applied for b in found.bands)
    assert accepted / shown - applied / blind > 0.06  # the crude difference
    assert abs(found.effect) < 0.06


def test_answers_after_an_own_one_are_in_neither_arm():
    standing, finished, proposals, segments = _study(shift=0.2)
    assisted = [json.loads(s)["arm"] == "assisted" for s in finished["shown"]]
    revealed = finished.loc[assisted, ["coder", "segment"]].iloc[::2]
    found = anchoring(standing, finished, proposals, segments, revealed=revealed)
    assert sum(b.shown for b in found.bands) == sum(assisted) - len(revealed)
    assert sum(b.blind for b in found.bands) == len(assisted) - sum(assisted)


def test_one_arm_alone_gives_no_effect_and_says_why():
    found = anchoring(*_study(shift=0.2, blind_share=0.0))
    assert np.isnan(found.effect)
    assert "both with and without" in found.reason
    assert np.isnan(found.recall)


def test_pace_and_reading_by_arm():
    found = anchoring(*_study(shift=0.0))
    assisted, blind = found.paces
    assert (assisted.arm, blind.arm) == ("assisted", "blind")
    assert assisted.too_fast == 0
    assert blind.too_fast == blind.segments  # 50 words in two seconds
    assert assisted.minutes == pytest.approx(assisted.segments * 20 / 60)


def test_recall_counts_what_the_audit_found_and_nothing_proposed():
    standing, finished, proposals, segments = _study(shift=0.0)
    half = proposals.iloc[::2]
    found = anchoring(standing, finished, half, segments)
    assert 0.3 < found.recall < 0.7
    assert found.as_dict()["recall"] == found.recall


def test_nothing_at_all_is_no_crash():
    empty = anchoring(*(frame.iloc[:0] for frame in _study(shift=0.0, people=1, each=2)))
    assert np.isnan(empty.effect)
    assert empty.paces == ()
