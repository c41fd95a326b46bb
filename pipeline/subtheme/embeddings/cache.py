"""Vectors on disk, found by the content of their text.

One folder per encoder, named by the digest of its fingerprint; in it packs of vectors as safetensors
files. A pack holds, for every text, the SHA-256 of the text, the vector, and a check over both. Packs are
written under a temporary name and then renamed, and never changed; a pack or an entry that is damaged is
left out, so that its vector is computed again.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from subtheme.embeddings.encoder import Vectors
from subtheme.embeddings.fingerprint import earlier_fingerprints

FORMAT = "subtheme-vectors/1"
_CHECK_BYTES = 8


class VectorCache:
    """A content-addressed cache of vectors.

    Parameters
    ----------
    folder : Path
        Made when the first vector is stored.

    Attributes
    ----------
    damaged : int
        Packs and entries found damaged so far; their vectors are computed again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.damaged = 0

    def load(self, texts: Sequence[str], *, fingerprint: str, dimension: int) -> dict[str, Vectors]:
        """Return the vectors that are kept for `texts`, by text; what is not kept is left out."""
        wanted = {_key(text): text for text in texts}
        found: dict[str, Vectors] = {}
        for name, path in self._packs(fingerprint):
            pack = _read_pack(path, fingerprint=name, dimension=dimension)
            if pack is None:
                self.damaged += 1
                continue
            keys, vectors, checks = pack
            for i, raw in enumerate(keys):
                text = wanted.get(raw.tobytes())
                if text is None or text in found:
                    continue
                if _check(raw.tobytes(), vectors[i]) != checks[i].tobytes():
                    self.damaged += 1
                    continue
                found[text] = vectors[i]
        return found

    def store(self, texts: Sequence[str], vectors: Vectors, *, fingerprint: str) -> None:
        """Keep one vector per text."""
        from safetensors.numpy import save

        if not texts:
            return
        place = self._place(fingerprint)
        place.mkdir(parents=True, exist_ok=True)
        keys = [_key(text) for text in texts]
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        checks = [_check(key, vector) for key, vector in zip(keys, vectors, strict=True)]
        data = save(
            {
                "keys": np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), -1),
                "vectors": vectors,
                "checks": np.frombuffer(b"".join(checks), dtype=np.uint8).reshape(len(keys), -1),
            },
            metadata={"format": FORMAT, "fingerprint": fingerprint},
        )
        name = hashlib.sha256(data).hexdigest()[:32]
        temporary = place / f".{name}.{secrets.token_hex(4)}.part"
        try:
            with temporary.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(place / f"{name}.safetensors")
        finally:
            temporary.unlink(missing_ok=True)

    def _packs(self, fingerprint: str) -> Iterator[tuple[str, Path]]:
        """Yield all packs of an encoder, with the name under which it made them."""
        for name in (fingerprint, *earlier_fingerprints(fingerprint)):
            for path in sorted(self._place(name).glob("*.safetensors")):
                yield name, path

    def _place(self, fingerprint: str) -> Path:
        return self.folder / hashlib.sha256(f"encoder:{fingerprint}".encode()).hexdigest()[:16]


_Bytes = npt.NDArray[np.uint8]


def _read_pack(path: Path, *, fingerprint: str, dimension: int) -> tuple[_Bytes, Vectors, _Bytes] | None:
    """Return keys, vectors and checks of a pack, or None where it is damaged or of another encoder."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as pack:
            header = pack.metadata() or {}
            if header.get("format") != FORMAT or header.get("fingerprint") != fingerprint:
                return None
            keys, vectors, checks = (pack.get_tensor(name) for name in ("keys", "vectors", "checks"))
    except (SafetensorError, OSError):
        return None
    count = len(vectors)
    good = vectors.shape == (count, dimension) and keys.shape == (count, 32) and checks.shape == (count, _CHECK_BYTES)
    return (keys, vectors, checks) if good else None


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()


def _check(key: bytes, vector: Vectors) -> bytes:
    return hashlib.blake2b(key + vector.tobytes(), digest_size=_CHECK_BYTES).digest()
