"""``subtheme report``: one HTML file, and its tables."""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from subtheme.cli.frame import JsonOption, StudyOption, reports_errors, say, say_json
from subtheme.errors import InputError, ModelError

if TYPE_CHECKING:
    from subtheme.cli.load import StudyTables
    from subtheme.reports import Progress, ReportContent


@reports_errors
def report(
    study: StudyOption = Path(),
    quotations: Annotated[
        bool, typer.Option("--quotations", help="Print confirmed quotations; without it no word of an interview.")
    ] = False,
    tables: Annotated[bool, typer.Option("--tables", help="Also write the tables as .xlsx.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write exports/report.html: the table with its margins, agreement, evaluation, how it was made.

    Example: subtheme report --quotations
    """
    from subtheme.cli.load import study_tables
    from subtheme.files import write_table
    from subtheme.reports import report_html, report_tables

    loaded = study_tables(study)
    content = content_of(loaded)
    folder = loaded.study.exports
    written = [folder / "report.html"]
    written[0].write_text(report_html(content, quotations=quotations), encoding="utf-8")
    if tables:
        for name, frame in report_tables(content, quotations=quotations).items():
            written.append(folder / f"{name}.xlsx")
            write_table(frame, written[-1])
    if as_json:
        say_json({"files": [str(p) for p in written], "synthetic": loaded.study.synthetic})
    else:
        say("\n".join(f"Wrote {path}" for path in written))


def content_of(tables: "StudyTables") -> "ReportContent":
    """Gather everything that a report is made from; what the study does not have yet is left out."""
    from subtheme.cli.agree import agreement_of
    from subtheme.cli.results import table_of_study
    from subtheme.reports import ReportContent
    from subtheme.scoring import typology

    study = tables.study
    table = table_of_study(tables, include_auto=False)
    try:
        agreement: dict[str, Any] | None = agreement_of(tables, coders=[]).as_dict()
    except InputError:  # one coder only, or coders who share no transcript: the report says that there is none
        agreement = None
    kept = study.exports / "evaluation.json"
    return ReportContent(
        study=study.name,
        table=table,
        codebook=study.codebook,
        codings=tables.codings,
        segments=tables.segments,
        synthetic=study.synthetic,
        progress=_progress(tables),
        typology=typology(table).as_dict(),
        agreement=agreement,
        evaluation=json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else None,
        model=_model(tables),
        manifest=_manifest(tables),
    )


def _progress(tables: "StudyTables") -> "Progress":
    from subtheme.codings import standing_decisions
    from subtheme.reports import Progress

    standing = standing_decisions(tables.decisions)
    over = tables.proposals[tables.proposals["probability"] >= tables.proposals["threshold"]]
    return Progress(
        transcripts=len(tables.transcripts),
        transcripts_read=int(tables.readings["transcript"].nunique()),
        segments=len(tables.segments),
        segments_decided=int(standing["segment"].nunique()),
        proposals=len(over),
        verdicts={str(k): int(v) for k, v in standing["verdict"].value_counts().sort_index().items()},
        retracted=int((tables.decisions["verdict"] == "retract").sum()),
    )


def _model(tables: "StudyTables") -> dict[str, Any] | None:
    """Return the manifest of the model that made the proposals, or None."""
    from subtheme.classifier import read_manifest

    if tables.proposals.empty:
        return None
    name = str(tables.proposals["model"].iloc[0]).partition("@")[0]
    try:
        manifest = read_manifest(tables.study.models / name)
    except ModelError:
        return None
    return {**manifest, **manifest["facts"]}


def _manifest(tables: "StudyTables") -> dict[str, Any]:
    """Return what is needed to make the report again: digests and versions."""
    texts = hashlib.sha256("".join(t.sha256 for t in tables.transcripts).encode()).hexdigest()
    settings = (tables.study.path / "study.toml").read_bytes()
    packages = ("subtheme", "numpy", "pandas", "scikit-learn", "scipy", "spacy", "sentence-transformers")
    return {
        "synthetic": tables.study.synthetic,
        "texts_sha256": texts,
        "codebook_hash": tables.study.codebook.content_hash,
        "settings_sha256": hashlib.sha256(settings).hexdigest(),
        "versions": {name: version(name) for name in packages},
    }
