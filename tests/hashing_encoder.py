"""A tiny deterministic encoder for tests: hashed words, no model, no download."""

import hashlib
import re

import numpy as np


class HashingEncoder:
    """Sums one fixed random-looking vector per word; texts that share words are near each other."""

    def __init__(self, dimension: int = 32, name: str = "hashing") -> None:
        self.dimension = dimension
        self.fingerprint = f"{name}/{dimension}"
        self.calls: list[list[str]] = []

    def encode(self, texts, *, progress=None):
        self.calls.append(list(texts))
        vectors = np.zeros((len(texts), self.dimension))
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()) or ["<empty>"]:
                seed = int.from_bytes(hashlib.sha256(f"{self.fingerprint}:{word}".encode()).digest()[:8], "big")
                vectors[row] += np.random.default_rng(seed).standard_normal(self.dimension)
            if progress is not None:
                progress(row + 1, len(texts))
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
