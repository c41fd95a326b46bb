"""``subtheme agree``: coder with coder, model with coder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from subtheme.cli.frame import JsonOption, StudyOption, reports_errors, say, say_json, warn
from subtheme.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from subtheme.agreement import AgreementReport, MarkedAgreement
    from subtheme.cli.load import StudyTables

_UNITS = {
    "unit": "segments of about {words} words, cut at sentence ends within the turns of participants",
    "sentence": "single sentences of participants",
    "turn": "whole turns of participants",
}


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
        typer.Option("--output", help="Also write page, tables and the list to discuss into this folder."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the agreement of coders on segments, participants and cells, from blind codings.

    Example: subtheme agree coder-1 coder-2 --output exports/agreement
    """
    from subtheme.agreement import marked_text, report_tables, report_text
    from subtheme.cli.load import study_tables

    tables = study_tables(study)
    drawn = None if weights is None else _weights(weights)
    report = agreement_of(tables, coders=coders or [], include_assisted=include_assisted, weights=drawn)
    marked = _marked(tables, report) if spans else None
    if output is not None:
        frames = report_tables(report) | ({} if marked is None else {"spans": marked.table})
        for path in _write(report, frames, output, tables=tables, with_landis_koch=landis_koch):
            warn(f"Wrote {path}")
    if as_json:
        facts = {
            "spans": None if marked is None else marked.as_dict(),
            "synthetic": tables.study.synthetic,
            "anchor": tables.anchor,
        }
        say_json({**report.as_dict(), **facts})
        return
    if tables.study.synthetic:
        say("SYNTHETIC: the coders are simulated.")
    say(report_text(report, with_landis_koch=landis_koch))
    if marked is not None:
        say(marked_text(marked))


def agreement_of(
    tables: "StudyTables",
    *,
    coders: list[str],
    include_assisted: bool = False,
    weights: "pd.Series[float] | None" = None,
) -> "AgreementReport":
    """Return the agreement of the coders of a study, and of the model that proposed with each of them."""
    from subtheme.agreement import agreement_report
    from subtheme.codings import assisted_readings

    settings = tables.study.settings
    levels = list(dict.fromkeys([settings.level, tables.study.codebook.levels[0]]))
    # A project may bring texts in which no participant speaks: there is nothing to agree on in them.
    has_segments = tables.readings["transcript"].isin(set(tables.segments["transcript"]))
    return agreement_report(
        tables.segments,
        tables.segment_codes,
        tables.readings[has_segments],
        tables.participants,
        tables.study.codebook,
        levels=levels,
        coders=coders or None,
        include_assisted=include_assisted,
        weights=weights,
        proposals=tables.proposals,
        trained_on=_trained_on(tables),
        assisted=assisted_readings(tables.decisions, tables.segments),
        units=f"{_UNITS[settings.strategy].format(words=settings.target_words)}, fixed before codings were compared",
        settled=_settled(tables),
    )


def _settled(tables: "StudyTables") -> str:
    """Return in words how many disagreements were settled, and under which name; empty where none was."""
    import json

    from subtheme.codings import SETTLED, standing_decisions

    standing = standing_decisions(tables.decisions)
    rows = standing[standing["shown"].map(lambda shown: json.loads(shown or "{}").get("arm")) == SETTLED]
    if rows.empty:
        return ""
    names = ", ".join(sorted(set(rows["coder"])))
    return f"{len(rows)} codes on segments were agreed on together, kept as coder {names}"


def _trained_on(tables: "StudyTables") -> set[str]:
    """Return the transcripts of the people that the proposing model was trained on.

    Where its file is gone or another model has its name now, everything that was read may have been learned.
    """
    from subtheme.classifier import manifest_of_version

    learned: set[str] = set()
    for version in sorted(set(tables.proposals["model"])):
        manifest = manifest_of_version(tables.study.models, str(version))
        if manifest is not None and "trained_on" in manifest["facts"]:
            people = set(manifest["facts"]["trained_on"])
            learned |= set(tables.segments.loc[tables.segments["participant"].isin(people), "transcript"])
        else:
            learned |= set(tables.readings["transcript"])
    return learned


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


def _marked(tables: "StudyTables", report: "AgreementReport") -> "MarkedAgreement":
    from subtheme.agreement import marked_agreement

    blind = tables.readings
    seen = set(report.roster.assisted_only)
    kept = [(r.coder, r.transcript) not in seen for r in blind.itertuples()]
    return marked_agreement(
        tables.codings,
        blind[kept],
        {t.id: len(t.text) for t in tables.transcripts},
        tables.study.codebook,
        level=report.levels[0],
        coders=report.roster.people,
    )


def _write(
    report: "AgreementReport",
    frames: "dict[str, pd.DataFrame]",
    folder: Path,
    *,
    tables: "StudyTables",
    with_landis_koch: bool,
) -> list[Path]:
    """Write the page, the tables and the list of disagreements; return their paths."""
    from subtheme.reports import agreement_html
    from subtheme.tablefiles import write_table

    if folder.exists() and not folder.is_dir():
        raise InputError(Problem(what="not a folder", where=folder.name, expected="a folder, or the name of a new one"))
    folder.mkdir(parents=True, exist_ok=True)
    study = tables.study
    page = folder / "agreement.html"
    page.write_text(
        agreement_html(
            report.as_dict(),
            study=study.name,
            synthetic=study.synthetic,
            with_landis_koch=with_landis_koch,
            anchor=tables.anchor,
        ),
        encoding="utf-8",
    )
    written = [page]
    for name, table in frames.items():
        written.append(folder / (f"{name}.xlsx" if name == "disagreements" else f"{name}.csv"))
        write_table(table.assign(heading="SYNTHETIC") if study.synthetic else table, written[-1])
    return written
