"""Segments per second: our encoder in both precisions against the out-of-the-box call, and what the machine can multiply.

    python benchmarks/embedding_speed.py [--texts 400] [--rounds 3] [--json]

The texts are segments of the sample study, so that anybody can repeat it. The engines take turns in every round and
the ratios are medians over the rounds, so that other work on the machine meets them alike. Each precision is held against
the peak of its own arithmetic: the best product of float32 matrices that numpy, torch or OpenVINO reaches on the same
processors, and the best of whole numbers of eight bits that torch or OpenVINO reaches. ``fast`` is left out, and said to be,
on a processor without instructions for it.
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
from smoke import options_of

from subtheme.embeddings import Encoder, Engine, Precision, load_encoder, precision_of
from subtheme.embeddings.model_folder import packaged_model, verified_folder
from subtheme.embeddings.threads import available_threads
from subtheme.errors import ModelError
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


def operations(texts: list[str]) -> float:
    """Return the floating-point operations that the products of matrices take for `texts`."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(verified_folder(packaged_model())[0] / "tokenizer.json"))
    tokenizer.no_padding()
    lengths = np.array([len(e) for e in tokenizer.encode_batch(texts)], dtype=np.float64)
    linear = 2 * LAYERS * (4 * WIDTH**2 + 2 * WIDTH * INNER)
    attention = 2 * LAYERS * 2 * WIDTH
    return float((lengths * linear + lengths**2 * attention).sum())


def peaks_per_s(products: Callable[[np.ndarray, np.ndarray], list[Callable[[], object]]]) -> tuple[float, float]:
    """Return the operations per second, of the clock and of the processor, of the best of `products`.

    In the shapes of the model, and square.
    """
    random = np.random.default_rng(0)
    best = (0.0, 0.0)
    for rows, inner, columns in ((1024, WIDTH, INNER), (1024, INNER, WIDTH), (2048, 2048, 2048)):
        a, b = random.random((rows, inner), dtype=np.float32), random.random((inner, columns), dtype=np.float32)
        repeats = max(1, int(2e9 / (2 * rows * inner * columns)))
        work = repeats * 2 * rows * inner * columns
        for multiply in products(a, b):
            multiply()
            for _ in range(4):
                wall, cpu = time.perf_counter(), time.process_time()
                for _ in range(repeats):
                    multiply()
                found = work / (time.perf_counter() - wall), work / (time.process_time() - cpu)
                best = max(best[0], found[0]), max(best[1], found[1])
    return best


def float_products(a: np.ndarray, b: np.ndarray) -> list[Callable[[], object]]:
    import torch

    ours = product_by_openvino(a, b, is_whole=False)
    return [partial(np.matmul, a, b), partial(torch.matmul, torch.from_numpy(a), torch.from_numpy(b)), ours]


def whole_products(a: np.ndarray, b: np.ndarray) -> list[Callable[[], object]]:
    import torch

    ta, tb = (torch.from_numpy((127 * x).astype(np.int8)) for x in (a, b))
    return [partial(torch._int_mm, ta, tb), product_by_openvino(a, b, is_whole=True)]


def product_by_openvino(a: np.ndarray, b: np.ndarray, *, is_whole: bool) -> Callable[[], object]:
    from subtheme.embeddings.openvino_encoder import core, openvino_package

    openvino = openvino_package()
    op = openvino.opset13
    given = op.parameter(list(a.shape), np.float32)
    matrix = op.constant(np.ascontiguousarray(b.T))
    if is_whole:
        whole = op.constant((127 * b.T).astype(np.int8))
        matrix = op.multiply(op.convert(whole, np.float32), op.constant(np.full((b.shape[1], 1), 1 / 127, np.float32)))
    product = op.matmul(given, matrix, transpose_a=False, transpose_b=True)
    settings = {
        "INFERENCE_PRECISION_HINT": "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": 128 if is_whole else 0,
        "NUM_STREAMS": 1,
        "INFERENCE_NUM_THREADS": available_threads(),
    }
    request = core().compile_model(openvino.Model([product], [given]), "CPU", settings).create_infer_request()
    return partial(request.infer, {0: a})


PRODUCTS = {Precision.EXACT: float_products, Precision.FAST: whole_products}


def encoders() -> dict[str, Encoder | str]:
    """Return our encoders by name, or why one is not to be had here."""
    found: dict[str, Encoder | str] = {f"{Precision.EXACT}, sentence-transformers": load_encoder(engine=Engine.TORCH)}
    for precision in Precision:
        try:
            found[precision.value] = load_encoder(precision=precision, engine=Engine.OPENVINO)
        except ModelError as error:
            found[precision.value] = error.problems[0].what
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = options_of(parser, smallest={"texts": 16, "rounds": 1})
    texts = sample_texts(given.texts)
    found = encoders()
    ours = {name: encoder for name, encoder in found.items() if not isinstance(encoder, str)}
    calls = {"default": out_of_the_box(), **{name: encoder.encode for name, encoder in ours.items()}}
    for encode in calls.values():
        encode(texts[:32])
    runs: dict[str, list[Timing]] = {name: [] for name in calls}
    peaks: dict[Precision, list[tuple[float, float]]] = {p: [] for p in Precision if p in ours}
    for _ in range(given.rounds):
        for name, encode in calls.items():
            runs[name].append(timed(encode, texts))
        for precision, found_peaks in peaks.items():
            found_peaks.append(peaks_per_s(PRODUCTS[precision]))
    work = operations(texts)

    def figures(name: str, encoder: Encoder) -> dict[str, object]:
        pairs = list(zip(runs["default"], runs[name], strict=True))
        cosines = (runs["default"][0].vectors * runs[name][0].vectors).sum(axis=1)
        precision = precision_of(encoder.fingerprint) or Precision.EXACT
        wall, cpu = (max(values) for values in zip(*peaks[precision], strict=True))
        return {
            "fingerprint": encoder.fingerprint,
            "ratio_to_default": round(statistics.median(d.wall_s / r.wall_s for d, r in pairs), 2),
            "ratio_to_default_cpu": round(statistics.median(d.cpu_s / r.cpu_s for d, r in pairs), 2),
            "share_of_own_peak": round(work / min(t.wall_s for t in runs[name]) / wall, 3),
            "share_of_own_peak_cpu": round(work / min(t.cpu_s for t in runs[name]) / cpu, 3),
            "mean_cosine": round(float(cosines.mean()), 6),
            "lowest_cosine": round(float(cosines.min()), 6),
        }

    result: dict[str, object] = {
        "threads": available_threads(),
        "texts": len(texts),
        "peak_gops": {p.value: round(max(wall for wall, _ in peaks[p]) / 1e9, 1) for p in peaks},
        **{name: figures(name, encoder) for name, encoder in ours.items()},
        **{name: reason for name, reason in found.items() if isinstance(reason, str)},
    }
    if given.json:
        print(json.dumps(result, indent=1))
        return
    for name, value in result.items():
        if isinstance(value, dict):
            print(name)
            for key, figure in value.items():
                print(f"  {key:26} {figure}")
        else:
            print(f"{name:28} {value}")


if __name__ == "__main__":
    main()
