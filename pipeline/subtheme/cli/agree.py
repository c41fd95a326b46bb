"""``subtheme agree``: coder with coder, model with coder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from subtheme.cli.frame import JsonOption, StudyOption, opened_study, reports_errors, say, say_json, warn
from subtheme.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from subtheme.agreement import AgreementReport
    from subtheme.study import Study


@reports_errors
def agree(
    coders: Annotated[list[str] | None, typer.Argument(help="Whom to compare; everybody by default.")] = None,
    study: StudyOption = Path(),
    include_assisted: Annotated[
        bool, typer.Option("--include-assisted", help="Add, apart, codings made after seeing a suggestion.")
    ] = False,
    weights: Annotated[
        Path | None,
        typer.Option("--weights", help="Sampling weights (.csv: segment, weight) where a sample was coded twice."),
    ] = None,
    spans: Annotated[
        bool, typer.Option("--spans", help="Also compare the spans as they were marked, character by character.")
    ] = False,
    landis_koch: Annotated[
        bool, typer.Option("--landis-koch", help="Add the words of Landis and Koch (1977).")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="Also write page, opened and the list to discuss into this folder."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the agreement of coders on segments, participants and cells, from blind codings.

    Example: subtheme agree coder-1 coder-2 --output exports/agreement
    """
    from subtheme.agreement import marked_text, report_tables, report_text
    from subtheme.study.agreeing import marked_of_study

    opened = opened_study(study)
    drawn = None if weights is None else _weights(weights)
    report = opened.agreement(coders or (), include_assisted=include_assisted, weights=drawn)
    marked = marked_of_study(opened, report) if spans else None
    if output is not None:
        frames = report_tables(report) | ({} if marked is None else {"spans": marked.table})
        for path in _write(report, frames, output, opened=opened, with_landis_koch=landis_koch):
            warn(f"Wrote {path}")
    if as_json:
        facts = {
            "spans": None if marked is None else marked.as_dict(),
            "synthetic": opened.synthetic,
            "anchor": opened.anchor,
        }
        say_json({**report.as_dict(), **facts})
        return
    if opened.synthetic:
        say("SYNTHETIC: the coders are simulated.")
    say(report_text(report, with_landis_koch=landis_koch))
    if marked is not None:
        say(marked_text(marked))


def _weights(path: Path) -> "pd.Series[float]":
    from subtheme.nouns import Column, TableContract
    from subtheme.tablefiles import read_table

    contract = TableContract(
        name="sampling weight",
        columns=(Column(name="segment", kind=str, filled=True), Column(name="weight", kind=float)),
        key=("segment",),
    )
    rows = contract.check(read_table(path), source=path.name, first_row=2)
    return rows.set_index("segment")["weight"]


def _write(
    report: "AgreementReport",
    frames: "dict[str, pd.DataFrame]",
    folder: Path,
    *,
    opened: "Study",
    with_landis_koch: bool,
) -> list[Path]:
    """Write the page, the opened and the list of disagreements; return their paths."""
    from subtheme.reports import agreement_html
    from subtheme.tablefiles import write_table

    if folder.exists() and not folder.is_dir():
        raise InputError(Problem(what="not a folder", where=folder.name, expected="a folder, or the name of a new one"))
    folder.mkdir(parents=True, exist_ok=True)
    study = opened
    page = folder / "agreement.html"
    page.write_text(
        agreement_html(
            report.as_dict(),
            study=study.name,
            synthetic=study.synthetic,
            with_landis_koch=with_landis_koch,
            anchor=opened.anchor,
        ),
        encoding="utf-8",
        newline="\n",
    )
    written = [page]
    for name, table in frames.items():
        written.append(folder / (f"{name}.xlsx" if name == "disagreements" else f"{name}.csv"))
        write_table(table.assign(heading="SYNTHETIC") if study.synthetic else table, written[-1])
    return written
