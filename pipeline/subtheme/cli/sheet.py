"""``subtheme sheet``: proposals out to a spreadsheet, decisions back in."""

import functools
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from subtheme.cli.frame import CoderOption, JsonOption, StudyOption, opened_study, reports_errors, say, say_json
from subtheme.errors import InputError, Problem, StudyError, shown

if TYPE_CHECKING:
    import pandas as pd

    from subtheme.study import Study

sheet_app = typer.Typer(no_args_is_help=True, help="Decide in a spreadsheet.")


@sheet_app.command("out")
@reports_errors
def sheet_out(
    file: Annotated[Path, typer.Argument(help="Sheet to write (.xlsx, .csv).")],
    study: StudyOption = Path(),
    coder: CoderOption = None,
    order: Annotated[
        str,
        typer.Option(
            "--order",
            help="settle (fewest looks to settle the table), uncertain, transcript, code, audit (segments drawn at "
            "random), disagreements; or proposals: all over their threshold, in reading order.",
        ),
    ] = "settle",
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="Most questions, or segments of an audit.", show_default="200, audit: 50"),
    ] = None,
    blind: Annotated[
        list[str] | None,
        typer.Option("--blind", help="Whole transcript without suggestions, for double coding; may be repeated."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write what to decide next, with its context and an empty column for the decision.

    The questions are those of presence review: best evidence first, nothing about settled cells, and none at all once
    the expected number of wrong cells is within [review] risk of study.toml.

    Example: subtheme sheet out questions.xlsx --order settle --limit 100
    """
    from subtheme.tablefiles import write_table

    if file.exists() and not overwrite:
        raise InputError(
            Problem(
                what="the file exists, perhaps with decisions in it",
                where=file.name,
                remedy="Take it in, or say --overwrite",
            )
        )
    opened = opened_study(study, coder=coder)
    sheet = _blind(opened, blind) if blind else _of_order(opened, order, limit)
    frame = sheet.frame.assign(anchor=opened.anchor, **({"note": "SYNTHETIC"} if opened.synthetic else {}))
    write_table(frame, file)
    if as_json:
        say_json(
            {
                "file": file.name,
                "rows": len(frame),
                "blind": bool(blind),
                "synthetic": opened.synthetic,
                "anchor": opened.anchor,
                **sheet.facts,
            }
        )
        return
    say(f"Wrote {len(frame)} rows to {file}. {sheet.how_to}")
    for line in sheet.remarks:
        say(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A sheet to write, and what to say of it."""

    frame: "pd.DataFrame"
    how_to: str
    facts: dict[str, Any]
    remarks: tuple[str, ...] = ()


_DECIDE = "Decide: accept, reject, unsure, counter-example, or other and a code."
_CODES = "Write the codes of each segment, separated by semicolons"


def _blind(opened: "Study", names: list[str]) -> _Sheet:
    from subtheme.review import blind_sheet

    known = set(opened.segments["transcript"])
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError([Problem(what=f"no transcript {shown(name)} in the study") for name in unknown])
    frame = blind_sheet(opened.segments, study_id=opened.study_id, transcripts=names)
    how_to = f"{_CODES}; where a whole transcript holds none, write 'none' once, so that it counts as read."
    return _Sheet(frame=frame, how_to=how_to, facts={})


def _of_order(opened: "Study", order: str, limit: int | None) -> _Sheet:
    from subtheme.review import audit_sheet, proposal_sheet, question_sheet
    from subtheme.study.result import table_of_study
    from subtheme.study.standing import what_remains

    review = opened.presence_review
    if review is None:
        raise StudyError(
            Problem(
                what="no proposals yet",
                where=opened.folder.path.name,
                remedy="Run 'subtheme train' and 'subtheme precode'",
            )
        )
    book, study_id = opened.codebook, opened.study_id
    if order == "proposals":
        every = proposal_sheet(
            opened.proposals,
            opened.segments,
            opened.judgements,
            codebook=book,
            study_id=study_id,
            coder=opened.folder.settings.coder,
        )
        frame = every if limit is None else every.head(limit)
        left = (f"{len(every) - len(frame)} more proposals are left.",) if len(every) > len(frame) else ()
        return _Sheet(frame=frame, how_to=_DECIDE, facts={"order": order}, remarks=left)
    queue = review.queue(order=order, limit=limit or (50 if order == "audit" else 200))  # refuses an unknown order
    wrong, looks = review.expected_wrong(table_of_study(opened).as_frame()), review.looks_left
    facts = {
        "order": order,
        "stopped": queue.stopped,
        "notes": list(queue.notes),
        "expected_wrong_cells": round(wrong, 3),
        "expected_looks": round(looks.expected, 1),
        "expected_looks_range": [looks.low, looks.high],
    }
    if order == "audit":
        frame = audit_sheet(queue, opened.segments, study_id=study_id)
        return _Sheet(frame=frame, how_to=f"{_CODES}, or none.", facts=facts, remarks=queue.notes)
    frame = question_sheet(
        queue, opened.segments, codebook=book, study_id=study_id, model=str(opened.proposals["model"].iloc[0])
    )
    risk = opened.folder.settings.risk
    remarks = (
        *(f"Note: {note}." for note in queue.notes),
        what_remains(wrong, risk=risk, looks=(looks.low, looks.high), to_be_read=0, is_enough=review.is_enough(wrong)),
    )
    return _Sheet(
        frame=frame,
        how_to=f"{_DECIDE} One accepted segment is enough for a participant and a sub-theme: leave the others empty.",
        facts=facts,
        remarks=remarks,
    )


@sheet_app.command("in")
@reports_errors
def sheet_in(
    file: Annotated[Path, typer.Argument(help="A sheet that was filled in (.xlsx, .csv).")],
    study: StudyOption = Path(),
    coder: CoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the decisions of a sheet into the log: all of them, or none where a row is bad.

    Example: subtheme sheet in questions.xlsx --coder anna
    """
    from subtheme.judgements import batch_for
    from subtheme.review import decisions_of_blind, decisions_of_proposals
    from subtheme.tablefiles import read_table

    frame = read_table(file)
    opened = opened_study(study, coder=coder)
    who = opened.folder.settings.coder
    batch = batch_for(f"sheet:{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}", opened.events)
    read = (
        decisions_of_proposals
        if "decision" in frame.columns
        else functools.partial(decisions_of_blind, level=opened.level)
    )
    taken = read(
        frame,
        opened.segments,
        codebook=opened.codebook,
        study_id=opened.study_id,
        coder=who,
        source=file.name,
        at_us=time.time_ns() // 1000,
        batch=batch,
    )
    notes = _lost_anchors(opened, set(frame.get("anchor", ())))
    with opened.folder.store() as store, store.writing():
        new = store.append_decisions(taken.decisions, batch=batch)
        store.append(taken.read)
    known = len(taken.decisions) - new
    if as_json:
        facts = {"decisions": new, "known": known, "undecided": taken.undecided, "coder": who, "batch": batch}
        say_json({**facts, "transcripts": list(taken.transcripts), "notes": notes})
        return
    for note in notes:
        say(f"Note: {note}.")
    say(f"Stored {new} decisions of {who}; {taken.undecided} rows stay open.")
    if taken.transcripts:
        say(f"Read whole, so that what is not coded there is absent: {', '.join(taken.transcripts)}.")
    if known:
        say(f"{known} were stored before and are not counted again.")


def _lost_anchors(opened: "Study", anchors: set[str]) -> list[str]:
    """Return what to say where the log no longer contains what it was when the sheet was written."""
    from subtheme.files import Anchor, chain_of

    lost = []
    with opened.folder.store() as store:
        for text in sorted(anchors - {""}):
            try:
                is_held = chain_of(store, anchor=Anchor.parse(text)).holds_anchor
            except InputError:
                is_held = False
            if not is_held:
                lost.append(
                    f"the log does not contain the anchor {text[:12]} of this sheet: decisions were cut off, or an "
                    "older backup was restored; 'subtheme doctor' says more"
                )
    return lost
