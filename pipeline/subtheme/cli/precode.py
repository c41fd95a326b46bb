"""``subtheme precode``: proposals for what nobody has read, in the study or in folders of transcripts."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import JsonOption, StudyOption, opened_study, reports_errors, say, say_json
from subtheme.errors import InputError, Problem


@reports_errors
def precode(
    places: Annotated[
        list[Path] | None, typer.Argument(help="Transcripts, or folders of them; without any, those of the study.")
    ] = None,
    study: StudyOption = Path(),
    name: Annotated[str, typer.Option("--model", help="Name of the model.")] = "model",
    everything: Annotated[bool, typer.Option("--all", help="Also propose where a coder has read.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the proposals on PLACES; the same one goes on with a run.")
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", help="local, dask, or the address of a Dask scheduler (tcp://host:8786).")
    ] = "local",
    part: Annotated[str, typer.Option("--part", help="Only part i of n, as 2/10, on one of n machines.")] = "1/1",
    as_json: JsonOption = False,
) -> None:
    """Propose codes, with calibrated probability and evidence, in transcripts that nobody has read.

    Transcripts of the study are proposed for review. PLACES may hold thousands: the proposals go to Parquet files
    in --out, and an interrupted run goes on where it was.

    Example: subtheme precode --model model

    Example: subtheme precode ../interviews --out ../proposals
    """
    if places:
        if out is None:
            raise InputError(Problem(what="no folder for the proposals", expected="--out FOLDER"))
        from subtheme.cli.bulk import precode_places

        precode_places(places, study=study, name=name, out=out, engine=engine, part=part, as_json=as_json)
        return
    if out is not None or engine != "local" or part != "1/1":
        raise InputError(
            Problem(what="--out, --engine and --part are for transcripts outside of the study", expected="PLACES")
        )
    _precode_study(study, name=name, everything=everything, as_json=as_json)


def _precode_study(study: Path, *, name: str, everything: bool, as_json: bool) -> None:
    from subtheme.study.precoding import precode_study

    found = precode_study(opened_study(study), name=name, everything=everything)
    if as_json:
        say_json(found.as_dict())
        return
    say(f"{found}\nNext: subtheme sheet out questions.xlsx")
