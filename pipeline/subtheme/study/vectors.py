"""The vectors of a study, for the commands that learn and those that propose."""

from subtheme.classifier import ThemeModel
from subtheme.embeddings import (
    CodeVectors,
    Encoder,
    Precision,
    SegmentVectors,
    VectorCache,
    embed_codebook,
    embed_segments,
    load_encoder,
    precision_of,
)
from subtheme.embeddings.selection import AUTO
from subtheme.proposals import CodedExcerpts, coded_segments
from subtheme.segments import languages_of, recognised
from subtheme.study.study import Study


def encoder_of(study: Study, *, wanted: str | None = None) -> Encoder:
    """Return the encoder that the study names, in its precision or in that of the fingerprint that is `wanted`."""
    settings = study.folder.settings
    known = None if wanted is None else precision_of(wanted)
    if wanted is None and settings.precision == Precision.FAST:
        study.tell(f"Precision {Precision.FAST.promise}")
    if known is not None and known != settings.precision:
        study.tell(
            f"The model was trained with precision {known}; '{settings.precision}' holds when it is trained again"
        )
    return load_encoder(
        settings.encoder,
        precision=settings.precision,
        wanted=wanted,
        languages=_languages(study) if settings.encoder == AUTO and wanted is None else (),
        tell=study.tell,
    )


def _languages(study: Study) -> set[str]:
    """Return the languages of the study: those that its settings name, or those that its transcripts seem to be in."""
    named = languages_of(study.folder.settings.language)
    if named:
        return {language.code for language in named}
    texts = study.segments.groupby("transcript", sort=False)["text"].agg(" ".join)
    return {found.code for text in texts if (found := recognised(text)).is_sure}


def vectors_of(study: Study, *, model: ThemeModel | None = None) -> SegmentVectors:
    """Return the vectors of all segments of the study, by the encoder of a model or by that of the study."""
    return _vectors_by(encoder_of(study, wanted=None if model is None else model.encoder), study)


def described_vectors_of(study: Study, *, model: ThemeModel | None = None) -> tuple[SegmentVectors, CodeVectors]:
    """Return the vectors of all segments, and those of the names, definitions and uses of all codes."""
    encoder = encoder_of(study, wanted=None if model is None else model.encoder)
    cache = VectorCache(study.folder.cache)
    described = embed_codebook(study.codebook, encoder=encoder, cache=cache, with_examples=False)
    return _vectors_by(encoder, study), described


def _vectors_by(encoder: Encoder, study: Study) -> SegmentVectors:
    cache = VectorCache(study.folder.cache)
    return embed_segments(study.segments, encoder=encoder, cache=cache, progress=study.progress("Embedding"))


def coded_excerpts(study: Study, *, level: str, encoder: Encoder) -> CodedExcerpts:
    """Return the coded segments of the study at a level of its codebook, with their vectors."""
    codes = coded_segments(study.judgements, study.codebook, level=level)
    coded = study.segments[study.segments["segment"].isin(set(codes["segment"]))]
    return CodedExcerpts(
        codes=codes, vectors=embed_segments(coded, encoder=encoder, cache=VectorCache(study.folder.cache))
    )
