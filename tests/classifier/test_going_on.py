"""Going on from an older model, comparing two, and what becomes of codes and decisions."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small_study import outline_book

from subtheme.classifier import load_model, manifest_of_version, model_version, save_model, stale_decisions
from subtheme.classifier.code_map import code_map, prior_weights
from subtheme.classifier.comparison import ModelWithVectors, compare
from subtheme.classifier.following import following_in_words
from subtheme.classifier.learner import ThemeClassifier
from subtheme.classifier.older_model import OlderModel
from subtheme.classifier.training import train
from subtheme.classifier.training_set import training_set
from subtheme.errors import InputError, ModelError
from subtheme.judgements import judgements_of_tables
from subtheme.nouns import Codebook

NEWER = outline_book(
    """
work: Work
  hours: Hours and more
  money: Pay
  cat: Cat
""",
    more={"hours": 'definition = "When people work."'},
)


def _of(study_tables, book, people):
    segments, codes, readings = study_tables
    own = codes[codes["segment"].isin(segments.loc[segments["participant"].isin(people), "segment"])]
    read = readings[readings["transcript"].isin(people)]
    judgements = judgements_of_tables(segments, own, read, book)
    return training_set(judgements, segments, book, level="sub-theme", coders=["A"])


@pytest.fixture(scope="module")
def halves(study_tables, book, vectors):
    names = [f"P{i}" for i in range(10)]
    parts = [_of(study_tables, book, names[:5]), _of(study_tables, book, names[5:])]
    older = train(parts[0], vectors, book, level="sub-theme", name="older").model
    return parts, older


def test_codes_go_on_by_id_and_by_the_map(halves):
    _, older = halves
    newer = Codebook.from_toml(NEWER, where="newer.toml")
    by_id = code_map(older, newer, ["hours", "money"])
    assert by_id.added == ("money",)
    assert by_id.removed == ("pay",)
    assert by_id.changed == ("hours",)
    renamed = code_map(older, newer, ["hours", "money"], pairs=[("pay", "money")])
    assert renamed.renamed == {"pay": "money"}
    assert renamed.removed == ()
    merged = code_map(older, newer, ["hours", "money"], pairs=[("pay", "money"), ("hours", "money")])
    assert merged.merged == {"money": ("pay", "hours")}
    assert merged.added == ("hours",)
    split = code_map(older, newer, ["hours", "money"], pairs=[("pay", "money"), ("pay", "hours")])
    assert split.split == {"pay": ("hours", "money")}
    assert "split: pay into hours and money" in split.in_words()
    whole = code_map(older, newer, ["hours", "money", "cat"], pairs=[("pay", "cat")])
    assert (whole.added, whole.removed, whole.renamed) == (("money",), (), {"pay": "cat"})
    weights = prior_weights(older, merged, ["hours", "money"])
    np.testing.assert_array_equal(weights[:, 0], 0.0)
    np.testing.assert_allclose(weights[:, 1], older.weights.dense.mean(axis=1))


def test_a_code_with_too_few_excerpts_is_neither_added_nor_removed(halves, book):
    _, older = halves
    assert older.codes == ("hours", "pay")
    same = code_map(older, book, ["hours", "pay", "dog"])
    assert (same.added, same.removed, same.unlearned) == ((), (), ("dog",))
    assert same.in_words() == "not learned there: dog"


def test_sub_themes_may_go_on_as_themes(halves, book):
    _, older = halves
    mapped = code_map(older, book, ["work"], pairs=[("hours", "work"), ("pay", "work")])
    assert mapped.merged == {"work": ("hours", "pay")}


def test_unknown_codes_of_a_map_are_all_named(halves):
    _, older = halves
    newer = Codebook.from_toml(NEWER, where="newer.toml")
    with pytest.raises(InputError) as caught:
        code_map(older, newer, ["hours", "money"], pairs=[("paay", "money"), ("pay", "monney")])
    assert len(caught.value.problems) == 2
    assert "row 2" in str(caught.value)
    assert "row 3" in str(caught.value)


def test_an_older_model_is_followed_as_far_as_it_helps_and_the_manifest_says_so(halves, book, vectors, tmp_path):
    parts, older = halves
    result = train(
        parts[1],
        vectors,
        book,
        level="sub-theme",
        name="newer",
        older=OlderModel.of(older, book, ["hours", "pay", "dog"], version="older@1"),
    )
    facts = result.model.facts
    assert facts["from_model"] == "older@1"
    tried = {float(k): v for k, v in facts["prior_average_precision"].items()}
    assert set(tried) == {0.0, 0.5, 1.0}
    assert tried[facts["prior_strength"]] == max(tried.values())
    assert any("older@1 helps" in note or "does not help" in note for note in result.notes)
    assert set(facts["trained_on"]) == {f"P{i}" for i in range(10)}
    save_model(result.model, tmp_path / "m")
    back = load_model(tmp_path / "m")
    np.testing.assert_array_equal(
        back.probabilities(parts[1].segments, vectors), result.model.probabilities(parts[1].segments, vectors)
    )


def test_a_prior_that_knows_the_answer_is_followed_and_a_wrong_one_is_not():
    rng = np.random.default_rng(0)
    truth = rng.standard_normal((20, 2))
    X = rng.standard_normal((60, 20))
    Y = (X @ truth > 2.0).astype(float)
    groups = np.repeat(np.arange(12), 5)
    from subtheme.classifier.features import dense_only

    right = ThemeClassifier().fit(dense_only(X), Y, groups=groups, prior=truth)
    wrong = ThemeClassifier().fit(dense_only(X), Y, groups=groups, prior=-truth)
    assert right.prior_strength_ > 0
    assert wrong.prior_strength_ == 0
    alone = ThemeClassifier().fit(dense_only(X), Y, groups=groups)
    np.testing.assert_allclose(wrong.predict_proba(dense_only(X)), alone.predict_proba(dense_only(X)), atol=1e-8)


def test_a_prior_of_another_encoder_is_refused(halves, book, vectors):
    from dataclasses import replace

    parts, older = halves
    strange = OlderModel.of(replace(older, encoder="other"), book, parts[1].codes, version="older@1")
    with pytest.raises(ModelError, match="another encoder"):
        train(parts[1], vectors, book, level="sub-theme", name="n", older=strange)


def test_an_older_model_that_has_seen_somebody_is_refused(halves, book, data, vectors):
    _, older = halves
    mapped = OlderModel.of(older, book, ["hours", "pay", "dog"], version="older@1")
    with pytest.raises(ModelError, match=r"trained on 5 of the 10 participants .*, such as P0; .*Train without --from"):
        train(data, vectors, book, level="sub-theme", name="newer", older=mapped)


def test_a_model_named_twice_is_told_on_people_it_has_not_seen(study_tables, book, vectors):
    names = [f"P{i}" for i in range(10)]
    other = train(_of(study_tables, book, names[:5]), vectors, book, level="sub-theme", name="other").model
    side = ModelWithVectors(model=other, vectors=vectors)
    result = compare(side, side, _of(study_tables, book, names))
    assert (result.participants, result.left_out) == (5, 5)
    for own, again, difference in result.figures:
        assert own.value == again.value > 0.9
        assert difference.value == 0.0
    with pytest.raises(ModelError, match="trained on 5 of the 5 coded participants"):
        compare(side, side, _of(study_tables, book, names[:5]))


def test_models_are_compared_on_people_neither_has_seen(study_tables, book, vectors):
    names = [f"P{i}" for i in range(10)]
    first = train(_of(study_tables, book, names[:4]), vectors, book, level="sub-theme", name="first").model
    second = train(_of(study_tables, book, names[1:6]), vectors, book, level="sub-theme", name="second").model
    everyone = _of(study_tables, book, names)
    sides = [ModelWithVectors(model=m, vectors=vectors) for m in (first, second)]
    result = compare(sides[0], sides[1], everyone)
    assert (result.participants, result.left_out) == (4, 6)
    a, b, difference = result.figures[0]
    assert difference.value == pytest.approx(b.value - a.value)
    assert difference.low <= difference.value <= difference.high
    assert "neither was trained on" in result.as_text()
    itself = compare(sides[0], sides[0], everyone)
    assert [(d.value, d.low, d.high) for _, _, d in itself.figures] == [(0.0, 0.0, 0.0)] * 2


def test_comparing_on_training_participants_is_refused(trained, data, vectors):
    side = ModelWithVectors(model=trained.model, vectors=vectors)
    with pytest.raises(ModelError, match="trained on 10 of the 10 coded participants"):
        compare(side, side, data)


def test_decisions_under_another_meaning_are_stale(book, trained):
    newer = Codebook.from_toml(NEWER, where="newer.toml")
    manifest = {"codebook_hash": trained.model.codebook_hash, "code_hashes": trained.model.code_hashes, "facts": {}}
    shown = {"then": book.content_hash[:12], "now": newer.content_hash[:12], "lost": "0" * 12}
    rows = [
        ("same", "hours", shown["now"]),
        ("changed", "hours", shown["then"]),
        ("kept", "work", shown["then"]),
        ("removed", "pay", shown["then"]),
        ("unknown", "hours", shown["lost"]),
    ]
    decisions = pd.DataFrame(
        [{"uid": uid, "code": code, "shown": json.dumps({"codebook": h})} for uid, code, h in rows]
    )
    found = stale_decisions(decisions, newer, [manifest])
    assert dict(zip(found["uid"], found["why"], strict=True)) == {
        "changed": "changed",
        "removed": "removed",
        "unknown": "unknown",
    }
    assert stale_decisions(decisions.iloc[1:3], book, []).empty
    meanings = {manifest["codebook_hash"]: manifest["code_hashes"]}
    later = {"codebook_hash": newer.content_hash, "code_hashes": {}, "facts": {"earlier_codebooks": meanings}}
    pd.testing.assert_frame_equal(stale_decisions(decisions, newer, [later]), found)


def test_a_model_that_was_trained_anew_is_not_taken_for_the_one_that_proposed(trained, tmp_path):
    save_model(trained.model, tmp_path / "m")
    version = model_version(tmp_path / "m")
    assert manifest_of_version(tmp_path, version)["codes"] == list(trained.model.codes)
    save_model(replace(trained.model, facts={**trained.model.facts, "penalty": -1.0}), tmp_path / "m")
    assert manifest_of_version(tmp_path, version) is None
    assert manifest_of_version(tmp_path, "gone@123") is None


def test_a_model_whose_name_holds_an_at_sign_is_found_again(trained, tmp_path):
    save_model(trained.model, tmp_path / "new@home")
    assert manifest_of_version(tmp_path, model_version(tmp_path / "new@home")) is not None


@pytest.mark.parametrize(
    ("strengths", "told"),
    [
        ((0.5, 1.0), "older is followed, and nothing else was tried"),
        ((0.0,), "older was not tried"),
        ((0.0, 1.0), "older does not help and is not used"),
    ],
)
def test_the_words_fit_the_strengths_that_were_tried(strengths, told):
    rng = np.random.default_rng(0)
    X, Y = rng.standard_normal((24, 4)), np.eye(2)[np.arange(24) % 2]
    learner = ThemeClassifier(prior_strengths=strengths, C=(1.0,))
    learner.fit(X, Y, groups=np.repeat(list("abcd"), 6), prior=np.zeros((4, 2)))
    assert following_in_words("older", learner).startswith(told)
