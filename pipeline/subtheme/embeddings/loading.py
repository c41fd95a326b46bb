"""From the name of an encoder to the encoder: which model, and which engine runs it.

Two engines run the packaged model: OpenVINO where it is installed, else sentence-transformers. Their vectors are
not mixed, and a trained model keeps the engine that it was trained with.
"""

import hashlib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from subtheme.embeddings.encoder import DEFAULT_ENCODER, Encoder
from subtheme.errors import ModelError, Problem, suggestion

Tell = Callable[[str], None]
"""Called with one line for a person."""

_INSTALL = "pip install 'subtheme[fast]'"


def load_encoder(
    name: str = DEFAULT_ENCODER, *, threads: int | None = None, wanted: str | None = None, tell: Tell | None = None
) -> Encoder:
    """Load an encoder by name.

    Parameters
    ----------
    name : str
        `DEFAULT_ENCODER` for the packaged model, a folder that holds a sentence-transformers model, or
        the name of a model on the Hugging Face hub (which needs the network once).
    threads : int, optional
        Batches worked on at the same time; by default one per available processor, at most four.
        The vectors do not depend on it.
    wanted : str, optional
        Fingerprint that the encoder must have: the one that a model was trained with. It settles the engine; without
        it the fastest engine that is installed is taken.
    tell : callable, optional
        Told why the fast engine is not used.

    Raises
    ------
    ModelError
        If the model is missing, damaged, or not the one that the name promises; or if no engine on this machine
        gives the vectors that are wanted.
    """
    encoder = _loaded(name, threads=threads, engine=_engine_of(wanted), tell=tell)
    if wanted is not None and encoder.fingerprint != wanted:
        raise ModelError(
            Problem(
                what=f"encoder '{name}' gives other vectors than the model was trained on ({encoder.fingerprint})",
                expected=wanted,
                remedy="Set embeddings.encoder in study.toml to the encoder of the model, or train again",
            )
        )
    return encoder


def _loaded(name: str, *, threads: int | None, engine: str | None, tell: Tell | None) -> Encoder:
    from subtheme.embeddings.model_folder import file_digest, packaged_model, verified_folder

    if name == DEFAULT_ENCODER:
        folder, identity = verified_folder(packaged_model())
        fast = _fast(folder, lambda: identity, threads=threads, engine=engine, tell=tell)
        return fast or _reference(str(folder), identity=identity, threads=threads)
    if Path(name).is_dir():
        folder = Path(name)

        def own_identity() -> str:
            digests = "".join(file_digest(folder / file) for file in ("model.safetensors", "tokenizer.json"))
            return f"{folder.name}:{hashlib.sha256(digests.encode()).hexdigest()[:16]}"

        fast = _fast(folder, own_identity, threads=threads, engine=engine, tell=tell)
        return fast or _reference(name, threads=threads)
    if "/" not in name:
        raise ModelError(
            Problem(
                what=f"no encoder '{name}'",
                expected=f"{DEFAULT_ENCODER}, a folder, or a name on the hub such as organisation/model",
                remedy=suggestion(name, [DEFAULT_ENCODER]) or "Correct embeddings.encoder in study.toml",
            )
        )
    return _reference(name, is_hub_name=True, threads=threads)


def _engine_of(fingerprint: str | None) -> str | None:
    """Return ``torch-fp32``, ``openvino-f32`` or ``openvino-int8-g128``: the middle of a fingerprint."""
    return None if fingerprint is None else fingerprint.rsplit("/", maxsplit=2)[-2] if "/" in fingerprint else ""


def _fast(
    folder: Path, identity: Callable[[], str], *, threads: int | None, engine: str | None, tell: Tell | None
) -> Encoder | None:
    """Return the fast encoder, or None where sentence-transformers is to be used; tells why."""
    is_asked = engine is not None and engine.startswith("openvino-")
    if engine is not None and not is_asked:
        return None
    if find_spec("openvino") is None:
        if is_asked:
            raise ModelError(
                Problem(
                    what="the model was trained with the fast engine, which is not installed",
                    expected=f"the engine {engine}",
                    remedy=f"Install it ({_INSTALL}), or train again",
                )
            )
        if tell is not None:
            tell(f"Embedding with sentence-transformers: the fast engine is not installed ({_INSTALL})")
        return None
    from subtheme.embeddings.openvino_encoder import OpenVinoEncoder, Precision, UnsuitableModelError

    known = {f"openvino-{p}": p for p in Precision}
    if engine is not None and engine not in known:
        raise ModelError(
            Problem(
                what=f"the model was trained with the engine '{engine}', which this version of subtheme does not have",
                expected=", ".join(known),
                remedy="Install the version that the model was trained with, or train again",
            )
        )
    precision = known[engine] if engine is not None else None
    try:
        return OpenVinoEncoder(folder, identity=identity, precision=precision, threads=threads)
    except (UnsuitableModelError, ImportError, RuntimeError) as error:
        reason = str(error) if isinstance(error, UnsuitableModelError) else f"OpenVINO fails ({type(error).__name__})"
        if is_asked:
            raise ModelError(
                Problem(
                    what=f"the model was trained with the fast engine, which cannot be used here: {reason}",
                    expected=f"the engine {engine}",
                    remedy="Train again on this machine",
                )
            ) from error
        if tell is not None:
            tell(f"Embedding with sentence-transformers: {reason}")
        return None


def _reference(
    name: str, *, identity: str | None = None, is_hub_name: bool = False, threads: int | None = None
) -> Encoder:
    from subtheme.embeddings.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(name, identity=identity, is_hub_name=is_hub_name, threads=threads)
