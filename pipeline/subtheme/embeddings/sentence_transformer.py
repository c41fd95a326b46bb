"""The adapter of sentence-transformers: the only module that imports it and torch."""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.embeddings.encoder import Progress, Vectors
from subtheme.errors import ModelError, Problem

# Word pieces in one batch. Between 256 and 1,024 the speed is flat; above, activations leave the cache.
_TOKENS_PER_BATCH = 512
_MOST_THREADS = 4


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
        self._threads = threads or _available_threads()
        self._pieces = int(self._model.max_seq_length or 512)
        identity = identity or f"{name.rstrip('/').rsplit('/', maxsplit=1)[-1]}:{_weights_digest(self._model)[:16]}"
        self._fingerprint = f"{identity}/torch-fp32/{self._pieces}-split"
        self._dimension = int(self._model.get_embedding_dimension())

    @property
    def fingerprint(self) -> str:
        """Name and digest of the model, engine and precision, and word pieces read at once."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Return one vector of length 1 per text, float32, shape (len(texts), dimension)."""
        distinct = list(dict.fromkeys(texts))
        parts: list[str] = []
        owners: list[int] = []
        for number, text in enumerate(distinct):
            own = list(self._parts(text))
            parts += own
            owners += [number] * len(own)
        lengths = self._lengths(parts)
        sums = np.zeros((len(distinct), self._dimension), dtype=np.float64)
        done = 0
        last = {owner: i for i, owner in enumerate(owners)}
        finished = np.array([last[owner] == i for i, owner in enumerate(owners)], dtype=bool)
        vectors = np.zeros((len(parts), self._dimension), dtype=np.float32)
        for rows, values in self._batches(parts, lengths):
            vectors[rows] = values
            done += int(finished[rows].sum())
            if progress is not None:
                progress(done, len(distinct))
        np.add.at(sums, owners, vectors.astype(np.float64) * np.maximum(lengths, 1)[:, None])
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        unit = (sums / np.where(norms > 0, norms, 1)).astype(np.float32)
        position = {text: i for i, text in enumerate(distinct)}
        return unit[[position[t] for t in texts]].reshape(len(texts), self._dimension)

    def _lengths(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the number of word pieces of every text, without special ones."""
        if not texts:
            return np.zeros(0, dtype=np.int64)
        ids = self._tokenizer(list(texts), add_special_tokens=False, truncation=False, padding=False, verbose=False)
        return np.array([len(x) for x in ids["input_ids"]], dtype=np.int64)

    def _parts(self, text: str) -> Iterator[str]:
        """Yield `text`, cut at white space as often as needed for the model to read every part whole."""
        most = self._pieces - int(self._tokenizer.num_special_tokens_to_add())
        # A word piece has at least one character, so that short texts need not be counted.
        if len(text) <= most:
            yield text
            return
        count = int(self._lengths([text])[0])
        if count <= most:
            yield text
            return
        words = [m.start() for m in re.finditer(r"\S+", text)]
        wanted = -(-count // most)
        if len(words) > 1:
            cuts = sorted({words[i * len(words) // wanted] for i in range(1, wanted)} - {words[0]})
            cuts = cuts or [words[len(words) // 2]]
        else:
            cuts = [len(text) // 2]
        for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
            yield from self._parts(text[start:end])

    def _batches(
        self, parts: list[str], lengths: npt.NDArray[np.int64]
    ) -> Iterator[tuple[npt.NDArray[np.int64], Vectors]]:
        """Yield rows of `parts` with their vectors, batch by batch of equal length, in a fixed order."""
        import torch

        batches: list[npt.NDArray[np.int64]] = []
        for length in np.unique(lengths):
            rows = np.flatnonzero(lengths == length)
            # Texts of one word piece run alone: only for them did the batch change the last digits.
            size = max(1, _TOKENS_PER_BATCH // int(length)) if length > 1 else 1
            batches += [rows[i : i + size] for i in range(0, len(rows), size)]
        before = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            with ThreadPoolExecutor(self._threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
                # Tokenised here and not in the threads: the tokenizer does not bear two callers at once.
                window = 4 * self._threads
                for start in range(0, len(batches), window):
                    chunk = batches[start : start + window]
                    inputs = [self._inputs([parts[i] for i in rows]) for rows in chunk]
                    yield from zip(chunk, pool.map(self._forward, inputs), strict=True)
        finally:
            torch.set_num_threads(before)

    def _inputs(self, texts: list[str]) -> dict[str, Any]:
        return dict(self._tokenizer(texts, padding=False, truncation=False, return_tensors="pt"))

    def _forward(self, inputs: dict[str, Any]) -> Vectors:
        import torch

        with torch.inference_mode():
            vectors: Vectors = self._model(inputs)["sentence_embedding"].numpy().astype(np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(norms > 0, norms, 1), dtype=np.float32)


def _available_threads() -> int:
    """Return how many batches to work on at once; ``OMP_NUM_THREADS`` is obeyed like elsewhere."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(_MOST_THREADS, available)


def _loaded(name: str, *, is_hub_name: bool) -> Any:
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(
            name,
            device="cpu",
            trust_remote_code=False,
            local_files_only=not is_hub_name,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
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
