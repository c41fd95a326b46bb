"""``subtheme codings``: bring manual codings into a study."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import CoderOption, JsonOption, StudyOption, reports_errors, say, say_json
from subtheme.errors import InputError, Problem


@reports_errors
def codings(
    file: Annotated[Path, typer.Argument(help="Codings (.csv, .xlsx): spans or quotations.")],
    study: StudyOption = Path(),
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            help="Column map: nvivo, maxqda, atlasti, dedoose, taguette, qualcoder, or your own .toml.",
            show_default="the one that fits the headings",
        ),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option("--sheet", help="Sheet of a workbook.", show_default="the first one, or the one that fits"),
    ] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="For text that is not UTF-8.")] = None,
    coder: CoderOption = None,
    readings: Annotated[
        Path | None,
        typer.Option("--readings", help="Who read what (.csv: coder, transcript), also where nothing was coded."),
    ] = None,
    keep_unplaced: Annotated[
        bool,
        typer.Option("--keep-unplaced", help="Keep rows whose quotation has no sure place, without a place."),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="All or nothing: refuse the file where a row has no sure place.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Store manual codings. A coder has read each transcript that the file or --readings names.

    Quotations are searched in their transcript; apostrophes, dashes, ellipses, accents and spaces may be written
    otherwise there. A row whose place is not sure is left out and named, with the nearest place.

    Example: subtheme codings coder-1.csv --coder coder-1
    """
    if strict and keep_unplaced:
        raise InputError(Problem(what="--strict and --keep-unplaced at once", expected="one of them"))
    from subtheme.files import open_study
    from subtheme.study.taking import take_codings

    taken = take_codings(
        open_study(study),
        file,
        columns=columns,
        sheet=sheet,
        encoding=encoding,
        coder=coder,
        readings=readings,
        unplaced="refuse" if strict else "keep" if keep_unplaced else "drop",
    )
    if as_json:
        say_json(taken.as_dict())
        return
    say(f"Stored {taken.codings} codings by {', '.join(taken.coders)}; {taken.readings} transcripts read.")
    if taken.known:
        say(
            f"Note: {taken.known} more were in the study already, or stand twice in the file. What an earlier version "
            "of the file brought stays: 'subtheme undo --codings FILE' takes it back."
        )
    if taken.outside_segments:
        say(
            f"Note: {taken.outside_segments} lie on no segment (another's words, or no place): they are kept and "
            "score, but do not train."
        )
    say(taken.loss.as_text().rstrip())
    if taken.left_out:
        rows = ", ".join(p.where.rpartition("row ")[2] for p in taken.left_out)
        say(
            f"Left out, since their place is not sure: row {rows}. Their transcripts do not count as read. Correct the "
            "rows and give the file again: what is stored is not stored twice. --strict refuses such a file, "
            "--keep-unplaced keeps the codings without a place."
        )
