"""Where a model comes from: the package, a folder, or a hub; and the name that its vectors go by."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from subtheme.embeddings.encoder import DEFAULT_ENCODER
from subtheme.embeddings.model_folder import file_digest, packaged_model, verified_folder
from subtheme.errors import ModelError, Problem, suggestion

CONSENT = "SUBTHEME_ALLOW_DOWNLOAD"
"""Variable by which the person at this machine, and no study folder, allows that a host is asked for a model."""
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
            If the packaged model is missing or damaged, the name is none of the three, or to follow it would reach
            another machine and nobody at this one has allowed that.
        """
        if name == DEFAULT_ENCODER:
            folder, identity = verified_folder(packaged_model())
            return cls(name=str(folder), folder=folder, identity=identity)
        is_share = name.startswith(("//", "\\\\"))
        if is_share and not _is_allowed():
            raise _without_consent(name, source="the computer that it names")
        if Path(name).is_dir():
            return cls(name=name, folder=Path(name), identity=_identity(Path(name), wanted=wanted))
        if "/" in name and not is_share:
            if not _is_allowed():
                raise _without_consent(name, source="huggingface.co")
            return cls(name=name, folder=None, identity=None)
        raise ModelError(
            Problem(
                what=f"no encoder '{name}'",
                expected=f"{DEFAULT_ENCODER}, a folder, or a name on the hub such as organisation/model",
                remedy=suggestion(name, [DEFAULT_ENCODER]) or "Correct embeddings.encoder in study.toml",
            )
        )


def _is_allowed() -> bool:
    return os.environ.get(CONSENT) == "1"


def _without_consent(name: str, *, source: str) -> ModelError:
    return ModelError(
        Problem(
            what=f"the encoder '{name}' is no folder on this machine: it would be fetched from {source}",
            where="embeddings.encoder",
            expected=f"{DEFAULT_ENCODER}, or a folder with a model",
            remedy=f"Correct it in study.toml, or set {CONSENT}=1 if you want that",
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
