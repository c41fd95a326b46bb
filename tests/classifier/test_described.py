"""Beginning from what the codebook says of its codes."""

import json
from dataclasses import replace

import numpy as np
import pytest

from subtheme.classifier import load_model, save_model
from subtheme.classifier.described import described_weights
from subtheme.classifier.evaluation import evaluate
from subtheme.classifier.features import dense_features
from subtheme.classifier.known_features import CountedSet
from subtheme.classifier.learner import mean_average_precision
from subtheme.classifier.training import train
from subtheme.classifier.unseen import Split, unseen
from subtheme.embeddings import CodeVectors, SegmentVectors
from subtheme.errors import ModelError

TOLD = {"hours": "start early rota changes morning", "pay": "wage stands still budget"}


def _described(texts, encoder):
    return CodeVectors(
        codes=tuple(texts), description=encoder.encode(list(texts.values())), fingerprint=encoder.fingerprint
    )


@pytest.fixture(scope="module")
def described(word_vectors):
    return _described(TOLD, word_vectors)


def test_a_segment_scores_for_a_code_as_it_resembles_its_description(data, vectors, described):
    dense = dense_features(data.segments, vectors)
    weights = described_weights(described, vectors, ("pay", "hours"), columns=dense.shape[1])
    own = vectors.text[vectors.rows(data.segments["segment"])].astype(float)
    cosines = own @ described.description[[1, 0]].T.astype(float)
    expected = cosines - cosines.mean(axis=1, keepdims=True)
    scores = dense @ weights
    np.testing.assert_allclose(scores / scores[0, 0], expected / expected[0, 0], rtol=1e-9, atol=1e-12)
    assert (scores[:, 0] > scores[:, 1]).tolist() == (cosines[:, 0] > cosines[:, 1]).tolist()
    assert not weights[own.shape[1] :].any()


def test_descriptions_of_another_encoder_are_refused(data, vectors, described, book):
    strange = replace(described, fingerprint="words/64")
    with pytest.raises(ModelError, match="embedded by another encoder than the segments"):
        train(data, vectors, book, level="sub-theme", name="m", descriptions=strange)
    with pytest.raises(ModelError, match="words/32"):
        evaluate(data, vectors, case_of={f"P{i}": "A" for i in range(10)}, descriptions=strange, curve=False)


def test_what_all_descriptions_share_changes_nothing(data, vectors, book, trained, word_vectors):
    same = _described(dict.fromkeys(TOLD, "the codebook says the same of every code"), word_vectors)
    result = train(data, vectors, book, level="sub-theme", name="model", descriptions=same)
    assert result.model.facts["prior_strength"] == 0.0
    assert any("does not help and is not used" in note for note in result.notes)
    np.testing.assert_allclose(
        result.model.probabilities(data.segments, vectors),
        trained.model.probabilities(data.segments, vectors),
        atol=1e-6,
    )


@pytest.fixture(scope="module")
def vague(data):
    """Return segments whose words say nothing and whose vectors are noise around their code, and the codes' centres."""
    rng = np.random.default_rng(5)
    centres = np.eye(2, 32)
    vectors = data.Y @ centres + 0.5 * rng.standard_normal((len(data.Y), 32))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = tuple(data.segments["segment"])
    return (
        replace(data, segments=data.segments.assign(text="aye", question="")),
        SegmentVectors(
            segments=ids,
            text=vectors.astype(np.float32),
            question=np.zeros((len(ids), 32), dtype=np.float32),
            fingerprint="invented",
        ),
        CodeVectors(codes=data.codes, description=centres.astype(np.float32), fingerprint="invented"),
    )


def test_descriptions_help_where_excerpts_are_few(vague):
    data, vectors, described = vague
    counted = CountedSet.of(data.segments, vectors)
    prior = described_weights(described, vectors, data.codes, columns=counted.dense.shape[1])
    people = data.segments["participant"].to_numpy(dtype=str)
    split = Split(train=np.flatnonzero(people < "P2"), test=np.flatnonzero(people >= "P2"))
    alone, begun = (
        mean_average_precision(
            unseen(counted, data.Y, data.groups, [split], prior=p)[0].probabilities, data.Y[split.test]
        )
        for p in (None, prior)
    )
    assert begun > alone + 0.05


def test_the_model_that_began_from_descriptions_is_read_back_bit_for_bit_and_says_so(vague, book, tmp_path):
    data, vectors, described = vague
    result = train(data, vectors, book, level="sub-theme", name="model", descriptions=described)
    facts = result.model.facts
    tried = {float(k): v for k, v in facts["prior_average_precision"].items()}
    assert set(tried) == {0.0, 0.5, 1.0}
    assert facts["prior_strength"] > 0
    assert tried[facts["prior_strength"]] == max(tried.values())
    assert "from_model" not in facts
    assert any(note.startswith("what the codebook says of its codes helps") for note in result.notes)
    save_model(result.model, tmp_path / "m")
    assert "begun from what the codebook says" in (tmp_path / "m" / "model-card.md").read_text(encoding="utf-8")
    back = load_model(tmp_path / "m")
    np.testing.assert_array_equal(
        back.probabilities(data.segments, vectors), result.model.probabilities(data.segments, vectors)
    )
    manifest = json.loads((tmp_path / "m" / "manifest.json").read_text(encoding="utf-8"))
    manifest["facts"]["prior_strength"] = 0.25
    (tmp_path / "m" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ModelError):
        load_model(tmp_path / "m")
