"""``subtheme export``: take a study to other programs."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import JsonOption, StudyOption, opened_study, reports_errors, say, say_json
from subtheme.errors import InputError, Problem, suggestion


@reports_errors
def export(
    file: Annotated[
        Path | None,
        typer.Argument(
            help=".subtheme (everything), .qdpx, .jsonl (doccano), .json (Label Studio), .qdc, .xlsx, or a folder."
        ),
    ] = None,
    study: StudyOption = Path(),
    codings: Annotated[
        Path | None, typer.Option("--codings", help="Write the codings alone, with their words (.csv, .xlsx).")
    ] = None,
    program: Annotated[
        str, typer.Option("--for", help="Program that will read the project: nvivo, atlasti, maxqda.")
    ] = "standard",
    flatten: Annotated[
        str, typer.Option("--flatten", help="Write codes as a flat list, names joined by this, such as '::'.")
    ] = "",
    proposals: Annotated[
        bool, typer.Option("--proposals", help="Add what the model proposes, under a user of its own.")
    ] = False,
    coders: Annotated[
        Path | None, typer.Option("--coders", help="Other names for the coders (.csv: coder, name).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the study for another computer or program, and say what the file could not hold.

    Example: subtheme export care.subtheme; subtheme export care.qdpx --codings codings.csv
    """
    from subtheme.exchange import Variant, is_bundle, write_bundle, write_codings, write_study
    from subtheme.study.leaving import held_study

    if file is None and codings is None:
        raise InputError(Problem(what="nothing to write", expected="a file, or --codings"))
    if program not in set(Variant):
        known = ", ".join(Variant)
        raise InputError(
            Problem(what=f"no variant for '{program}'", expected=f"one of {known}", remedy=suggestion(program, Variant))
        )
    opened = opened_study(study, needs_transcripts=False)
    held = held_study(opened, names=_names(coders), with_proposals=proposals)
    reports = [write_codings(held, codings)] if codings else []
    if file is not None and is_bundle(file):
        if coders:
            raise InputError(
                Problem(
                    what="other names for coders in a bundle, whose log travels as it was written",
                    where=file.name,
                    remedy="Give the names where it is read: 'subtheme import --coder-as OLD=NEW'",
                )
            )
        reports.append(write_bundle(opened.folder, file))
    elif file is not None:
        reports.append(write_study(held, file, variant=Variant(program), flatten=flatten))
    if as_json:
        say_json({"exports": [report.as_dict() for report in reports], "anchor": opened.anchor})
        return
    for report in reports:
        say(report.as_text().rstrip())
    say(f"Anchor of the log: {opened.anchor}")


def _names(file: Path | None) -> dict[str, str]:
    """Return another name for each coder in the table."""
    from subtheme.nouns import Column, TableContract, rows_of
    from subtheme.tablefiles import read_table

    if file is None:
        return {}
    contract = TableContract(
        name="coder",
        columns=(Column(name="coder", kind=str, filled=True), Column(name="name", kind=str, filled=True)),
        key=("coder",),
    )
    return {row.coder: row.name for row in rows_of(contract.check(read_table(file), source=file.name, first_row=2))}
