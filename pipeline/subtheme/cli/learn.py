"""What train, evaluate, compare and next share: what can be learned from a study."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from subtheme.classifier import load_model, model_version, read_manifest
from subtheme.classifier.older_model import OlderModel
from subtheme.classifier.stale import EARLIER
from subtheme.classifier.training import TrainingResult
from subtheme.classifier.training_set import TrainingSet, training_set
from subtheme.cli.load import StudyTables
from subtheme.errors import InputError, ModelError, Problem
from subtheme.nouns import Column, Origin, TableContract, rows_of
from subtheme.proposals import outlook_of, review_pairs
from subtheme.tablefiles import read_table


def gathered(tables: StudyTables, *, coders: Sequence[str] | None, blind_only: bool = False) -> TrainingSet:
    """Return what can be learned from the study: what some coders, or all, coded and no adjudicated answer denies."""
    origins = [Origin.BLIND.value] if blind_only else [Origin.BLIND.value, Origin.ASSISTED.value]
    return training_set(
        tables.segments,
        tables.scored_segment_codes,
        tables.readings,
        tables.study.codebook,
        level=tables.study.settings.level,
        denials=tables.denials,
        coders=coders or [],
        origins=origins,
    )


def denied(tables: StudyTables, data: TrainingSet) -> set[tuple[str, str]]:
    """Return the pairs of segment and code that a decision denies, or that count as a counter-example."""
    places = zip(*data.counters.nonzero(), strict=True)
    countered = {(str(data.segments["segment"].iat[row]), data.codes[code]) for row, code in places}
    return countered | set(tables.denials[["segment", "code"]].itertuples(index=False, name=None))


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


def with_memory(result: TrainingResult, folder: Path) -> TrainingResult:
    """Return the result with what the model in its place knew of other codebooks: stale decisions are told by it."""
    try:
        before = read_manifest(folder)
    except ModelError:
        return result
    known = {**before["facts"].get(EARLIER, {}), before["codebook_hash"]: before["code_hashes"]}
    known.pop(result.model.codebook_hash, None)
    facts = {**result.model.facts, **({EARLIER: known} if known else {})}
    return replace(result, model=replace(result.model, facts=facts))


def older_model(folder: Path | None, codes_file: Path | None, *, tables: StudyTables) -> OlderModel | None:
    """Return the model in `folder` with its codes mapped to those of the study, or None where none is given.

    Raises
    ------
    InputError
        If the map is no table of old and new ids, or names codes that nobody knows.
    ModelError
        If the folder holds no model that can be opened.
    """
    if folder is None:
        if codes_file is not None:
            raise InputError(
                Problem(what="a map of codes without an older model", expected="--from FOLDER beside --map")
            )
        return None
    pairs = _pairs(codes_file) if codes_file else ()
    book = tables.study.codebook
    codes = [c.id for c in book.at_level(tables.study.settings.level)]
    return OlderModel.of(load_model(folder), book, codes, version=model_version(folder), pairs=pairs)


def _pairs(path: Path) -> tuple[tuple[str, str], ...]:
    contract = TableContract(
        name="code map",
        columns=(Column(name="old", kind=str, filled=True), Column(name="new", kind=str, filled=True)),
        key=("old", "new"),
    )
    rows = contract.check(read_table(path), source=path.name, first_row=2, sort=False)
    return tuple((row.old, row.new) for row in rows_of(rows))
