"""``subtheme precode PLACES``: proposals for folders of transcripts, beside the study."""

import os
from pathlib import Path

import typer

from subtheme.bulk import BulkResult, JobInputs, Part, check_engine, plan_of, prepare_job, run_job
from subtheme.classifier import load_model, model_version
from subtheme.cli.frame import opened_study, progress, say, say_json, warn
from subtheme.embeddings.threads import processors
from subtheme.errors import InputError, Problem
from subtheme.nouns import rows_of
from subtheme.study import Study
from subtheme.study.vectors import coded_excerpts, encoder_of


def precode_places(
    places: list[Path], *, study: Path, name: str, out: Path, engine: str, part: str, as_json: bool
) -> None:
    """Pre-code `places` with a model of the study; exit with 1 where a transcript failed."""
    chosen, workers = Part.read(part), _workers()
    check_engine(engine)
    if any(out.resolve().is_relative_to(place.resolve()) for place in places):
        raise InputError(
            Problem(
                what="the folder for the proposals lies among the transcripts",
                where=str(out),
                expected="a folder beside them",
                remedy="Its files would be read as transcripts the next time",
            )
        )
    opened = opened_study(study)
    inputs = _inputs(opened, name=name)
    plan = plan_of(places)
    job = prepare_job(out, plan, inputs)
    result = run_job(
        job, plan, part=chosen, engine=engine, workers=workers, progress=progress("Pre-coding", with_rate=True)
    )
    if as_json:
        say_json({**result.as_dict(), "model": job.version, "synthetic": opened.synthetic})
    else:
        _tell(result)
    for problem in result.failures:
        warn(f"Failed: {problem}")
    if result.failures:
        raise typer.Exit(1)


def _inputs(opened: Study, *, name: str) -> JobInputs:
    folder = opened.folder.models / name
    model = load_model(folder)
    model.check_codebook(opened.codebook)
    encoder = encoder_of(opened, wanted=model.encoder)
    settings = opened.folder.settings
    return JobInputs(
        model=model,
        version=model_version(folder),
        coded=coded_excerpts(opened, level=model.level, encoder=encoder),
        cases={p.participant: p.case for p in rows_of(opened.participants)},
        cache=opened.folder.cache / "bulk",
        encoder=settings.encoder,
        strategy=settings.strategy,
        target_words=settings.target_words,
        language=settings.language,
    )


def _tell(result: BulkResult) -> None:
    say(
        f"{result.proposals} proposals on {result.segments} segments of {result.transcripts} transcripts, "
        f"in {result.folder}."
    )
    if result.resumed:
        say(f"{result.resumed} shards were there from before.")
    if result.shards_missing:
        say(f"{result.shards_missing} of {result.shards} shards are still missing: other parts of the run.")
    if result.left_out:
        say(f"{len(result.left_out)} files are no transcripts; the first: {result.left_out[0]}")
    if result.failures:
        say(f"{len(result.failures)} problems; the transcripts that they name are not pre-coded.")
    say("They are suggestions: nothing counts until a person confirms it.")


def _workers() -> int:
    """Return the number of processes: ``SUBTHEME_WORKERS``, else one per processor that this one may use."""
    asked = os.environ.get("SUBTHEME_WORKERS", "")
    if not asked:
        return processors()
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    raise InputError(
        Problem(what=f"'{asked}' is no number of processes", where="SUBTHEME_WORKERS", expected="1 or more")
    )
