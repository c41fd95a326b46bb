"""The vectors of a study, for the commands that learn and those that propose."""

from subtheme.classifier import ThemeModel
from subtheme.cli.frame import progress, warn
from subtheme.cli.load import StudyTables
from subtheme.embeddings import (
    CodeVectors,
    Encoder,
    SegmentVectors,
    VectorCache,
    embed_codebook,
    embed_segments,
    load_encoder,
)
from subtheme.proposals import CodedExcerpts, rolled_up


def encoder_of(tables: StudyTables, *, wanted: str | None = None) -> Encoder:
    """Return the encoder that the study names, on the engine of the fingerprint that is `wanted`, or the fastest."""
    return load_encoder(tables.study.settings.encoder, wanted=wanted, tell=warn)


def vectors_of(tables: StudyTables, *, model: ThemeModel | None = None) -> SegmentVectors:
    """Return the vectors of all segments of the study, by the encoder of a model or by that of the study."""
    return _vectors_by(encoder_of(tables, wanted=None if model is None else model.encoder), tables)


def described_vectors_of(tables: StudyTables, *, model: ThemeModel | None = None) -> tuple[SegmentVectors, CodeVectors]:
    """Return the vectors of all segments, and those of the names, definitions and uses of all codes."""
    encoder = encoder_of(tables, wanted=None if model is None else model.encoder)
    cache = VectorCache(tables.study.cache)
    described = embed_codebook(tables.study.codebook, encoder=encoder, cache=cache, with_examples=False)
    return _vectors_by(encoder, tables), described


def _vectors_by(encoder: Encoder, tables: StudyTables) -> SegmentVectors:
    cache = VectorCache(tables.study.cache)
    return embed_segments(tables.segments, encoder=encoder, cache=cache, progress=progress("Embedding"))


def coded_excerpts(tables: StudyTables, *, level: str, encoder: Encoder) -> CodedExcerpts:
    """Return the coded segments of the study at a level of its codebook, with their vectors."""
    codes = rolled_up(tables.scored_segment_codes, tables.study.codebook, level=level)
    coded = tables.segments[tables.segments["segment"].isin(set(codes["segment"]))]
    return CodedExcerpts(
        codes=codes, vectors=embed_segments(coded, encoder=encoder, cache=VectorCache(tables.study.cache))
    )
