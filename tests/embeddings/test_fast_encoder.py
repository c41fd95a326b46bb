import importlib.util
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from subtheme.embeddings import load_encoder, loading, openvino_encoder
from subtheme.embeddings.model_folder import packaged_model
from subtheme.errors import ModelError

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
]


@pytest.fixture(scope="module")
def fast():
    return load_encoder(threads=2)


@pytest.fixture(scope="module")
def reference():
    return load_encoder(threads=1, wanted=load_encoder_fingerprint("torch-fp32"))


def load_encoder_fingerprint(engine: str) -> str:
    from subtheme.embeddings.model_folder import verified_folder

    return f"{verified_folder(packaged_model())[1]}/{engine}/256-split"


def test_the_vectors_are_those_of_the_reference(fast, reference):
    assert "/openvino-" in fast.fingerprint
    assert "/torch-fp32/" in reference.fingerprint
    long = ["We talked about the shift pattern. " * 60 + "The dog barks in the garden. " * 60, "💥" * 900]
    mine, theirs = fast.encode([*SPEECH, *long]), reference.encode([*SPEECH, *long])
    cosines = (mine * theirs).sum(axis=1)
    assert cosines.mean() >= 0.998
    assert cosines.min() >= 0.995
    assert np.allclose(np.linalg.norm(mine, axis=1), 1, atol=1e-6)


def test_in_floating_point_the_vectors_are_equal_to_the_seventh_digit(reference):
    exact = load_encoder(threads=1, wanted=load_encoder_fingerprint("openvino-f32"))
    assert np.abs(exact.encode(SPEECH) - reference.encode(SPEECH)).max() < 2e-6


def test_a_vector_depends_neither_on_company_nor_on_threads_nor_on_order(fast):
    together = fast.encode(SPEECH)
    assert np.concatenate([fast.encode([t]) for t in SPEECH]).tobytes() == together.tobytes()
    assert load_encoder(threads=1).encode(SPEECH).tobytes() == together.tobytes()
    assert fast.encode(SPEECH[::-1])[::-1].tobytes() == together.tobytes()
    # Neighbours of the very same length share the batch.
    crowd = ["The rota has changed again.", *(f"The rota of {n} is wrong." for n in ("may", "june", "july", "march"))]
    assert fast.encode(crowd)[0].tobytes() == fast.encode(crowd[:1])[0].tobytes()


def test_with_weights_in_eight_bits_the_vectors_stay_near_and_independent(reference, monkeypatch):
    monkeypatch.setattr(openvino_encoder, "_multiplies_whole_numbers", lambda: True)
    whole = load_encoder(threads=2)
    assert "/openvino-int8-g128/" in whole.fingerprint
    together = whole.encode(SPEECH)
    cosines = (together * reference.encode(SPEECH)).sum(axis=1)
    assert cosines[[len(t.split()) > 3 for t in SPEECH]].mean() >= 0.998
    assert np.concatenate([whole.encode([t]) for t in SPEECH]).tobytes() == together.tobytes()
    assert load_encoder(threads=1).encode(SPEECH[::-1])[::-1].tobytes() == together.tobytes()


def test_eight_bits_are_left_alone_where_they_are_too_coarse_or_not_to_be_had(monkeypatch):
    wanted = load_encoder_fingerprint("openvino-int8-g128")
    monkeypatch.setattr(openvino_encoder, "_multiplies_whole_numbers", lambda: True)
    monkeypatch.setattr(openvino_encoder, "_LEAST_MEAN_COSINE", 1.1)
    assert "/openvino-f32/" in load_encoder(threads=1).fingerprint
    with pytest.raises(ModelError, match=r"does not multiply whole numbers.*Train again on this machine"):
        load_encoder(threads=1, wanted=wanted)
    monkeypatch.setattr(openvino_encoder, "_multiplies_whole_numbers", lambda: False)
    with pytest.raises(ModelError, match="does not multiply whole numbers"):
        load_encoder(threads=1, wanted=wanted)


def test_more_texts_than_a_slice_keep_their_order(fast):
    texts = [f"visit {n}" for n in range(1500)]
    vectors = fast.encode(texts)
    picked = [0, 1023, 1024, 1499]
    assert vectors[picked].tobytes() == fast.encode([texts[i] for i in picked]).tobytes()


def test_progress_counts_whole_texts_and_duplicates_once(fast):
    seen = []
    fast.encode(["one", "two words", "one", "word " * 600], progress=lambda *x: seen.append(x))
    assert seen[-1] == (3, 3)
    assert fast.encode([]).shape == (0, 384)


def test_without_the_engine_sentence_transformers_is_used_and_the_reason_told(monkeypatch):
    monkeypatch.setattr(loading, "find_spec", lambda name: None)
    told = []
    encoder = load_encoder(threads=1, tell=told.append)
    assert "/torch-fp32/" in encoder.fingerprint
    assert told == [
        "Embedding with sentence-transformers: the fast engine is not installed (pip install 'subtheme[fast]')"
    ]
    with pytest.raises(ModelError, match=r"trained with the fast engine, which is not installed.*train again"):
        load_encoder(wanted=load_encoder_fingerprint("openvino-f32"))


def test_a_model_of_another_kind_is_left_to_sentence_transformers(tmp_path):
    folder = tmp_path / "other"
    shutil.copytree(packaged_model().folder, folder)
    pooling = folder / "1_Pooling" / "config.json"
    settings = json.loads(pooling.read_text())
    settings |= {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    pooling.write_text(json.dumps(settings))
    told = []
    encoder = load_encoder(str(folder), threads=1, tell=told.append)
    assert "/torch-fp32/" in encoder.fingerprint
    assert told == [
        "Embedding with sentence-transformers: the model is no BERT encoder with mean pooling and vectors of length 1"
    ]


def test_a_fingerprint_that_no_engine_gives_is_refused():
    with pytest.raises(ModelError, match=r"gives other vectors than the model was trained on .*expected other:0000"):
        load_encoder(wanted="other:0000/torch-fp32/256-split")
    with pytest.raises(ModelError, match=r"the engine 'openvino-int4', which this version .*expected openvino-f32"):
        load_encoder(wanted="other:0000/openvino-int4/256-split")


CODE = "from subtheme.embeddings import load_encoder; load_encoder(threads=1).encode(['The rota has changed.'])"


def environment(home):
    # The reporting keeps quiet where CI is set or the home cannot be written: here it would speak up.
    return {"HOME": str(home), "PATH": "/usr/bin:/bin"}


def test_no_trace_of_the_reporting_package_is_left(tmp_path):
    check = f"{CODE}\nimport sys\nassert sys.modules['openvino_telemetry'] is None\nassert 'torch' not in sys.modules"
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
