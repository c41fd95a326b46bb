"""The model file: a folder of a JSON manifest, its terms and its numbers; no pickle, nothing in it runs."""

import hashlib
import json
import secrets
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from subtheme.classifier.linear import LinearWeights
from subtheme.classifier.model import ThemeModel
from subtheme.classifier.model_card import model_card
from subtheme.classifier.terms import Vocabulary
from subtheme.embeddings import current_fingerprint, precision_of
from subtheme.errors import ModelError, Problem

FORMAT = "subtheme-model/2"
_MANIFEST, _TERMS, _NUMBERS, _CARD = "manifest.json", "terms.json", "weights.safetensors", "model-card.md"
_ARRAYS = tuple(f.name for f in fields(LinearWeights) if f.name not in ("competition", "is_multinomial"))


def save_model(model: ThemeModel, folder: Path) -> str:
    """Write `model` into `folder`, replacing what is there, and return its content hash.

    The manifest names the SHA-256 of terms and numbers, and its own content hash covers everything. Beside it
    stands a card for people, made from the manifest and never read.
    """
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    numbers = save({name: np.ascontiguousarray(getattr(model.weights, name)) for name in _ARRAYS})
    terms = _json({"characters": list(model.characters.terms), "words": list(model.words.terms)})
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "name": model.name,
        "codes": list(model.codes),
        "level": model.level,
        "codebook_hash": model.codebook_hash,
        "code_hashes": dict(model.code_hashes),
        "encoder": model.encoder,
        **({"precision": precision.value} if (precision := precision_of(model.encoder)) else {}),
        "competition": model.weights.competition,
        "is_multinomial": model.weights.is_multinomial,
        "facts": dict(model.facts),
        "files": {_NUMBERS: _sha256(numbers), _TERMS: _sha256(terms)},
    }
    manifest["content_hash"] = content_hash(manifest)
    card = model_card(manifest).encode("utf-8")
    for name, data in ((_NUMBERS, numbers), (_TERMS, terms), (_CARD, card), (_MANIFEST, _json(manifest))):
        # Parts of a run that begin at the same moment write the same model side by side.
        unfinished = folder / f".{name}.{secrets.token_hex(4)}.unfinished"
        try:
            unfinished.write_bytes(data)
            unfinished.replace(folder / name)
        finally:
            unfinished.unlink(missing_ok=True)
    return str(manifest["content_hash"])


def load_model(folder: Path) -> ThemeModel:
    """Open the model in `folder`.

    Raises
    ------
    ModelError
        If there is none, it is of another format, damaged, or was changed after it was written.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    manifest = read_manifest(folder)
    data: dict[str, bytes] = {}
    for name in (_NUMBERS, _TERMS):
        try:
            data[name] = (folder / name).read_bytes()
        except OSError:
            raise _refused(folder, f"{name} is missing") from None
        if _sha256(data[name]) != manifest["files"].get(name):
            raise _refused(folder, f"{name} was changed after the model was written, or is damaged")
    try:
        arrays = load(data[_NUMBERS])
        terms = json.loads(data[_TERMS])
        weights = LinearWeights(
            competition=float(manifest["competition"]),
            is_multinomial=bool(manifest["is_multinomial"]),
            **{n: arrays[n] for n in _ARRAYS},
        )
        model = ThemeModel(
            name=manifest["name"],
            codes=tuple(manifest["codes"]),
            weights=weights,
            words=Vocabulary(kind="words", terms=tuple(terms["words"])),
            characters=Vocabulary(kind="characters", terms=tuple(terms["characters"])),
            level=manifest["level"],
            codebook_hash=manifest["codebook_hash"],
            code_hashes=manifest["code_hashes"],
            encoder=current_fingerprint(manifest["encoder"]),
            facts=manifest["facts"],
        )
        fits = _fits(model)
    except (SafetensorError, KeyError, TypeError, ValueError):
        raise _refused(folder, "its parts do not fit together") from None
    if not fits:
        raise _refused(folder, "its parts do not fit together")
    return model


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the model in `folder`, held against its own content hash.

    Raises
    ------
    ModelError
        As in `load_model`.
    """
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except OSError:
        raise ModelError(
            Problem(what="no model here", where=folder.name, expected=f"a folder with {_MANIFEST}", remedy="Train one")
        ) from None
    except ValueError:
        raise _refused(folder, f"{_MANIFEST} cannot be read") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ModelError(
            Problem(what="a model of another format", where=folder.name, expected=FORMAT, remedy="Train it again")
        )
    if manifest.get("content_hash") != content_hash(manifest):
        raise _refused(folder, f"{_MANIFEST} was changed after the model was written")
    if not {"codebook_hash", "code_hashes", "facts", "files"} <= manifest.keys():
        raise _refused(folder, f"{_MANIFEST} lacks a part")
    return manifest


def model_version(folder: Path) -> str:
    """Return the name and the short hash of the model in `folder`, as every proposal of it carries them.

    Raises
    ------
    ModelError
        As in `load_model`.
    """
    return f"{folder.name}@{read_manifest(folder)['content_hash'][:12]}"


def manifest_of_version(models: Path, version: str) -> dict[str, Any] | None:
    """Return the manifest of the model among `models` that `version` names.

    None where it is gone or cannot be read, and where a model that was trained later has its name.
    """
    name, _, digest = version.rpartition("@")
    try:
        manifest = read_manifest(models / name)
    except ModelError:
        return None
    return manifest if digest and str(manifest["content_hash"]).startswith(digest) else None


def content_hash(manifest: dict[str, Any]) -> str:
    """Return the SHA-256 of a manifest without its own hash."""
    return _sha256(_json({k: v for k, v in manifest.items() if k != "content_hash"}))


def _fits(model: ThemeModel) -> bool:
    weights, codes = model.weights, len(model.codes)
    return (
        weights.words.shape == (len(model.words.terms), codes)
        and weights.characters.shape == (len(model.characters.terms), codes)
        and weights.words_inverse.shape == (len(model.words.terms),)
        and weights.characters_inverse.shape == (len(model.characters.terms),)
        and weights.dense.ndim == 2
        and weights.dense.shape[1] == codes
        and weights.intercepts.shape == weights.thresholds.shape == (codes,)
        and weights.calibration.shape == (codes, 2)
        and all(np.isfinite(getattr(weights, name)).all() for name in _ARRAYS)
    )


def _refused(folder: Path, reason: str) -> ModelError:
    return ModelError(
        Problem(
            what=f"the model is refused: {reason}",
            where=folder.name,
            expected="a model as it was written",
            remedy="Train it again, or copy it again from where it came",
        )
    )


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
