"""What train, evaluate, compare and next share: what can be learned from a study."""

import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from subtheme.classifier import load_model, model_version, read_manifest
from subtheme.classifier.older_model import OlderModel
from subtheme.classifier.stale import EARLIER
from subtheme.classifier.training import TrainingResult
from subtheme.classifier.training_set import TrainingSet, training_set
from subtheme.errors import InputError, ModelError, Problem
from subtheme.nouns import Basis, Column, TableContract, Value, rows_of
from subtheme.platforms import is_free_name
from subtheme.proposals import outlook_of, review_pairs
from subtheme.study.study import Study
from subtheme.tablefiles import read_table

if TYPE_CHECKING:
    from subtheme.classifier.evaluation import Evaluation


def gathered(study: Study, *, coders: Collection[str] = (), blind_only: bool = False) -> TrainingSet:
    """Return what can be learned from the study: what some coders, or all, judged, and what was agreed."""
    bases = [Basis.BLIND, Basis.AGREED] if blind_only else [Basis.BLIND, Basis.ASSISTED, Basis.AGREED]
    return training_set(
        study.judgements, study.segments, study.codebook, level=study.level, coders=coders or (), bases=bases
    )


def denied(study: Study) -> set[tuple[str, str]]:
    """Return the pairs of segment and code that an answer denies, or that count as a counter-example."""
    judged = study.judgements
    is_denial = (judged.together == Value.COUNTER) | (
        (judged.together == Value.ABSENT) & np.r_[judged.was_asked, False][judged.together_rests_on]
    )
    names = judged.segments["segment"]
    return {(str(names.iat[row]), judged.codes[code]) for row, code in zip(*np.nonzero(is_denial), strict=True)}


def with_outlook(result: TrainingResult, study: Study) -> TrainingResult:
    """Return the result with what presence review must know of the model among its facts.

    It is fitted on the participants that were learned from, with scores of learners that had not seen them.
    """
    oof = result.out_of_fold
    owner = study.segments.set_index("segment")["participant"]
    described = oof.loc[oof["supports"], ["segment", "code"]].assign(participant=lambda f: f["segment"].map(owner))
    people = study.participants
    coded = review_pairs(
        oof[["segment", "code", "probability"]],
        study.segments[study.segments["segment"].isin(set(oof["segment"]))],
        people[people["participant"].isin(set(owner[oof["segment"].unique()]))],
        study.codebook,
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


def older_model(folder: Path | None, codes_file: Path | None, *, study: Study) -> OlderModel | None:
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
    book = study.codebook
    codes = [c.id for c in book.at_level(study.level)]
    return OlderModel.of(load_model(folder), book, codes, version=model_version(folder), pairs=pairs)


def _pairs(path: Path) -> tuple[tuple[str, str], ...]:
    contract = TableContract(
        name="code map",
        columns=(Column(name="old", kind=str, filled=True), Column(name="new", kind=str, filled=True)),
        key=("old", "new"),
    )
    rows = contract.check(read_table(path), source=path.name, first_row=2, sort=False)
    return tuple((row.old, row.new) for row in rows_of(rows))


def train_study(
    study: Study,
    *,
    name: str = "model",
    coders: Collection[str] = (),
    from_model: Path | None = None,
    codes_file: Path | None = None,
) -> tuple[TrainingResult, str]:
    """Learn the codes that have enough coded segments, and save the model in the study.

    Parameters
    ----------
    study : Study
    name : str
        Name of the model.
    coders : collection of str
        Whose judgements are learned from; everybody's by default.
    from_model : pathlib.Path, optional
        Folder of a model of other participants to go on from, if that helps.
    codes_file : pathlib.Path, optional
        Table of old and new code ids.

    Returns
    -------
    (TrainingResult, str)
        What was learned, and the digest of the saved model.

    Raises
    ------
    InputError
        If the name is none, or there is too little to learn from.
    """
    from subtheme.classifier import save_model
    from subtheme.classifier.training import train
    from subtheme.study.vectors import described_vectors_of, vectors_of

    if not is_free_name(name):
        raise InputError(
            Problem(what=f"'{name}' cannot be the name of a model", expected="a plain name such as model-2")
        )
    data = gathered(study, coders=coders)
    older = older_model(from_model, codes_file, study=study)
    # An older model is followed instead of the codebook.
    vectors, described = (vectors_of(study, model=older.model), None) if older else described_vectors_of(study)
    result = train(data, vectors, study.codebook, level=study.level, name=name, older=older, descriptions=described)
    folder = study.folder.models / name
    result = with_memory(with_outlook(result, study), folder)
    return result, save_model(result.model, folder)


def evaluate_study(
    study: Study, *, coders: Collection[str] = (), include_assisted: bool = False, curve: bool = True
) -> "Evaluation":
    """Train and test fold by fold on participants that the model has not seen; keep the figures for the report.

    Parameters
    ----------
    study : Study
    coders : collection of str
        Whose judgements count; everybody's by default.
    include_assisted : bool
        Also count what was judged after seeing a suggestion.
    curve : bool
        Whether to draw the learning curve, which takes a third of the time.
    """
    from subtheme.classifier.evaluation import evaluate
    from subtheme.study.vectors import described_vectors_of

    data = gathered(study, coders=coders, blind_only=not include_assisted)
    people = study.participants
    vectors, described = described_vectors_of(study)
    result = evaluate(
        data,
        vectors,
        case_of=dict(zip(people["participant"], people["case"], strict=True)),
        descriptions=described,
        attributes={"level": dict(zip(people["participant"], people["level"], strict=True))},
        curve=curve,
        progress=study.progress("Evaluating"),
    )
    facts = {**result.as_dict(), "synthetic": study.synthetic, "include_assisted": include_assisted}
    kept = study.folder.exports / "evaluation.json"
    kept.write_text(json.dumps(facts, indent=1), encoding="utf-8", newline="\n")
    return result
