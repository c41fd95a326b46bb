"""The adapter of sentence-transformers: the only module that imports it and torch."""

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

from subtheme.embeddings.encoder import Progress, Vectors
from subtheme.embeddings.fingerprint import fingerprint_of
from subtheme.embeddings.parts import Integers, Parts, batches_of_equal_length, parts_of
from subtheme.embeddings.precision import Precision
from subtheme.embeddings.threads import available_threads
from subtheme.errors import ModelError, Problem

# Word pieces in one batch. Between 256 and 1,024 the speed is flat; above, activations leave the cache.
_TOKENS_PER_BATCH = 512


class SentenceTransformerEncoder:
    """Encodes with a sentence-transformers model on the processor.

    Only texts of equal length share a batch and every batch runs on one thread, so that a vector depends
    neither on what else is encoded nor on the number of threads. A text longer than the model reads is
    split at white space, and its vector is the mean over the parts weighted by their word pieces.

    Parameters
    ----------
    name : str
        Folder of the model, or its name on the hub.
    identity : str, optional
        Name and digest of a verified model; by default computed from the weights.
    is_hub_name : bool
        Whether `name` may be fetched from the hub.
    threads : int, optional
        Batches worked on at the same time.

    Raises
    ------
    ModelError
        If the model cannot be loaded.
    """

    def __init__(
        self, name: str, *, identity: str | None = None, is_hub_name: bool = False, threads: int | None = None
    ) -> None:
        self._model = _loaded(name, is_hub_name=is_hub_name)
        self._tokenizer: Any = self._model.tokenizer
        self._threads = threads or available_threads()
        self._pieces = int(self._model.max_seq_length or 512)
        identity = identity or f"{name.rstrip('/').rsplit('/', maxsplit=1)[-1]}:{_weights_digest(self._model)[:16]}"
        self._fingerprint = fingerprint_of(identity, precision=Precision.EXACT, pieces=self._pieces)
        self._dimension = int(self._model.get_embedding_dimension())

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
        most = self._pieces - int(self._tokenizer.num_special_tokens_to_add())
        parts = parts_of(distinct, lengths=self._lengths, most=most)
        vectors = np.zeros((len(parts.texts), self._dimension), dtype=np.float32)
        closes = parts.closes
        done = 0
        for rows, values in self._batches(parts):
            vectors[rows] = values
            done += int(closes[rows].sum())
            if progress is not None:
                progress(done, len(distinct))
        unit = parts.pooled(vectors)
        position = {text: i for i, text in enumerate(distinct)}
        return unit[[position[t] for t in texts]].reshape(len(texts), self._dimension)

    def _lengths(self, texts: Sequence[str]) -> Integers:
        if not texts:
            return np.zeros(0, dtype=np.int64)
        ids = self._tokenizer(list(texts), add_special_tokens=False, truncation=False, padding=False, verbose=False)
        return np.array([len(x) for x in ids["input_ids"]], dtype=np.int64)

    def _batches(self, parts: Parts) -> Iterator[tuple[Integers, Vectors]]:
        """Yield rows of `parts` with their vectors, batch by batch of equal length, in a fixed order."""
        import torch

        # Texts of at most one word piece run alone: only for them did the batch change the last digits.
        tiny = np.flatnonzero(parts.lengths <= 1)
        longer = np.flatnonzero(parts.lengths > 1)
        batches = [tiny[[i]] for i in range(len(tiny))]
        batches += [
            longer[rows] for rows in batches_of_equal_length(parts.lengths[longer], pieces_per_batch=_TOKENS_PER_BATCH)
        ]
        with (
            _one_thread_in_full_precision(),
            ThreadPoolExecutor(self._threads, initializer=torch.set_num_threads, initargs=(1,)) as pool,
        ):
            # Tokenised here and not in the threads: the tokenizer does not bear two callers at once.
            window = 4 * self._threads
            for start in range(0, len(batches), window):
                chunk = batches[start : start + window]
                inputs = [self._inputs([parts.texts[i] for i in rows]) for rows in chunk]
                yield from zip(chunk, pool.map(self._forward, inputs), strict=True)

    def _inputs(self, texts: list[str]) -> dict[str, Any]:
        return dict(self._tokenizer(texts, padding=False, truncation=False, return_tensors="pt"))

    def _forward(self, inputs: dict[str, Any]) -> Vectors:
        import torch

        with torch.inference_mode():
            vectors: Vectors = self._model(inputs)["sentence_embedding"].numpy().astype(np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(norms > 0, norms, 1), dtype=np.float32)


@contextmanager
def _one_thread_in_full_precision() -> Iterator[None]:
    """Let torch multiply on one thread and in float32, and put back what a notebook may have set for itself."""
    import torch

    products: Any = torch.backends.mkldnn.matmul  # type: ignore[attr-defined]
    threads = torch.get_num_threads()
    before = products.fp32_precision
    torch.set_num_threads(1)
    if before not in ("none", "ieee"):
        products.fp32_precision = "ieee"
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        if products.fp32_precision != before:
            products.fp32_precision = before


def _loaded(name: str, *, is_hub_name: bool) -> Any:
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        model = SentenceTransformer(
            name,
            device="cpu",
            trust_remote_code=False,
            local_files_only=not is_hub_name,
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, SafetensorError) as error:
        raise ModelError(
            Problem(
                what=f"the model cannot be loaded ({type(error).__name__})",
                where=name,
                expected="a folder with a sentence-transformers model (safetensors), or its name on the hub",
                remedy="Check the path; a name on the hub needs the network the first time",
            )
        ) from error
    return model.eval()


def _weights_digest(model: Any) -> str:
    """Return the SHA-256 over all weights in the order of their names, and the tokenizer."""
    digest = hashlib.sha256()
    for key, value in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    digest.update(backend.to_str().encode() if backend is not None else repr(model.tokenizer).encode())
    return digest.hexdigest()
