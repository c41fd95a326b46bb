"""``subtheme report``: one HTML file, and its tables."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import JsonOption, StudyOption, opened_study, reports_errors, say, say_json


@reports_errors
def report(
    study: StudyOption = Path(),
    quotations: Annotated[
        bool, typer.Option("--quotations", help="Print confirmed quotations; without it no word of an interview.")
    ] = False,
    tables: Annotated[
        bool, typer.Option("--tables", help="Also write every table as .csv, and all of them as one .xlsx.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write exports/report.html: the table with its margins, agreement, evaluation, how it was made.

    Example: subtheme report --quotations
    """
    from subtheme.reports import report_html, report_tables
    from subtheme.study.content import content_of
    from subtheme.tablefiles import write_table, write_xlsx

    loaded = opened_study(study)
    content = content_of(loaded)
    folder = loaded.folder.exports
    written = [folder / "report.html"]
    written[0].write_text(report_html(content, quotations=quotations), encoding="utf-8", newline="\n")
    if tables:
        named = report_tables(content, quotations=quotations)
        (folder / "tables").mkdir(exist_ok=True)
        for name, frame in named.items():
            written.append(folder / "tables" / f"{name}.csv")
            write_table(frame, written[-1])
        written.append(folder / "tables.xlsx")
        write_xlsx(named, written[-1])
    if as_json:
        say_json({"files": [str(p) for p in written], "synthetic": loaded.synthetic})
    else:
        say("\n".join(f"Wrote {path}" for path in written))
