"""Parts of an evaluation, on numbers whose answers are known."""

import numpy as np
import pytest

from subtheme.classifier.evaluation import evaluate
from subtheme.classifier.figures import Draws, Figure, code_figures, overall_figures
from subtheme.classifier.learning_curve import LearningStep, reduced_splits, stop_hint
from subtheme.classifier.metrics import average_precision, expected_calibration_error
from subtheme.classifier.mistakes import confusions, mistakes_by_attribute
from subtheme.classifier.unseen import Split, splits_of, unseen

Y = np.array([[1.0, 0], [1, 0], [0, 1], [0, 1], [0, 0], [1, 0]])
SAID = np.array([[1, 0], [0, 1], [0, 1], [1, 0], [0, 0], [0, 1]], dtype=bool)
WHO = np.array(["a", "a", "a", "b", "b", "b"])


def test_confusions_count_what_was_missed_and_what_was_said_instead():
    found = confusions(("x", "y"), Y, SAID)
    assert [(c.code, c.taken_for, c.count) for c in found] == [("x", "y", 2), ("y", "x", 1)]


def test_mistakes_are_told_apart_at_segment_and_at_table_level():
    found = mistakes_by_attribute(Y, SAID, WHO, {"case": {"a": "HO1", "b": "HO2"}, "level": {"a": "manager"}})
    assert [(m.attribute, m.value) for m in found] == [("case", "HO1"), ("case", "HO2")]
    first, second = found
    assert (first.presences, first.presences_missed, first.presences_invented) == (2, 0, 0)
    assert (second.presences, second.presences_missed, second.presences_invented) == (2, 0, 0)
    assert first.recall == pytest.approx(2 / 3)
    assert second.f1 == 0.0
    absent = mistakes_by_attribute(Y[:5], SAID[:5], WHO[:5], {"case": {"a": "HO1", "b": "HO2"}})[1]
    assert (absent.presences_missed, absent.presences_invented) == (1, 1)


def test_calibration_error_of_weights_is_that_of_the_drawn_rows():
    rng = np.random.default_rng(0)
    p = rng.random(60)
    y = (rng.random(60) < p).astype(float)
    owner = np.arange(60) // 20
    weights = np.array([[1.0, 1, 1], [2, 0, 1]])
    found = expected_calibration_error(y, p, weights=weights, owner=owner)
    drawn = np.concatenate([y[:20], y[:20], y[40:]]), np.concatenate([p[:20], p[:20], p[40:]])
    assert found[0] == pytest.approx(expected_calibration_error(y, p)[0])
    assert found[1] == pytest.approx(expected_calibration_error(*drawn)[0])


def test_intervals_of_codes_are_over_participants():
    rng = np.random.default_rng(2)
    people = np.repeat(np.arange(12), 10)
    p = rng.random((120, 2))
    y = (rng.random((120, 2)) < p).astype(float)
    draws = Draws.of(people, rng=np.random.default_rng(0))
    code = code_figures(("x", "y"), y, p, p > 0.5, draws, k=3)[0]
    assert code.value("average_precision") == pytest.approx(float(average_precision(y[:, 0], p[:, 0])[0]))
    assert code.value("brier") == pytest.approx(((p[:, 0] - y[:, 0]) ** 2).mean())
    for figure in [*code.figures, *overall_figures(y, p, p > 0.5, draws, k=3)]:
        assert figure.low <= figure.value + 0.05
        assert figure.high >= figure.value - 0.05
        assert figure.low < figure.high or figure.value == 1.0


def test_fewer_participants_leave_the_tests_whole_and_share_nobody():
    folds = np.repeat([0, 1, 2], 8)
    groups = np.array([f"P{i // 2}" for i in range(24)], dtype=object)
    splits = splits_of(folds)
    for split, small in zip(
        splits, reduced_splits(splits, groups, share=0.5, rng=np.random.default_rng(1)), strict=True
    ):
        np.testing.assert_array_equal(split.test, small.test)
        assert len(set(groups[small.train])) == 4
        assert not set(groups[small.train]) & set(groups[small.test])


def _step(participants, value):
    return LearningStep(participants=participants, figure=Figure(name="ap", value=value, low=0.0, high=1.0))


def test_the_hint_says_whether_more_participants_pay():
    assert "still rises" in stop_hint([_step(6, 0.3), _step(9, 0.4)])
    assert "flat" in stop_hint([_step(6, 0.4), _step(9, 0.405)])
    assert stop_hint([_step(9, 0.4)]) == ""
    assert stop_hint([_step(6, float("nan")), _step(9, 0.4)]) == ""


def test_a_participant_on_both_sides_is_refused(data, vectors):
    from subtheme.classifier.known_features import CountedSet

    rows = np.arange(len(data.Y))
    leaking = [Split(train=rows[6:], test=rows[:6])]  # P0 has twelve segments
    with pytest.raises(ValueError, match="both sides"):
        unseen(CountedSet.of(data.segments, vectors), data.Y, data.groups, leaking)


def test_the_evaluation_holds_every_part(data, vectors):
    case_of = {f"P{i}": "A" if i < 5 else "B" for i in range(10)}
    level = {f"P{i}": ("manager", "front-line-worker")[i % 2] for i in range(10)}
    result = evaluate(data, vectors, case_of=case_of, attributes={"level": level}, n_folds=3)
    facts = result.as_dict()
    assert [s["participants"] for s in facts["learning_curve"]] == sorted(
        s["participants"] for s in facts["learning_curve"]
    )
    assert len(facts["learning_curve"]) == 4
    assert facts["stop_hint"]
    assert {m["attribute"] for m in facts["by_attribute"]} == {"case", "level"}
    assert set(facts["codes"][0]["ece"]) == {"value", "low", "high"}
    assert "Leaving one case out" in result.as_text()
    assert "By participants learned from" in result.as_text()
    without = evaluate(data, vectors, case_of=case_of, n_folds=3, curve=False)
    assert without.learning_curve == ()
    assert without.overall[0].value == result.overall[0].value
