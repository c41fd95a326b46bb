"""``subtheme report``: one HTML file, and its tables."""

import hashlib
import json
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from subtheme.cli.frame import JsonOption, StudyOption, reports_errors, say, say_json
from subtheme.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subtheme.cli.load import StudyTables
    from subtheme.reports import Progress, ReportContent
    from subtheme.scoring import ResultTable


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
    from subtheme.cli.load import study_tables
    from subtheme.reports import report_html, report_tables
    from subtheme.tablefiles import write_table, write_xlsx

    loaded = study_tables(study)
    content = content_of(loaded)
    folder = loaded.study.exports
    written = [folder / "report.html"]
    written[0].write_text(report_html(content, quotations=quotations), encoding="utf-8")
    if tables:
        named = report_tables(content, quotations=quotations)
        (folder / "tables").mkdir(exist_ok=True)
        for name, frame in named.items():
            written.append(folder / "tables" / f"{name}.csv")
            write_table(frame, written[-1])
        written.append(folder / "tables.xlsx")
        write_xlsx(named, written[-1])
    if as_json:
        say_json({"files": [str(p) for p in written], "synthetic": loaded.study.synthetic})
    else:
        say("\n".join(f"Wrote {path}" for path in written))


def content_of(tables: "StudyTables") -> "ReportContent":
    """Gather everything that a report is made from; what the study does not have yet is left out."""
    from subtheme.cli.agree import agreement_of
    from subtheme.cli.results import firmness_of_study
    from subtheme.reports import ReportContent

    study = tables.study
    firm = firmness_of_study(tables)
    try:
        agreement: dict[str, Any] | None = agreement_of(tables, coders=[]).as_dict()
    except InputError:  # one coder only, or coders who share no transcript: the report says that there is none
        agreement = None
    kept = study.exports / "evaluation.json"
    manifest = tables.model_manifest
    return ReportContent(
        study=study.name,
        table=firm.table,
        codebook=study.codebook,
        codings=tables.scored,
        segments=tables.segments,
        synthetic=study.synthetic,
        progress=_progress(tables, firm.table),
        firmness=firm,
        agreement=agreement,
        evaluation=json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else None,
        model=None if manifest is None else {**manifest, **manifest["facts"]},
        anchoring=_anchoring(tables),
        manifest=_manifest(tables),
    )


def _anchoring(tables: "StudyTables") -> dict[str, Any] | None:
    """Return what suggestions did to coders; None where nobody has worked at the review page."""
    import pandas as pd

    from subtheme.agreement import anchoring, switching
    from subtheme.codings import standing_decisions

    undone = {m.reply_to for m in tables.marks if m.kind == "undo"}
    marks = [m for m in tables.marks if m.uid not in undone]
    finished = [{"coder": m.coder, "segment": m.segment, "shown": m.shown} for m in marks if m.kind == "finish"]
    if not finished:
        return None
    places = {(m["coder"], m["segment"]) for m in finished}
    revealed = sorted({(m.coder, m.segment) for m in marks if m.kind == "reveal"} & places)
    seen = pd.DataFrame(revealed, columns=["coder", "segment"])
    effect = anchoring(
        standing_decisions(tables.decisions), pd.DataFrame(finished), tables.proposals, tables.segments, revealed=seen
    )
    switched = switching(tables.decisions, seen, tables.proposals, tables.segments)
    return {**effect.as_dict(), "switching": asdict(switched)}


def _progress(tables: "StudyTables", table: "ResultTable") -> "Progress":
    from subtheme.codings import standing_decisions
    from subtheme.reports import Progress

    standing = standing_decisions(tables.decisions)
    over = tables.proposals[tables.proposals["probability"] >= tables.proposals["threshold"]]
    review = tables.presence_review
    drawn, found = (0, 0) if review is None else review.audit_segments
    cells = table.as_frame()
    return Progress(
        transcripts=len(tables.transcripts),
        transcripts_read=int(tables.readings["transcript"].nunique()),
        segments=len(tables.segments),
        segments_decided=int(standing["segment"].nunique()),
        proposals=len(over),
        verdicts={str(k): int(v) for k, v in standing["verdict"].value_counts().sort_index().items()},
        retracted=int((tables.decisions["verdict"] == "retract").sum()),
        audit_segments=drawn,
        audit_found=found,
        expected_wrong=None if review is None else review.expected_wrong(cells),
        looks_left=None if review is None else (review.looks_left.low, review.looks_left.high),
        to_be_read=0 if review is None else review.to_be_read(cells),
        risk=tables.study.settings.risk,
    )


def _manifest(tables: "StudyTables") -> dict[str, Any]:
    """Return what is needed to make the report again: digests and versions."""
    model = tables.model_manifest
    return {
        "synthetic": tables.study.synthetic,
        "texts": _sha256([f"{t.id}:{t.sha256}" for t in tables.transcripts]),
        "codebook": tables.study.codebook.content_hash,
        "settings": hashlib.sha256((tables.study.path / "study.toml").read_bytes()).hexdigest(),
        "model": "none" if model is None else f"{model['name']}@{model['content_hash']}",
        "participants": _sha256(tables.participants.astype(str).agg("|".join, axis=1)),
        "codings": _sha256(tables.every_coding.astype(str).agg("|".join, axis=1)),
        "decisions": _sha256(tables.decisions["uid"]),
        "anchor of the log": tables.anchor,
        "versions": {name: version(name) for name in _PACKAGES},
    }


_PACKAGES = ("subtheme", "numpy", "pandas", "scikit-learn", "scipy", "spacy", "sentence-transformers", "matplotlib")


def _sha256(lines: "Iterable[str]") -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()
