"""``subtheme sheet``: proposals out to a spreadsheet, decisions back in."""

import hashlib
import time
from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import CoderOption, JsonOption, StudyOption, reports_errors, say, say_json
from subtheme.errors import InputError, Problem, StudyError

sheet_app = typer.Typer(no_args_is_help=True, help="Decide in a spreadsheet.")


@sheet_app.command("out")
@reports_errors
def sheet_out(
    file: Annotated[Path, typer.Argument(help="Sheet to write (.xlsx, .csv).")],
    study: StudyOption = Path(),
    coder: CoderOption = None,
    blind: Annotated[
        list[str] | None,
        typer.Option("--blind", help="Whole transcript without suggestions, for double coding; may be repeated."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write proposals in reading order with their context and an empty column for the decision.

    Example: subtheme sheet out proposals.xlsx
    """
    from subtheme.cli.load import study_tables
    from subtheme.files import write_table
    from subtheme.review import blind_sheet, proposal_sheet

    if file.exists() and not overwrite:
        raise InputError(
            Problem(
                what="the file exists, perhaps with decisions in it",
                where=file.name,
                remedy="Take it in, or say --overwrite",
            )
        )
    tables = study_tables(study, coder=coder)
    if blind:
        known = set(tables.segments["transcript"])
        unknown = [name for name in blind if name not in known]
        if unknown:
            raise InputError([Problem(what=f"no transcript '{name}' in the study") for name in unknown])
        frame = blind_sheet(tables.segments, study_id=tables.study_id, transcripts=blind)
    else:
        if tables.proposals.empty:
            raise StudyError(
                Problem(what="no proposals yet", where=study.name, remedy="Run 'subtheme train' and 'subtheme precode'")
            )
        frame = proposal_sheet(
            tables.proposals,
            tables.segments,
            tables.decisions,
            codebook=tables.study.codebook,
            study_id=tables.study_id,
            coder=tables.study.settings.coder,
        )
    if tables.study.synthetic:
        frame = frame.assign(note="SYNTHETIC")
    write_table(frame, file)
    if as_json:
        say_json({"file": file.name, "rows": len(frame), "blind": bool(blind), "synthetic": tables.study.synthetic})
    else:
        say(f"Wrote {len(frame)} rows to {file}. Decide: accept, reject, unsure, counter-example, or other and a code.")


@sheet_app.command("in")
@reports_errors
def sheet_in(
    file: Annotated[Path, typer.Argument(help="A sheet that was filled in (.xlsx, .csv).")],
    study: StudyOption = Path(),
    coder: CoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the decisions of a sheet into the log: all of them, or none where a row is bad.

    Example: subtheme sheet in proposals.xlsx --coder anna
    """
    from subtheme.cli.load import study_tables
    from subtheme.files import read_table
    from subtheme.review import decisions_of_blind, decisions_of_proposals
    from subtheme.study import READINGS

    frame = read_table(file)
    tables = study_tables(study, coder=coder)
    who = tables.study.settings.coder
    batch = f"sheet:{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}"
    read = decisions_of_proposals if "decision" in frame.columns else decisions_of_blind
    taken = read(
        frame,
        tables.segments,
        codebook=tables.study.codebook,
        study_id=tables.study_id,
        coder=who,
        source=file.name,
        at_us=time.time_ns() // 1000,
        batch=batch,
    )
    with tables.study.store() as store, store.writing():
        new = store.append_decisions(taken.decisions, batch=batch)
        rows = [{"coder": who, "transcript": t} for t in taken.transcripts]
        if rows:
            import pandas as pd

            store.add_readings(READINGS.check(pd.DataFrame(rows), source=file.name))
    known = len(taken.decisions) - new
    if as_json:
        say_json({"decisions": new, "known": known, "undecided": taken.undecided, "coder": who, "batch": batch})
        return
    say(f"Stored {new} decisions of {who}; {taken.undecided} rows stay open.")
    if known:
        say(f"{known} were stored before and are not counted again.")
