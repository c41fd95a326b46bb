"""Which encoders a learner takes, and that nothing else changes by it."""

import numpy as np
import pytest
from hashing_encoder import HashingEncoder

from subtheme.classifier import load_model, save_model
from subtheme.classifier.encoder_choice import encoder_choice, sets_of
from subtheme.classifier.features import EncoderColumns, dense_features, dense_only
from subtheme.classifier.known_features import CountedSet
from subtheme.classifier.training import train
from subtheme.classifier.unseen import splits_of, unseen
from subtheme.embeddings import EncoderPart, embed_codebook, embed_segments
from subtheme.embeddings.side_by_side import SideBySide


class Deaf(HashingEncoder):
    """Gives every text a vector that says nothing of its words."""

    def encode(self, texts, *, progress=None):
        vectors = np.stack(
            [np.random.default_rng([len(text), *text.encode()]).standard_normal(self.dimension) for text in texts]
        )
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def three():
    return [HashingEncoder(name="good:1/exact"), Deaf(name="deaf:1/exact"), HashingEncoder(name="other:1/exact")]


def test_the_first_alone_and_every_two_are_tried():
    assert sets_of(1) == [(0,)]
    assert sets_of(3) == [(0,), (0, 1), (0, 2), (1, 2)]


def test_columns_of_some_encoders_are_what_they_alone_would_give(study_tables, three):
    segments = study_tables[0]
    every = dense_features(segments, embed_segments(segments, encoder=SideBySide(three)))
    widths = [one.dimension for one in three]
    for chosen in [(0,), (1, 2), (0, 2), (0, 1, 2)]:
        alone = SideBySide([three[i] for i in chosen])
        wanted = dense_features(segments, embed_segments(segments, encoder=alone))
        taken = EncoderColumns.of(widths, chosen).taken(dense_only(every)).dense
        assert np.allclose(taken, wanted, atol=1e-6)


def test_an_encoder_that_says_nothing_is_left_out():
    rng = np.random.default_rng(1)
    Y = (rng.random((240, 3)) < 0.3).astype(float)
    telling = np.repeat(Y @ rng.standard_normal((3, 8)) + 0.3 * rng.standard_normal((240, 8)), 1, axis=0)
    noise = 3 * rng.standard_normal((240, 8))
    groups = np.repeat([f"P{i}" for i in range(12)], 20).astype(object)

    def chosen(*encoders):
        blocks = [np.concatenate(encoders, axis=1) / np.sqrt(2)] + [np.zeros((240, 16))] * 7 + [np.zeros((240, 24))]
        parts = [EncoderPart(fingerprint=f"{name}:1", width=8) for name in "ab"]
        return encoder_choice(dense_only(np.concatenate(blocks, axis=1)), Y, groups=groups, parts=parts)

    assert chosen(telling, noise).chosen == (0,)
    second = chosen(noise, telling)
    assert second.chosen == (0, 1)
    assert second.as_dict()["chosen"] == "a + b"
    assert set(second.as_dict()["tried"]) == {"a", "a + b"}
    assert "encoders chosen on folds of the training participants: a + b (macro average precision" in second.in_words()


def test_a_model_is_of_the_encoders_that_were_chosen_and_says_why(data, study_tables, book, three, tmp_path):
    encoder = SideBySide(three[:2], is_choice=True)
    vectors = embed_segments(study_tables[0], encoder=encoder)
    described = embed_codebook(book, encoder=encoder, with_examples=False)
    result = train(data, vectors, book, level="sub-theme", name="model", descriptions=described)
    facts = result.model.facts["encoders"]
    assert set(facts["tried"]) == {"good", "good + deaf"}
    kept = three[: 1 + ("deaf" in facts["chosen"])]
    assert result.model.encoder == " + ".join(one.fingerprint for one in kept)
    assert any(note.startswith("encoders chosen on folds") for note in result.notes)
    save_model(result.model, tmp_path / "model")
    assert (
        "chosen on inner folds by macro average precision: good" in (tmp_path / "model" / "model-card.md").read_text()
    )
    own = embed_segments(study_tables[0], encoder=SideBySide(kept) if kept[1:] else kept[0])
    opened = load_model(tmp_path / "model").probabilities(study_tables[0], own)
    assert opened.shape == (len(study_tables[0]), len(result.model.codes))


def test_encoders_that_are_settled_are_not_chosen_among(data, study_tables, book, three):
    vectors = embed_segments(study_tables[0], encoder=SideBySide(three[:2]))
    result = train(data, vectors, book, level="sub-theme", name="model")
    assert "encoders" not in result.model.facts
    assert result.model.encoder == vectors.fingerprint


def test_what_is_tested_does_not_choose(data, study_tables, three):
    vectors = embed_segments(study_tables[0], encoder=SideBySide(three[:2], is_choice=True))
    counted = CountedSet.of(study_tables[0], vectors)
    groups = study_tables[0]["participant"].to_numpy(dtype=object)
    split = splits_of(np.unique(groups, return_inverse=True)[1] % 3)[0]
    Y = data.Y
    before = unseen(counted, Y, groups, [split])[0].probabilities
    other = Y.copy()
    other[split.test] = 1 - other[split.test]
    assert np.array_equal(unseen(counted, other, groups, [split])[0].probabilities, before)
