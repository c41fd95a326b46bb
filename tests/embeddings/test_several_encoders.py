"""Encoders side by side, and which of them a study takes."""

import numpy as np
import pytest
from hashing_encoder import HashingEncoder

from subtheme.embeddings import VectorCache, embed, load_encoder, loading, precision_of, selection
from subtheme.embeddings.selection import PACKAGED, encoder_selection
from subtheme.embeddings.side_by_side import SideBySide, narrowed

TEXTS = ["They changed the rota.", "Nobody had told us.", ""]
MINILM, USE, BGE = PACKAGED


@pytest.fixture
def pair():
    return SideBySide([HashingEncoder(name="one"), HashingEncoder(name="two")], is_choice=True)


def test_side_by_side_every_cosine_is_the_mean_of_those_of_the_encoders(pair):
    whole = embed(TEXTS, encoder=pair)
    parts = [embed(TEXTS, encoder=one) for one in pair.encoders]
    assert whole.shape == (3, pair.dimension)
    assert np.allclose(np.linalg.norm(whole[:2], axis=1), 1, atol=1e-6)
    assert np.allclose(whole @ whole.T, (parts[0] @ parts[0].T + parts[1] @ parts[1].T) / 2, atol=1e-6)
    widths = [one.dimension for one in pair.encoders]
    assert np.allclose(narrowed(whole, widths, [1]), parts[1], atol=1e-6)
    assert np.allclose(narrowed(whole, widths, [0, 1]), whole)


def test_each_encoder_keeps_its_vectors_for_itself(pair, tmp_path):
    cache = VectorCache(tmp_path)
    embed(TEXTS, encoder=pair.encoders[1], cache=cache)
    pair.encoders[1].calls.clear()
    embed(TEXTS, encoder=pair, cache=cache)
    assert pair.encoders[1].calls == []


def test_a_study_takes_what_suits_its_languages_and_is_installed(monkeypatch):
    there = set(PACKAGED.values())
    monkeypatch.setattr(selection, "find_spec", lambda name: name if name in there else None)
    assert encoder_selection("auto").names == (MINILM, USE, BGE)
    assert encoder_selection("auto", languages={"en"}).is_choice
    assert encoder_selection("auto", languages={"de", "en"}).names == (USE, MINILM)
    assert encoder_selection("auto", languages={"de"}).note == ""
    assert "covers the languages fi, sv" in encoder_selection("auto", languages={"sv", "fi", "de"}).note
    assert encoder_selection(" one , two,one").names == ("one", "two")
    assert not encoder_selection("one, two").is_choice
    there.clear()
    alone = encoder_selection("auto", languages={"fr"})
    assert (alone.names, alone.is_choice) == ((MINILM,), False)
    assert "subtheme[multilingual]" in alone.note


def test_encoders_of_a_model_are_found_again_by_their_fingerprints(monkeypatch):
    asked = []

    def one(name, *, wanted, **_):
        asked.append((name, wanted))
        return HashingEncoder(name=name)

    monkeypatch.setattr(loading, "_one", one)
    wanted = f"{MINILM}:1/exact/256-split + folder:2/exact/512-split"
    found = load_encoder("auto, ../own", wanted=wanted)
    assert asked == [(MINILM, f"{MINILM}:1/exact/256-split"), ("../own", "folder:2/exact/512-split")]
    assert isinstance(found, SideBySide)
    assert not found.is_choice
    assert precision_of(wanted) == "exact"
    assert precision_of(wanted.replace("256", "256").replace("1/exact", "1/fast-int8-g128")) == "fast"
