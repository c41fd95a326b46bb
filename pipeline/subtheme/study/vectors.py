"""The vectors of a study, for the commands that learn and those that propose."""

from subtheme.classifier import ThemeModel
from subtheme.embeddings import (
    CodeVectors,
    Encoder,
    SegmentVectors,
    VectorCache,
    embed_codebook,
    embed_segments,
    load_encoder,
)
from subtheme.proposals import CodedExcerpts, coded_segments
from subtheme.study.study import Study


def encoder_of(study: Study, *, wanted: str | None = None) -> Encoder:
    """Return the encoder that the study names, on the engine of the fingerprint that is `wanted`, or the fastest."""
    return load_encoder(study.folder.settings.encoder, wanted=wanted, tell=study.tell)


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
