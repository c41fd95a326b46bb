"""A model is trained with one engine and applied with the other."""

import importlib.util
import json

import numpy as np
import pytest

from subtheme.classifier import load_model, save_model
from subtheme.classifier.model_file import content_hash
from subtheme.classifier.training import train
from subtheme.embeddings import Engine, embed_segments, load_encoder

if importlib.util.find_spec("openvino") is None:
    pytest.skip("the extra 'fast' is not installed", allow_module_level=True)


@pytest.fixture(scope="module")
def vectors_by(study_tables):
    return {e: embed_segments(study_tables[0], encoder=load_encoder(engine=e, threads=2)) for e in Engine}


@pytest.mark.parametrize("home", Engine)
def test_a_model_proposes_the_same_with_either_engine(home, vectors_by, data, book, study_tables, tmp_path):
    save_model(train(data, vectors_by[home], book, level="sub-theme", name="m").model, tmp_path / "m")
    model = load_model(tmp_path / "m")
    here, there = (model.probabilities(study_tables[0], vectors_by[engine]) for engine in Engine)
    assert not np.array_equal(vectors_by[Engine.TORCH].text, vectors_by[Engine.OPENVINO].text)
    assert np.abs(here - there).max() < 1e-4
    assert np.array_equal(here >= model.weights.thresholds, there >= model.weights.thresholds)


def test_model_and_card_say_the_precision(vectors_by, data, book, tmp_path):
    save_model(train(data, vectors_by[Engine.TORCH], book, level="sub-theme", name="m").model, tmp_path / "m")
    assert json.loads((tmp_path / "m" / "manifest.json").read_text(encoding="utf-8"))["precision"] == "exact"
    card = (tmp_path / "m" / "model-card.md").read_text(encoding="utf-8")
    assert "- precision exact (floating point; the same on every machine)" in card


@pytest.mark.parametrize("engine", ["torch-fp32", "openvino-f32"])
def test_a_model_that_named_its_engine_is_read_as_what_it_is(engine, vectors_by, data, book, study_tables, tmp_path):
    save_model(train(data, vectors_by[Engine.TORCH], book, level="sub-theme", name="m").model, tmp_path / "m")
    file = tmp_path / "m" / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    del manifest["precision"]
    manifest["encoder"] = manifest["encoder"].replace("/exact/", f"/{engine}/")
    manifest["content_hash"] = content_hash(manifest)
    file.write_text(json.dumps(manifest), encoding="utf-8")
    model = load_model(tmp_path / "m")
    assert model.probabilities(study_tables[0], vectors_by[Engine.OPENVINO]).shape == (120, 2)
