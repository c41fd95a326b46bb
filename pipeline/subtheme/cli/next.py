"""``subtheme next``: what to code by hand next, and what to look at a second time."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from subtheme.cli.frame import CodersOption, JsonOption, StudyOption, opened_study, reports_errors, say, say_json
from subtheme.errors import InputError, Problem, StudyError

if TYPE_CHECKING:
    import pandas as pd

    from subtheme.study import Study

KINDS = ("segments", "transcripts", "missed", "unlearned")


@reports_errors
def next_(
    what: Annotated[
        str, typer.Argument(help="segments, transcripts, missed (read and perhaps overlooked), or unlearned codes.")
    ] = "segments",
    study: StudyOption = Path(),
    name: Annotated[str, typer.Option("--model", help="Name of the model.")] = "model",
    count: Annotated[int, typer.Option("--count", min=1, help="How many; for unlearned, per code.")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="Of the random share.")] = 0,
    coder: CodersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what to code by hand next: rare codes, doubtful and unlike segments, and a random share for honest rates.

    Codes with too few excerpts to be learned are ranked by what the codebook says of them: "not learned yet".

    Example: subtheme next segments --count 50

    Example: subtheme next missed --count 30
    """
    if what not in KINDS:
        raise InputError(Problem(what=f"'{what}' cannot be asked for", expected=", ".join(KINDS)))
    opened = opened_study(study)
    if what == "missed":
        found, note = _missed(opened, coders=coder, count=count), "Read and not coded, the likeliest first."
    elif what == "unlearned":
        found, note = (
            _unlearned(opened, name=name, count=count),
            "Not learned yet: ranked by the codebook, no probability.",
        )
    else:
        found, note = _unread(opened, what=what, name=name, count=count, seed=seed)
    if as_json:
        say_json({"what": what, "note": note, "rows": found.to_dict("records"), "synthetic": opened.synthetic})
        return
    say(note)
    say(found.to_string(index=False) if len(found) else "Nothing.")


def _missed(opened: "Study", *, coders: list[str] | None, count: int) -> "pd.DataFrame":
    from subtheme.classifier.missed import possibly_missed
    from subtheme.classifier.training import train
    from subtheme.study.learning import denied, gathered
    from subtheme.study.vectors import described_vectors_of

    level = opened.level
    data = gathered(opened, coders=coders or ())
    vectors, described = described_vectors_of(opened)
    result = train(data, vectors, opened.codebook, level=level, name="missed", descriptions=described)
    answered = denied(opened)
    return possibly_missed(result.out_of_fold, most=count, answered=answered).round({"probability": 3})


def _unlearned(opened: "Study", *, name: str, count: int) -> "pd.DataFrame":
    import pandas as pd

    from subtheme.classifier import load_model
    from subtheme.embeddings import VectorCache, embed_codebook
    from subtheme.proposals import not_learned
    from subtheme.study.vectors import encoder_of, vectors_of

    # Before anything is trained, no code is learned: all are ranked by the codebook.
    is_untrained = not any(opened.folder.models.glob("*/manifest.json"))
    model = None if is_untrained else load_model(opened.folder.models / name)
    level, learned = (model.level, model.codes) if model else (opened.level, ())
    book = opened.codebook
    codes = tuple(c.id for c in book.at_level(level) if c.id not in learned and not c.placeholder)
    if not codes:
        return pd.DataFrame(columns=["code", "rank", "segment", "similarity"])
    encoder = encoder_of(opened, wanted=model.encoder if model else None)
    described = embed_codebook(book, encoder=encoder, cache=VectorCache(opened.folder.cache))
    ranked = not_learned(codes, opened.segments, vectors_of(opened, model=model), described, most=count)
    return ranked.round({"similarity": 3})


def _unread(opened: "Study", *, what: str, name: str, count: int, seed: int) -> "tuple[pd.DataFrame, str]":
    import numpy as np

    from subtheme.classifier import load_model
    from subtheme.classifier.next_coding import Uncoded, next_segments, next_transcripts
    from subtheme.study.vectors import vectors_of

    model = load_model(opened.folder.models / name)
    model.check_codebook(opened.codebook)
    vectors = vectors_of(opened, model=model)
    is_read = opened.segments["transcript"].isin(opened.read)
    unread = opened.segments[~is_read].reset_index(drop=True)
    if unread.empty:
        raise StudyError(Problem(what="every transcript has been read", remedy="Import new transcripts"))
    evidence = {e["code"]: int(e["segments"]) for e in model.facts.get("evidence", ())}
    uncoded = Uncoded(
        segments=unread,
        probabilities=model.probabilities(unread, vectors),
        vectors=vectors.text[vectors.rows(unread["segment"])],
        coded=vectors.text[vectors.rows(opened.segments.loc[is_read, "segment"])],
        excerpts=np.array([evidence.get(code, 0) for code in model.codes]),
    )
    if what == "transcripts":
        return next_transcripts(uncoded, count=count).round({"worth": 3}), "Transcripts to code whole, the best first."
    chosen = next_segments(uncoded, count=count, rng=np.random.default_rng(seed))
    return chosen, "Only the rows marked random may be used to estimate rates, thresholds and agreement."
