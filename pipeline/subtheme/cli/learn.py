"""What train, evaluate and precode share: the vectors of a study and what can be learned from it."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from subtheme.classifier import (
    OlderModel,
    ThemeModel,
    TrainingResult,
    TrainingSet,
    load_model,
    read_manifest,
    training_set,
)
from subtheme.cli.frame import progress, warn
from subtheme.cli.load import StudyTables
from subtheme.embeddings import Encoder, SegmentVectors, VectorCache, embed_segments, load_encoder
from subtheme.errors import InputError, Problem
from subtheme.proposals import CodedExcerpts, outlook_of, review_pairs, rolled_up
from subtheme.study import Origin


def encoder_of(tables: StudyTables, *, wanted: str | None = None) -> Encoder:
    """Return the encoder that the study names, on the engine of the fingerprint that is `wanted`, or the fastest."""
    return load_encoder(tables.study.settings.encoder, wanted=wanted, tell=warn)


def vectors_of(tables: StudyTables) -> SegmentVectors:
    """Return the vectors of all segments of the study, from its cache where they are known."""
    cache = VectorCache(tables.study.cache)
    return embed_segments(tables.segments, encoder=encoder_of(tables), cache=cache, progress=progress("Embedding"))


def vectors_for(model: ThemeModel, tables: StudyTables) -> SegmentVectors:
    """Return the vectors of all segments of the study by the encoder that the model was trained with."""
    encoder = encoder_of(tables, wanted=model.encoder)
    return embed_segments(tables.segments, encoder=encoder, cache=VectorCache(tables.study.cache))


def coded_excerpts(tables: StudyTables, *, level: str, encoder: Encoder) -> CodedExcerpts:
    """Return the coded segments of the study at a level of its codebook, with their vectors."""
    codes = rolled_up(tables.segment_codes, tables.study.codebook, level=level)
    coded = tables.segments[tables.segments["segment"].isin(set(codes["segment"]))]
    return CodedExcerpts(
        codes=codes, vectors=embed_segments(coded, encoder=encoder, cache=VectorCache(tables.study.cache))
    )


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


def with_outlook(result: TrainingResult, tables: StudyTables) -> TrainingResult:
    """Return the result with what presence review must know of the model among its facts.

    It is fitted on the participants that were learned from, with scores of learners that had not seen them.
    """
    oof = result.out_of_fold
    owner = tables.segments.set_index("segment")["participant"]
    described = oof.loc[oof["supports"], ["segment", "code"]].assign(participant=lambda f: f["segment"].map(owner))
    people = tables.participants
    coded = review_pairs(
        oof[["segment", "code", "probability"]],
        tables.segments[tables.segments["segment"].isin(set(oof["segment"]))],
        people[people["participant"].isin(set(owner[oof["segment"].unique()]))],
        tables.study.codebook,
        level=result.model.level,
        described=described[["participant", "code"]].drop_duplicates(),
    )
    facts = {**result.model.facts, "outlook": outlook_of(coded).as_dict()}
    return replace(result, model=replace(result.model, facts=facts))


def older_model(
    folder: Path | None, codes_file: Path | None, *, tables: StudyTables, codes: Sequence[str]
) -> OlderModel | None:
    """Return the model in `folder` with its codes mapped to those of the study, or None where none is given.

    Raises
    ------
    InputError
        If the map is no CSV file of old and new ids, or names codes that nobody knows.
    ModelError
        If the folder holds no model that can be opened.
    """
    if folder is None:
        if codes_file is not None:
            raise InputError(
                Problem(what="a map of codes without an older model", expected="--from FOLDER beside --map")
            )
        return None
    version = f"{folder.name}@{read_manifest(folder)['content_hash'][:12]}"
    pairs = _pairs(codes_file) if codes_file else ()
    return OlderModel.of(load_model(folder), tables.study.codebook, codes, version=version, pairs=pairs)


def _pairs(path: Path) -> tuple[tuple[str, str], ...]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError):
        raise InputError(
            Problem(what="the map of codes cannot be read", where=path.name, expected="a CSV file")
        ) from None
    if not rows or not {"old", "new"} <= set(rows[0]):
        raise InputError(
            Problem(what="not a map of codes", where=path.name, expected="a CSV file with the columns old and new")
        )
    return tuple((str(row["old"]).strip(), str(row["new"]).strip()) for row in rows)
