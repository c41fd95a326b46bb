"""What vectors are called, and that what was made under earlier names is found."""

import numpy as np
import pytest
from hashing_encoder import HashingEncoder

from subtheme.embeddings import Precision, VectorCache, current_fingerprint, embed, precision_of
from subtheme.embeddings.fingerprint import earlier_fingerprints, fingerprint_of, model_in


@pytest.mark.parametrize(
    ("before", "now", "precision"),
    [
        ("m:1/torch-fp32/256-split", "m:1/exact/256-split", Precision.EXACT),
        ("m:1/openvino-f32/256-split", "m:1/exact/256-split", Precision.EXACT),
        ("m:1/openvino-int8-g128/256-split", "m:1/fast-int8-g128/256-split", Precision.FAST),
        ("m:1/openvino-int4/256-split", "m:1/openvino-int4/256-split", None),
        ("hashing/32", "hashing/32", None),
        ("x", "x", None),
    ],
)
def test_earlier_fingerprints_are_read_as_what_they_are(before, now, precision):
    assert current_fingerprint(before) == now
    assert current_fingerprint(now) == now
    assert precision_of(now) is precision
    if precision is not None:
        assert before in earlier_fingerprints(now)
        assert fingerprint_of("m:1", precision=precision, pieces=256) == now
        assert model_in(now) == "m:1"
    else:
        assert earlier_fingerprints(now) == ()


def named(fingerprint):
    encoder = HashingEncoder()
    encoder.fingerprint = fingerprint
    return encoder


def test_a_cache_of_either_engine_serves_both_and_never_another_precision(tmp_path):
    first = embed(["one"], encoder=named("m:1/torch-fp32/9-split"), cache=VectorCache(tmp_path))
    second = embed(["two"], encoder=named("m:1/openvino-f32/9-split"), cache=VectorCache(tmp_path))
    exact = named("m:1/exact/9-split")
    both = embed(["one", "two"], encoder=exact, cache=VectorCache(tmp_path))
    assert exact.calls == []
    assert both.tobytes() == np.concatenate([first, second]).tobytes()
    fast = named("m:1/fast-int8-g128/9-split")
    embed(["one", "two"], encoder=fast, cache=VectorCache(tmp_path))
    assert sorted(t for call in fast.calls for t in call) == ["one", "two"]
