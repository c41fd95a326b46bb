"""The adapter of OpenVINO: the only module that imports it.

OpenVINO's converter reports every import to an analytics host, from a process of its own. The package that does
so is out of reach during the import; a system-call trace in the tests holds that no look-up is tried.
"""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.embeddings.bert_graph import BertGraph, BertShape, Weights
from subtheme.embeddings.encoder import Progress, Vectors
from subtheme.embeddings.fingerprint import fingerprint_of
from subtheme.embeddings.parts import Integers, Parts, batches_of_equal_length, parts_of
from subtheme.embeddings.precision import Precision
from subtheme.embeddings.threads import available_threads
from subtheme.process import hidden

_PIECES_PER_BATCH = 1024
# Texts tokenised at a time, while the texts before them are in the model.
_TEXTS_PER_SLICE = 1024
_GROUP = 128
# Kernels are kept by the shape of a batch, and an encoder at work for hours meets hundreds of shapes.
_KERNELS_KEPT = 256
_LEAST_MEAN_COSINE = 0.998
# Invented; they decide whether arithmetic in whole numbers is as exact here as where it was measured.
_PROBES = (
    "They changed the rota on Friday and nobody had asked us.",
    "Well, you would have to ask the office about that, because nobody has ever told me.",
    "I get paid by the visit, so the travelling in between is my own time, and the petrol comes out of my own pocket.",
)


_MEAN, _FIRST_PIECE = "pooling_mode_mean_tokens", "pooling_mode_cls_token"


class UnsuitableModelError(Exception):
    """The model is no plain BERT encoder with mean pooling, or not to be had so fast; the message says why."""


class OpenVinoEncoder:
    """Encodes with a BERT model from its safetensors file, on all processors that are available.

    Every batch runs on one thread and holds parts of one length, several batches run at a time, and the tokenizer
    works ahead of the model. A vector depends neither on what else is encoded nor on the number of threads.

    Parameters
    ----------
    folder : Path
        Folder of a sentence-transformers model.
    identity : str
        Name and digest of the model.
    precision : Precision
        Fast only where this processor multiplies whole numbers, and the vectors keep near those in floating point.
    threads : int, optional
        Batches worked on at the same time.

    Raises
    ------
    UnsuitableModelError
        If the model is of another kind, or `precision` is not to be had on this processor.
    """

    def __init__(
        self,
        folder: Path,
        *,
        identity: str,
        precision: Precision = Precision.EXACT,
        threads: int | None = None,
    ) -> None:
        shape, pieces = _shape_and_pieces(folder)
        weights = _weights(folder)
        self._pieces = pieces
        self._threads = threads or available_threads()
        self._tokenizer = _tokenizer(folder)
        self._dimension = shape.width
        if precision is Precision.FAST and not multiplies_whole_numbers():
            raise UnsuitableModelError("this processor does not multiply whole numbers faster")
        self._model = self._compiled(weights, shape, precision)
        if precision is Precision.FAST and not self._agrees_with_float(weights, shape):
            raise UnsuitableModelError(
                f"in whole numbers the model is too coarse (mean cosine below {_LEAST_MEAN_COSINE})"
            )
        self._fingerprint = fingerprint_of(identity, precision=precision, pieces=pieces)

    @property
    def fingerprint(self) -> str:
        """Name and digest of the model, arithmetic, and word pieces read at once."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Return one vector of length 1 per text, float32, shape (len(texts), dimension)."""
        distinct = list(dict.fromkeys(texts))
        vectors = np.zeros((len(distinct), self._dimension), dtype=np.float32)
        done = 0
        for start, parts, pieces in self._tokenised(distinct):
            count = int(parts.owners[-1]) + 1
            vectors[start : start + count] = parts.pooled(self._run(self._model, pieces, parts.lengths))
            done += count
            if progress is not None:
                progress(done, len(distinct))
        place = {text: i for i, text in enumerate(distinct)}
        return vectors[[place[t] for t in texts]].reshape(len(texts), self._dimension)

    def _tokenised(self, texts: list[str]) -> Iterator[tuple[int, Parts, list[npt.NDArray[np.int32]]]]:
        """Yield slices of `texts` in order: where each starts, its parts, and the word pieces of every part."""
        starts = range(0, len(texts), _TEXTS_PER_SLICE)
        with ThreadPoolExecutor(1) as ahead:
            slices = [texts[i : i + _TEXTS_PER_SLICE] for i in starts]
            following = ahead.submit(self._pieces_of, slices[0]) if slices else None
            for number, start in enumerate(starts):
                assert following is not None
                parts, pieces = following.result()
                following = ahead.submit(self._pieces_of, slices[number + 1]) if slices[number + 1 :] else None
                yield start, parts, pieces

    def _pieces_of(self, texts: list[str]) -> tuple[Parts, list[npt.NDArray[np.int32]]]:
        special = int(self._tokenizer.num_special_tokens_to_add(is_pair=False))
        parts = parts_of(texts, lengths=self._lengths, most=self._pieces - special)
        encoded = self._tokenizer.encode_batch_fast(list(parts.texts))
        return parts, [np.array(e.ids, dtype=np.int32) for e in encoded]

    def _lengths(self, texts: Sequence[str]) -> Integers:
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return np.array([len(e) for e in encoded], dtype=np.int64)

    def _run(self, model: Any, pieces: list[npt.NDArray[np.int32]], lengths: Integers) -> Vectors:
        import openvino

        vectors = np.zeros((len(pieces), self._dimension), dtype=np.float32)

        def keep(request: Any, rows: Integers) -> None:
            vectors[rows] = request.get_output_tensor(0).data

        queue = openvino.AsyncInferQueue(model, self._threads)
        queue.set_callback(keep)
        # The longest last batches would leave one processor idle at the end.
        for rows in reversed(batches_of_equal_length(lengths, pieces_per_batch=_PIECES_PER_BATCH)):
            queue.start_async({0: np.stack([pieces[i] for i in rows])}, rows)
        queue.wait_all()
        return vectors

    def _compiled(self, weights: Weights, shape: BertShape, precision: Precision) -> Any:
        openvino = openvino_package()
        output, given = BertGraph(openvino.opset13, weights, shape, quantised=precision is Precision.FAST).build()
        return core().compile_model(
            openvino.Model([output], [given]), "CPU", _settings(precision, threads=self._threads)
        )

    def _agrees_with_float(self, weights: Weights, shape: BertShape) -> bool:
        parts, pieces = self._pieces_of(list(_PROBES))
        whole = self._run(self._model, pieces, parts.lengths)
        exact = self._run(self._compiled(weights, shape, Precision.EXACT), pieces, parts.lengths)
        return bool((whole * exact).sum(axis=1).mean() >= _LEAST_MEAN_COSINE)


def openvino_package() -> Any:
    """Return the package, imported without the one that reports to an analytics host."""
    with hidden("openvino_telemetry"):
        import openvino

    return openvino


@cache
def core() -> Any:
    """Return the one core of this process, which compiles models."""
    return openvino_package().Core()


def _settings(precision: Precision, *, threads: int) -> dict[str, Any]:
    # Both are said and not left to OpenVINO, which chooses by the processor: bfloat16 on some, whole numbers on others.
    return {
        "INFERENCE_PRECISION_HINT": "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": _GROUP if precision is Precision.FAST else 0,
        "NUM_STREAMS": threads,
        "INFERENCE_NUM_THREADS": threads,
        "ENABLE_CPU_PINNING": False,
        "CPU_RUNTIME_CACHE_CAPACITY": _KERNELS_KEPT,
    }


@cache
def multiplies_whole_numbers() -> bool:
    """Return whether OpenVINO quantises activations on this processor: it does only where that is faster.

    One small product is computed with and without; where the setting has no effect, both are equal.
    """
    openvino = openvino_package()
    op = openvino.opset13
    random = np.random.default_rng(0)
    whole = random.integers(-127, 128, size=(256, 256)).astype(np.int8)
    given = op.parameter([-1, 256], np.float32)
    matrix = op.multiply(op.convert(op.constant(whole), np.float32), op.constant(np.full((256, 1), 0.01, np.float32)))
    model = openvino.Model([op.matmul(given, matrix, transpose_a=False, transpose_b=True)], [given])
    values = random.standard_normal((64, 256)).astype(np.float32)
    plain, quantised = (core().compile_model(model, "CPU", _settings(p, threads=1))({0: values})[0] for p in Precision)
    return not np.array_equal(plain, quantised)


def _shape_and_pieces(folder: Path) -> tuple[BertShape, int]:
    """Return the shape of the model in `folder`, and the word pieces that it reads at once."""
    try:
        modules = [m["type"].rpartition(".")[2] for m in _json(folder / "modules.json")]
        pooling = _json(folder / "1_Pooling" / "config.json")
        modes = [key for key, value in pooling.items() if key.startswith("pooling_mode_") and value is True]
        shape = BertShape.of(_json(folder / "config.json"), is_first_piece=modes == [_FIRST_PIECE])
        pieces = int(_json(folder / "sentence_bert_config.json")["max_seq_length"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnsuitableModelError("the model is not described by the files of sentence-transformers") from error
    is_known = modules == ["Transformer", "Pooling", "Normalize"] and modes in ([_MEAN], [_FIRST_PIECE])
    if shape is None or not is_known:
        raise UnsuitableModelError(
            "the model is no BERT encoder with mean or first-piece pooling and vectors of length 1"
        )
    return shape, pieces


def _weights(folder: Path) -> Weights:
    """Return the weights as float32, whatever they are stored as: halves would be multiplied as halves."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        stored = load_file(folder / "model.safetensors")
    except (OSError, SafetensorError, TypeError, KeyError, AttributeError) as error:
        raise UnsuitableModelError("the model has no readable model.safetensors") from error
    return {name: values.astype(np.float32, copy=False) for name, values in stored.items()}


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the tokenizer raises the bare class
        raise UnsuitableModelError("the model has no readable tokenizer.json") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
