"""Segments per second: our encoder against the out-of-the-box call, and against what the machine can multiply.

    python benchmarks/embedding_speed.py [--texts 400] [--rounds 3] [--json]

The texts are segments of the sample study, so that anybody can repeat it. The engines take turns in every round and
the ratios are medians over the rounds, so that other work on the machine meets them alike. The peak is the best product
of float32 matrices that numpy, torch or OpenVINO reaches on the same processors.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from subtheme.embeddings import Encoder, load_encoder
from subtheme.embeddings.model_folder import packaged_model, verified_folder
from subtheme.embeddings.threads import available_threads
from subtheme.nouns import Role
from subtheme.segments import segment_transcript
from subtheme.transcripts import read_transcripts

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample" / "transcripts"
LAYERS, WIDTH, INNER = 6, 384, 1536


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One run: seconds on the clock and of the processor, and the vectors."""

    wall_s: float
    cpu_s: float
    vectors: np.ndarray


def sample_texts(count: int) -> list[str]:
    texts: dict[str, None] = {}
    for path in sorted(SAMPLE.iterdir()):
        for transcript in read_transcripts(path):
            people = {t.speaker: transcript.id for t in transcript.turns if t.role is Role.PARTICIPANT}
            texts.update(dict.fromkeys(s.text for s in segment_transcript(transcript, participants=people)))
        if len(texts) >= count:
            break
    return list(texts)[:count]


def timed(encode: Callable[[list[str]], np.ndarray], texts: list[str]) -> Timing:
    wall, cpu = time.perf_counter(), time.process_time()
    vectors = encode(texts)
    return Timing(wall_s=time.perf_counter() - wall, cpu_s=time.process_time() - cpu, vectors=vectors)


def out_of_the_box() -> Callable[[list[str]], np.ndarray]:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(verified_folder(packaged_model())[0]), device="cpu")
    return model.encode


def reference() -> Encoder:
    identity = verified_folder(packaged_model())[1]
    return load_encoder(wanted=f"{identity}/torch-fp32/256-split")


def operations(texts: list[str]) -> float:
    """Return the floating-point operations that the products of matrices take for `texts`."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(verified_folder(packaged_model())[0] / "tokenizer.json"))
    tokenizer.no_padding()
    lengths = np.array([len(e) for e in tokenizer.encode_batch(texts)], dtype=np.float64)
    linear = 2 * LAYERS * (4 * WIDTH**2 + 2 * WIDTH * INNER)
    attention = 2 * LAYERS * 2 * WIDTH
    return float((lengths * linear + lengths**2 * attention).sum())


def peak_per_s(*, wall: bool) -> float:
    """Return the operations per second (of the clock or of the processor) of the best product of matrices.

    In the shapes of the model, and square; by numpy, by torch, and by OpenVINO itself.
    """
    import torch

    random = np.random.default_rng(0)
    clock = time.perf_counter if wall else time.process_time
    best = 0.0
    for rows, inner, columns in ((1024, WIDTH, INNER), (1024, INNER, WIDTH), (2048, 2048, 2048)):
        a, b = random.random((rows, inner), dtype=np.float32), random.random((inner, columns), dtype=np.float32)
        ta, tb = torch.from_numpy(a), torch.from_numpy(b)
        repeats = max(1, int(4e9 / (2 * rows * inner * columns)))
        for multiply in (partial(np.matmul, a, b), partial(torch.matmul, ta, tb), product_by_openvino(a, b)):
            multiply()
            for _ in range(6):
                began = clock()
                for _ in range(repeats):
                    multiply()
                best = max(best, repeats * 2 * rows * inner * columns / (clock() - began))
    return best


def product_by_openvino(a: np.ndarray, b: np.ndarray) -> Callable[[], object]:
    from subtheme.embeddings.openvino_encoder import core, openvino_package

    openvino = openvino_package()
    op = openvino.opset13
    given = op.parameter(list(a.shape), np.float32)
    product = op.matmul(given, op.constant(b), transpose_a=False, transpose_b=False)
    settings = {"INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": 1, "INFERENCE_NUM_THREADS": available_threads()}
    request = core().compile_model(openvino.Model([product], [given]), "CPU", settings).create_infer_request()
    return partial(request.infer, {0: a})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    texts = sample_texts(given.texts)
    ours = load_encoder()
    engines = {"default": out_of_the_box(), "ours": ours.encode, "sentence-transformers, ours": reference().encode}
    for encode in engines.values():
        encode(texts[:32])
    runs: dict[str, list[Timing]] = {name: [] for name in engines}
    peaks: list[tuple[float, float]] = []
    for _ in range(given.rounds):
        for name, encode in engines.items():
            runs[name].append(timed(encode, texts))
        peaks.append((peak_per_s(wall=True), peak_per_s(wall=False)))
    work = operations(texts)
    cosines = (runs["default"][0].vectors * runs["ours"][0].vectors).sum(axis=1)

    def ratio(name: str, field: str) -> float:
        pairs = zip(runs["default"], runs[name], strict=True)
        return statistics.median(getattr(d, field) / getattr(r, field) for d, r in pairs)

    best = min(t.wall_s for t in runs["ours"])
    result = {
        "fingerprint": ours.fingerprint,
        "threads": available_threads(),
        "texts": len(texts),
        "ratio_to_default": round(ratio("ours", "wall_s"), 2),
        "ratio_to_default_cpu": round(ratio("ours", "cpu_s"), 2),
        "reference_engine_to_default": round(ratio("sentence-transformers, ours", "wall_s"), 2),
        "share_of_peak": round(work / best / max(p for p, _ in peaks), 3),
        "share_of_peak_cpu": round(work / min(t.cpu_s for t in runs["ours"]) / max(p for _, p in peaks), 3),
        "mean_cosine": round(float(cosines.mean()), 6),
        "lowest_cosine": round(float(cosines.min()), 6),
    }
    if given.json:
        print(json.dumps(result, indent=1))
        return
    for key, value in result.items():
        print(f"{key:28} {value}")


if __name__ == "__main__":
    main()
