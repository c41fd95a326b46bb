"""Where a model comes from: the package, a folder, or a hub; and the name that its vectors go by."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from subtheme.embeddings.encoder import DEFAULT_ENCODER
from subtheme.embeddings.model_folder import file_digest, packaged_model, verified_folder
from subtheme.errors import ModelError, Problem, suggestion

_SHAPING = frozenset({".safetensors", ".json", ".txt", ".model"})
_OTHER_FORMS = frozenset({"onnx", "openvino"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSource:
    """A model before it is loaded.

    Attributes
    ----------
    name : str
        Path of its folder, or its name on a hub.
    folder : Path or None
        None where it comes from a hub.
    identity : str or None
        Name and digest; None where the weights must be loaded to know it.
    """

    name: str
    folder: Path | None
    identity: str | None

    @classmethod
    def of(cls, name: str, *, wanted: str | None = None) -> Self:
        """Return the source of the model that `name` stands for.

        Parameters
        ----------
        name : str
            `DEFAULT_ENCODER`, a folder, or a name on a hub.
        wanted : str, optional
            Identity by which a trained model knows it. Before, a folder went by two other names, which still hold.

        Raises
        ------
        ModelError
            If the packaged model is missing or damaged, or the name is none of the three.
        """
        if name == DEFAULT_ENCODER:
            folder, identity = verified_folder(packaged_model())
            return cls(name=str(folder), folder=folder, identity=identity)
        if Path(name).is_dir():
            return cls(name=name, folder=Path(name), identity=_identity(Path(name), wanted=wanted))
        if "/" in name:
            return cls(name=name, folder=None, identity=None)
        raise ModelError(
            Problem(
                what=f"no encoder '{name}'",
                expected=f"{DEFAULT_ENCODER}, a folder, or a name on the hub such as organisation/model",
                remedy=suggestion(name, [DEFAULT_ENCODER]) or "Correct embeddings.encoder in study.toml",
            )
        )


def _identity(folder: Path, *, wanted: str | None) -> str | None:
    """Return the name of the model in a folder: the digest of every file that shapes its vectors, wherever it lies."""
    if wanted is not None and wanted.startswith(f"{folder.name}:"):
        before = "".join(file_digest(p) for n in ("model.safetensors", "tokenizer.json") if (p := folder / n).is_file())
        if wanted == f"{folder.name}:{hashlib.sha256(before.encode()).hexdigest()[:16]}":
            return wanted
        return None
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.suffix in _SHAPING and not _OTHER_FORMS & set(place.parts) and path.is_file():
            digest.update(f"{place.as_posix()}:{file_digest(path)}\n".encode())
    return f"folder:{digest.hexdigest()[:16]}"
