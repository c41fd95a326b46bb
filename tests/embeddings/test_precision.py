"""Both precisions, held to what each promises, on whatever processor the tests run."""

import importlib.util
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from subtheme.embeddings import Engine, Precision, load_encoder, loading, openvino_encoder, precision_of
from subtheme.embeddings.model_folder import packaged_model, verified_folder
from subtheme.errors import InputError, ModelError

if importlib.util.find_spec("openvino") is None:
    pytest.skip("the extra 'fast' is not installed", allow_module_level=True)

SPEECH = [
    "Yes.",
    "No.",
    "",
    "Well,",
    "They put the new rota up on the Monday and nobody had said a word to us about it.",
    "👩‍🔧 The mobile app — it logs you out, ça ne marche pas.",
    *(" ".join(["the", "travel", "time", "is", "ours"] * n) for n in range(1, 30, 4)),
    "We talked about the shift pattern. " * 60 + "The dog barks in the garden. " * 60,
    "💥" * 900,
]
IS_LONG = np.array([len(text.split()) >= 6 for text in SPEECH])
# Neighbours of the very same length share the batch.
CROWD = ["The rota has changed again.", *(f"The rota of {n} is wrong." for n in ("may", "june", "july", "march"))]
EXACT = 2e-6
LEAST_MEAN_COSINE = 0.998
LEAST_COSINE_OF_FEW_WORDS = 0.98


def exact_on(engine, threads=2):
    return load_encoder(engine=engine, threads=threads)


def fast_or_skip(threads=2):
    if not openvino_encoder.multiplies_whole_numbers():
        pytest.skip("this processor does not multiply whole numbers")
    return load_encoder(precision="fast", threads=threads)


@pytest.fixture(scope="module")
def fast():
    return fast_or_skip()


@pytest.fixture(scope="module")
def reference():
    return exact_on(Engine.TORCH, threads=1)


@pytest.fixture(scope="module")
def exact():
    return exact_on(Engine.OPENVINO)


@pytest.fixture
def emulated(monkeypatch):
    """Let this processor pass for one that multiplies whole numbers: weights in eight bits are had everywhere."""
    monkeypatch.setattr(openvino_encoder, "multiplies_whole_numbers", lambda: True)


def fingerprint(arithmetic):
    return f"{verified_folder(packaged_model())[1]}/{arithmetic}/256-split"


def test_exact_is_the_default_and_both_engines_share_one_fingerprint(exact, reference):
    assert type(exact).__name__ == "OpenVinoEncoder"
    assert type(reference).__name__ == "SentenceTransformerEncoder"
    assert exact.fingerprint == reference.fingerprint == load_encoder(threads=1).fingerprint == fingerprint("exact")


def test_exact_vectors_of_both_engines_are_equal(exact, reference):
    mine, theirs = exact.encode(SPEECH), reference.encode(SPEECH)
    assert np.abs(mine - theirs).max() <= EXACT
    assert np.allclose(np.linalg.norm(mine, axis=1), 1, atol=1e-6)


def test_exact_does_not_ask_what_the_processor_can_do(monkeypatch):
    monkeypatch.setattr(openvino_encoder, "multiplies_whole_numbers", lambda: pytest.fail("the processor was asked"))
    compiled = load_encoder(engine=Engine.OPENVINO, threads=1)._model
    assert compiled.get_property("INFERENCE_PRECISION_HINT").to_string() == "f32"
    assert compiled.get_property("DYNAMIC_QUANTIZATION_GROUP_SIZE") == 0


def test_exact_stays_exact_beside_a_notebook_that_wants_it_coarser(reference):
    import torch

    products = torch.backends.mkldnn.matmul
    before, expected = products.fp32_precision, reference.encode(SPEECH)
    seen = []
    reference._model.register_forward_pre_hook(lambda *_: seen.append(products.fp32_precision))
    products.fp32_precision = "bf16"
    try:
        assert reference.encode(SPEECH).tobytes() == expected.tobytes()
        assert products.fp32_precision == "bf16"
    finally:
        products.fp32_precision = before
    assert set(seen) == {"ieee"}


@pytest.mark.parametrize("engine", Engine)
def test_exact_vectors_depend_neither_on_company_nor_on_threads_nor_on_order(engine):
    independent(exact_on(engine), exact_on(engine, threads=1))


def test_fast_vectors_depend_neither_on_company_nor_on_threads_nor_on_order(fast):
    independent(fast, fast_or_skip(threads=1))


def independent(encoder, other):
    together = encoder.encode(SPEECH)
    assert np.concatenate([encoder.encode([t]) for t in SPEECH]).tobytes() == together.tobytes()
    assert other.encode(SPEECH).tobytes() == together.tobytes()
    assert encoder.encode(SPEECH[::-1])[::-1].tobytes() == together.tobytes()
    assert encoder.encode(CROWD)[0].tobytes() == encoder.encode(CROWD[:1])[0].tobytes()


def test_fast_vectors_are_near_the_exact_ones(fast, reference):
    near(fast, reference)


def test_weights_in_eight_bits_leave_the_vectors_near_and_independent(emulated, reference):
    whole = load_encoder(precision="fast", threads=2)
    near(whole, reference)
    independent(whole, load_encoder(precision="fast", threads=1))


def near(encoder, reference):
    assert encoder.fingerprint == fingerprint("fast-int8-g128")
    cosines = (encoder.encode(SPEECH) * reference.encode(SPEECH)).sum(axis=1)
    assert cosines[IS_LONG].mean() >= LEAST_MEAN_COSINE
    assert cosines[~IS_LONG].min() >= LEAST_COSINE_OF_FEW_WORDS
    assert np.abs(cosines - 1).max() > EXACT


WORKS_EVERYWHERE = r'precision = "exact" under \[embeddings\] in study.toml, which works everywhere'


def test_fast_where_it_is_not_to_be_had_is_one_clear_error(monkeypatch):
    monkeypatch.setattr(openvino_encoder, "multiplies_whole_numbers", lambda: False)
    reason = "cannot be had here: this processor does not multiply whole numbers faster"
    with pytest.raises(ModelError, match=rf"precision 'fast' {reason}.*AVX-512 VNNI.*Set {WORKS_EVERYWHERE}") as caught:
        load_encoder(precision="fast", threads=1)
    assert len(caught.value.problems) == 1
    for of_a_model in ("fast-int8-g128", "openvino-int8-g128"):
        with pytest.raises(ModelError, match=rf"trained with precision 'fast', which {reason}.*Train again with"):
            load_encoder(threads=1, wanted=fingerprint(of_a_model))


def test_fast_vectors_that_are_too_coarse_are_refused(emulated, monkeypatch):
    monkeypatch.setattr(openvino_encoder, "_LEAST_MEAN_COSINE", 1.1)
    with pytest.raises(ModelError, match=rf"in whole numbers the model is too coarse .*{WORKS_EVERYWHERE}"):
        load_encoder(precision="fast", threads=1)


def test_a_precision_that_there_is_not_is_refused():
    with pytest.raises(InputError, match=r"no precision 'exakt'.*expected exact or fast.*Did you mean 'exact'"):
        load_encoder(precision="exakt")


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize("before", ["torch-fp32", "openvino-f32", "exact"])
def test_a_model_of_either_engine_is_applied_with_either(engine, before):
    encoder = load_encoder(threads=1, engine=engine, wanted=fingerprint(before))
    assert encoder.fingerprint == fingerprint("exact")


def test_more_texts_than_a_slice_keep_their_order(exact):
    texts = [f"visit {n}" for n in range(1500)]
    vectors = exact.encode(texts)
    picked = [0, 1023, 1024, 1499]
    assert vectors[picked].tobytes() == exact.encode([texts[i] for i in picked]).tobytes()


def test_progress_counts_whole_texts_and_duplicates_once(exact):
    seen = []
    exact.encode(["one", "two words", "one", "word " * 600], progress=lambda *x: seen.append(x))
    assert seen[-1] == (3, 3)
    assert exact.encode([]).shape == (0, 384)


def test_without_openvino_sentence_transformers_is_used_and_the_reason_told(monkeypatch):
    monkeypatch.setattr(loading, "find_spec", lambda name: None)
    told = []
    encoder = load_encoder(threads=1, tell=told.append, wanted=fingerprint("openvino-f32"))
    assert encoder.fingerprint == fingerprint("exact")
    reason = "OpenVINO, which is faster, is not installed (pip install 'subtheme[fast]')"
    assert told == [f"Embedding with sentence-transformers: {reason}"]
    with pytest.raises(ModelError, match=r"precision 'fast' cannot be had here: OpenVINO.*pip install"):
        load_encoder(precision="fast")
    with pytest.raises(ModelError, match=r"precision 'exact' cannot be had here.*expected OpenVINO, and a model"):
        load_encoder(engine=Engine.OPENVINO)


def test_an_engine_that_fails_is_replaced_and_the_reason_told(monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("no kernel")

    monkeypatch.setattr(openvino_encoder, "OpenVinoEncoder", fails)
    told = []
    assert load_encoder(threads=1, tell=told.append).fingerprint == fingerprint("exact")
    assert told == ["Embedding with sentence-transformers: OpenVINO fails (RuntimeError)"]


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the packaged model in a folder."""
    return shutil.copytree(packaged_model().folder, tmp_path / "mine")


def pool_maximum(folder):
    pooling = folder / "1_Pooling" / "config.json"
    settings = json.loads(pooling.read_text())
    settings |= {"pooling_mode_max_tokens": True, "pooling_mode_mean_tokens": False}
    pooling.write_text(json.dumps(settings))


def test_a_model_of_another_kind_is_left_to_sentence_transformers(folder):
    pool_maximum(folder)
    told = []
    encoder = load_encoder(str(folder), threads=1, tell=told.append)
    assert precision_of(encoder.fingerprint) is Precision.EXACT
    reason = "the model is no BERT encoder with mean or first-piece pooling and vectors of length 1"
    assert told == [f"Embedding with sentence-transformers: {reason}"]
    with pytest.raises(ModelError, match=f"precision 'fast' cannot be had here: {reason}"):
        patched_to_be_fast(str(folder))


def patched_to_be_fast(name):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openvino_encoder, "multiplies_whole_numbers", lambda: True)
        return load_encoder(name, precision="fast", threads=1)


def test_a_model_in_a_folder_goes_by_its_files_wherever_it_lies(folder, tmp_path):
    mine = load_encoder(str(folder), threads=1, engine=Engine.OPENVINO)
    theirs = load_encoder(str(shutil.copytree(folder, tmp_path / "theirs")), threads=1, engine=Engine.TORCH)
    assert mine.fingerprint == theirs.fingerprint
    assert np.abs(mine.encode(SPEECH) - theirs.encode(SPEECH)).max() <= EXACT
    pool_maximum(folder)
    assert load_encoder(str(folder), threads=1, engine=Engine.TORCH).fingerprint != mine.fingerprint
    (folder / "1_Pooling" / "config.json").write_text("{}")
    with pytest.raises(ModelError, match=r"the model cannot be loaded \(TypeError\)"):
        load_encoder(str(folder), threads=1)


def test_a_model_in_a_folder_is_found_by_the_names_it_had_before(folder):
    """Names as version 0.1.0 gave them to this folder."""
    assert (
        load_encoder(str(folder), threads=1, wanted="mine:acad6cf67a9c2a78/openvino-f32/256-split")
        .encode(SPEECH[:1])
        .any()
    )
    assert (
        load_encoder(str(folder), threads=1, wanted="mine:fd964d56fd22afae/torch-fp32/256-split")
        .encode(SPEECH[:1])
        .any()
    )
    with pytest.raises(ModelError, match="gives other vectors than the model was trained on"):
        load_encoder(str(folder), threads=1, wanted="mine:0000000000000000/torch-fp32/256-split")


def test_weights_that_are_stored_as_halves_are_multiplied_as_floats(folder):
    from safetensors.numpy import load_file, save_file

    weights = folder / "model.safetensors"
    save_file({name: value.astype(np.float16) for name, value in load_file(weights).items()}, weights)
    first, second = (load_encoder(str(folder), threads=1, engine=engine).encode(SPEECH) for engine in Engine)
    assert np.abs(first - second).max() <= EXACT


def test_a_fingerprint_that_no_encoder_gives_is_refused():
    with pytest.raises(ModelError, match=r"gives other vectors than the model was trained on .*expected other:0000"):
        load_encoder(wanted="other:0000/torch-fp32/256-split", threads=1)
    with pytest.raises(ModelError, match=r"vectors that this version of subtheme does not make.*Install the version"):
        load_encoder(wanted="other:0000/openvino-int4/256-split")


CODE = "from subtheme.embeddings import load_encoder; load_encoder(threads=1).encode(['The rota has changed.'])"


def environment(home):
    # The reporting keeps quiet where CI is set or the home cannot be written: here it would speak up.
    return {"HOME": str(home), "PATH": "/usr/bin:/bin"}


def test_no_trace_of_the_reporting_package_is_left(tmp_path):
    check = f"{CODE}\nimport sys\nassert not {{'openvino_telemetry', 'torch'}} & set(sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", check], env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_process_tries_a_lookup_or_a_connection(tmp_path):
    """Traced system calls of the process and of all its children: no socket but unnamed ones, no connection."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    control = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import socket; socket.socket().bind((chr(49)+\"27.0.0.1\", 0))'])"
    assert network_calls(strace, control, tmp_path), "the trace does not see a child process"
    assert network_calls(strace, CODE, tmp_path) == []


def network_calls(strace, code, home):
    trace = home / "trace"
    command = [strace, "-f", "-qq", "-e", "trace=socket,connect,bind,sendto,sendmsg", "-o", str(trace)]
    done = subprocess.run(
        [*command, sys.executable, "-c", code], env=environment(home), capture_output=True, text=True, check=False
    )
    if "ptrace" in done.stderr:
        pytest.skip("system calls cannot be traced here")
    assert done.returncode == 0, done.stderr
    return [line for line in trace.read_text().splitlines() if "AF_INET" in line or "connect(" in line]
