"""From the name of an encoder to the encoder: which model, in which precision, on which engine.

In floating point two engines give the same vectors: OpenVINO where it is installed, else sentence-transformers. Which
one is at work concerns speed only. Whole numbers are to be had with OpenVINO alone, and only where the study asks.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.util import find_spec

from subtheme.embeddings.encoder import DEFAULT_ENCODER, Encoder
from subtheme.embeddings.fingerprint import JOINT, current_fingerprint, model_in, precision_of
from subtheme.embeddings.packaged_bge import BGE_SMALL, unpacked_bge
from subtheme.embeddings.precision import Precision
from subtheme.embeddings.selection import AUTO, PACKAGED, encoder_selection, names_in
from subtheme.embeddings.side_by_side import SideBySide
from subtheme.embeddings.source import ModelSource
from subtheme.embeddings.use_encoder import USE_MULTILINGUAL, UseEncoder
from subtheme.errors import InputError, ModelError, Problem, suggestion

Tell = Callable[[str], None]
"""Called with one line for a person."""

_INSTALL = "pip install 'subtheme[fast]'"


class Engine(StrEnum):
    """The library that runs a model."""

    TORCH = "sentence-transformers"
    OPENVINO = "OpenVINO"


def load_encoder(
    name: str = DEFAULT_ENCODER,
    *,
    precision: str = Precision.EXACT,
    wanted: str | None = None,
    engine: Engine | None = None,
    threads: int | None = None,
    languages: Collection[str] = (),
    tell: Tell | None = None,
) -> Encoder:
    """Load an encoder by name, or several that stand side by side.

    Parameters
    ----------
    name : str
        One of the packaged models (`DEFAULT_ENCODER`, ``use-multilingual-3``, ``bge-small-en-v1.5``), a folder that
        holds a sentence-transformers model, or the name of one on the Hugging Face hub where
        ``SUBTHEME_ALLOW_DOWNLOAD`` is 1.
        Several, separated by commas, stand side by side. ``auto`` takes what suits the languages and is installed.
    precision : {"exact", "fast"}
    wanted : str, optional
        Fingerprint that the encoder must have: the one that a model was trained with. It settles the precision.
    engine : Engine, optional
        The one to use and no other. By default OpenVINO where it is installed and suits the model; in floating point
        the vectors do not depend on it.
    threads : int, optional
        Batches worked on at the same time; by default one per available processor, at most four.
        The vectors do not depend on it.
    languages : collection of str
        Codes of the languages spoken, for ``auto``; English by default.
    tell : callable, optional
        Told why OpenVINO is not used, what is fetched, and which languages no encoder covers.

    Raises
    ------
    InputError
        If there is no such precision.
    ModelError
        If the model is missing, damaged, or not the one that the name promises; or if this machine cannot give the
        vectors that are wanted.
    """
    if wanted is None:
        selection = encoder_selection(name, languages=languages)
        if selection.note and tell is not None:
            tell(selection.note)
        several: list[tuple[str, str | None]] = [(one, None) for one in selection.names]
        is_choice = selection.is_choice
    else:
        several = [(_name_of(one, name), one) for one in wanted.split(JOINT)]
        is_choice = False
    encoders = [
        _one(one, precision=precision, wanted=own, engine=engine, threads=threads, tell=tell) for one, own in several
    ]
    return encoders[0] if len(encoders) == 1 else SideBySide(encoders, is_choice=is_choice)


def _name_of(fingerprint: str, setting: str) -> str:
    """Return the name by which an encoder of a model is loaded: a packaged one by its own, others as the study says."""
    name = fingerprint.partition(":")[0]
    if name in PACKAGED:
        return name
    return next((n for n in names_in(setting) if n not in PACKAGED and n != AUTO), DEFAULT_ENCODER)


def _one(
    name: str, *, precision: str, wanted: str | None, engine: Engine | None, threads: int | None, tell: Tell | None
) -> Encoder:
    needed = None if wanted is None else current_fingerprint(wanted)
    asked = _asked_precision(precision) if needed is None else _needed_precision(needed)
    encoder: Encoder
    if name == USE_MULTILINGUAL:
        encoder = UseEncoder(threads=threads)
    else:
        with _source(name, needed) as source:
            encoder = _encoder(source, asked, engine=engine, threads=threads, tell=tell, is_of_model=needed is not None)
    if needed is not None and encoder.fingerprint != needed:
        raise ModelError(
            Problem(
                what=f"encoder '{name}' gives other vectors than the model was trained on ({encoder.fingerprint})",
                expected=needed,
                remedy="Set embeddings.encoder in study.toml to the encoder of the model, or train again",
            )
        )
    return encoder


@contextmanager
def _source(name: str, needed: str | None) -> Iterator[ModelSource]:
    """Give where a model is loaded from, for as long as it is loaded."""
    if name == BGE_SMALL:
        with unpacked_bge() as (folder, identity):
            yield ModelSource(name=str(folder), folder=folder, identity=identity)
    else:
        yield ModelSource.of(name, wanted=None if needed is None else model_in(needed))


def _asked_precision(text: str) -> Precision:
    known = [p.value for p in Precision]
    if text not in known:
        raise InputError(
            Problem(
                what=f"no precision '{text}'",
                where="embeddings.precision",
                expected=" or ".join(known),
                remedy=suggestion(text, known),
            )
        )
    return Precision(text)


def _needed_precision(fingerprint: str) -> Precision:
    precision = precision_of(fingerprint)
    if precision is None:
        raise ModelError(
            Problem(
                what="the model was trained on vectors that this version of subtheme does not make",
                where=fingerprint,
                expected=" or ".join(Precision),
                remedy="Install the version that the model was trained with, or train again",
            )
        )
    return precision


def _encoder(
    source: ModelSource,
    precision: Precision,
    *,
    engine: Engine | None,
    threads: int | None,
    tell: Tell | None,
    is_of_model: bool,
) -> Encoder:
    is_torch_asked = engine is Engine.TORCH and precision is Precision.EXACT
    if not is_torch_asked:
        encoder = _on_openvino(source, precision, threads=threads)
        if not isinstance(encoder, str):
            return encoder
        if precision is Precision.FAST or engine is Engine.OPENVINO:
            raise _not_here(precision, reason=encoder, is_of_model=is_of_model)
        if tell is not None:
            tell(f"Embedding with sentence-transformers: {encoder}")
    if source.folder is None and tell is not None:
        tell(f"Fetching {source.name} from huggingface.co, unless it was fetched before")
    from subtheme.embeddings.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(
        source.name, identity=source.identity, is_hub_name=source.folder is None, threads=threads
    )


def _on_openvino(source: ModelSource, precision: Precision, *, threads: int | None) -> Encoder | str:
    """Return the encoder, or why it cannot be had."""
    if source.folder is None or source.identity is None:
        return "OpenVINO runs models in a folder only" if source.folder is None else "the model goes by an earlier name"
    if find_spec("openvino") is None:
        return f"OpenVINO, which is faster, is not installed ({_INSTALL})"
    from subtheme.embeddings.openvino_encoder import OpenVinoEncoder, UnsuitableModelError

    try:
        return OpenVinoEncoder(source.folder, identity=source.identity, precision=precision, threads=threads)
    except UnsuitableModelError as error:
        return str(error)
    except (ImportError, RuntimeError) as error:
        return f"OpenVINO fails ({type(error).__name__})"


def _not_here(precision: Precision, *, reason: str, is_of_model: bool) -> ModelError:
    before, remedy = f"precision '{precision}'", "Set"
    if is_of_model:
        before, remedy = f"the model was trained with {before}, which", "Train again with"
    expected = "OpenVINO, and a model that it runs"
    if precision is Precision.FAST:
        expected += ", on a processor that multiplies whole numbers (such as AVX-512 VNNI)"
    return ModelError(
        Problem(
            what=f"{before} cannot be had here: {reason}",
            where="embeddings.precision",
            expected=expected,
            remedy=f'{remedy} precision = "exact" under [embeddings] in study.toml, which works everywhere',
        )
    )
