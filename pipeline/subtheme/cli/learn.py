"""What train, evaluate and precode share: the vectors of a study and what can be learned from it."""

from subtheme.classifier import TrainingSet, training_set
from subtheme.cli.frame import progress
from subtheme.cli.load import StudyTables
from subtheme.embeddings import SegmentVectors, VectorCache, embed_segments, load_encoder
from subtheme.study import Origin


def vectors_of(tables: StudyTables) -> SegmentVectors:
    """Return the vectors of all segments of the study, from its cache where they are known."""
    encoder = load_encoder(tables.study.settings.encoder)
    cache = VectorCache(tables.study.cache)
    return embed_segments(tables.segments, encoder=encoder, cache=cache, progress=progress("Embedding"))


def gathered(tables: StudyTables, *, coder: str | None, blind_only: bool = False) -> TrainingSet:
    """Return what can be learned from the study: the codings of one coder, or of all."""
    origins = [Origin.BLIND.value] if blind_only else [Origin.BLIND.value, Origin.ASSISTED.value]
    return training_set(
        tables.segments,
        tables.segment_codes,
        tables.readings,
        tables.study.codebook,
        level=tables.study.settings.level,
        coders=[coder] if coder else [],
        origins=origins,
    )
