"""``subtheme status``, ``undo`` and ``doctor``: where a study stands, and whether it is whole."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from subtheme.cli.frame import CoderOption, JsonOption, StudyOption, opened_study, reports_errors, say, say_json
from subtheme.errors import StudyError

if TYPE_CHECKING:
    from subtheme.files import TakenBack


@reports_errors
def status(study: StudyOption = Path(), as_json: JsonOption = False) -> None:
    """Print what the study holds, what comes next, and per case and sub-theme what is settled and what is open.

    Example: subtheme status --study care-study
    """
    from subtheme.study.next_step import next_step
    from subtheme.study.standing import held, standing

    opened = opened_study(study, needs_transcripts=False)
    facts = held(opened)
    table = standing(opened) if facts["segments"] else None
    facts["next"] = next_step(facts, table).command
    if as_json:
        say_json({**facts, "table": table})
        return
    for key, value in facts.items():
        shown = ", ".join(value) if isinstance(value, list) else value
        say(f"{key:>14}  {shown}")
    if table is not None:
        from subtheme.study.standing import standing_text

        say(f"\n{standing_text(table)}")


@reports_errors
def undo(
    study: StudyOption = Path(),
    coder: CoderOption = None,
    brought: Annotated[
        str | None, typer.Option("--codings", help="Take back instead what this file of codings brought: its name.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Take back the last decisions of a coder: one, or all of the sheet they came with. The log keeps both.

    With --codings the manual codings of a file go, as after 'subtheme codings' with the wrong file or coder.

    Example: subtheme undo --coder anna

    Example: subtheme undo --codings coder-1.csv
    """
    if brought is not None:
        _undo_codings(study, brought, as_json=as_json)
        return
    from subtheme.files import open_study, take_back_decisions

    opened = open_study(study, given={"coder": coder})
    who = opened.settings.coder
    with opened.store() as store, store.writing():
        gone = take_back_decisions(store, who, at_us=time.time_ns() // 1000)
    if as_json:
        say_json({"undone": gone.decisions, "coder": who, "readings": gone.readings})
        return
    say(f"Took back {gone.decisions} decisions of {who}. The log keeps them and their retraction.")
    _say_unread(gone)


def _undo_codings(study: Path, name: str, *, as_json: bool) -> None:
    from subtheme.files import open_study, take_back_codings

    with open_study(study).store() as store, store.writing():
        gone = take_back_codings(store, Path(name).name, at_us=time.time_ns() // 1000)
    if as_json:
        say_json({"codings": gone.codings, "readings": gone.readings, "coders": gone.coders})
        return
    say(f"Took back {gone.codings} codings that came with {Path(name).name}.")
    _say_unread(gone)


def _say_unread(gone: "TakenBack") -> None:
    if gone.readings:
        who = ", ".join(gone.coders)
        say(f"{gone.readings} transcripts count as unread again: {who} has nothing left there.")


@reports_errors
def doctor(
    study: StudyOption = Path(),
    backup: Annotated[Path | None, typer.Option("--backup", help="Write a whole copy of the store here.")] = None,
    restore: Annotated[
        Path | None, typer.Option("--restore", help="Put this backup in the store's place; the old one is kept.")
    ] = None,
    anchor: Annotated[
        str | None, typer.Option("--anchor", help="Anchor of an earlier report: the log must still contain it.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check that texts, triggers, logs and what stands are whole; make a backup, or go back to one.

    Example: subtheme doctor --backup study.backup.sqlite
    """
    from subtheme.files import Anchor, back_up, examine, open_study
    from subtheme.files import restore as restore_from

    opened = open_study(study)
    wanted = Anchor.parse(anchor) if anchor else None
    kept: Path | None = None
    if restore is not None:
        kept = restore_from(restore, opened.store_path, url=opened.settings.store_url)
    with opened.store() as store:
        found = examine(store, anchor=wanted)
        if found.problems:
            raise StudyError(found.problems)
        if backup is not None:
            back_up(store, backup)
    facts = found.as_dict() | {"backup": backup.name if backup else None, "replaced": kept.name if kept else None}
    if as_json:
        say_json(facts)
        return
    say(f"Whole: {found.transcripts} texts as imported, {found.log.length} events in an unbroken chain.")
    say(f"Anchor of the log: {found.log.anchor}")
    say(f"{found.database}{''.join('; known fault: ' + fault for fault in found.faults)}.")
    if backup is not None:
        say(f"Backup: {backup}, examined and whole.")
    if kept is not None:
        say(f"Restored. What was there before: {kept.name}.")
