"""The part of ``subtheme import`` that takes in a whole study (.subtheme): look at it, or unite it with one."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from subtheme.cli.frame import say, say_json
from subtheme.errors import InputError, Problem

if TYPE_CHECKING:
    from subtheme.exchange import Bundle, CoderWays, United
    from subtheme.files import StudyFolder


def take_in(places: list[Path], *, folder: Path, ways: "CoderWays", preview: bool, as_json: bool) -> None:
    """Read the one bundle that was named, and show it, or bring it into the study, which is made where there is none.

    Raises
    ------
    InputError
        If something else was named along with it, or it is refused.
    """
    from subtheme.exchange import read_bundle, unite

    if len(places) > 1:
        raise InputError(
            Problem(
                what="a whole study among other files",
                where=", ".join(p.name for p in places),
                expected="one .subtheme, by itself",
                remedy="Import each by itself",
            )
        )
    bundle = read_bundle(places[0])
    if preview:
        _show(bundle, as_json=as_json)
        return
    study, is_new = _study(bundle, folder)
    try:
        united = unite(study, bundle, ways=ways)
    except BaseException:
        if is_new:
            shutil.rmtree(study.path)
        raise
    if as_json:
        say_json(_as_dict(bundle, united, study=study, is_new=is_new))
        return
    if is_new:
        say(f"Made {study.path}, the study '{bundle.name}'.")
    for line in _lines(united):
        say(line)


def _study(bundle: "Bundle", folder: Path) -> tuple["StudyFolder", bool]:
    """Return the study in `folder`, or a new one, named after the file where no folder was named."""
    from subtheme.files import create_study, open_study

    if (folder / "study.toml").exists():
        return open_study(folder), False
    if folder == Path():
        folder = Path(Path(bundle.file).stem)
        if (folder / "study.toml").exists():
            return open_study(folder), False
    return create_study(folder, codebook=bundle.codebook_text, name=bundle.name, settings=bundle.settings), True


def _lines(united: "United") -> list[str]:
    if not united.events and not united.transcripts:
        return ["0 new events: everything in the file is in the study already.", *_notes(united)]
    by = f" by {', '.join(united.coders)}" if united.coders else ""
    joined = [
        f"{name} of the file and {name} here are one: they held different things on {n} segments and codes, "
        "where the later word holds now."
        for name, n in (united.joined or {}).items()
    ]
    return [
        f"{united.events} new events{by}; {united.transcripts} new transcripts, "
        f"{united.participants} new participants.",
        *joined,
        *_notes(united),
    ]


def _notes(united: "United") -> list[str]:
    return [f"Note: {note}." for note in united.notes]


def _show(bundle: "Bundle", *, as_json: bool) -> None:
    counts = {name: len(rows) for name, rows in bundle.tables.items() if name != "contents"}
    coders = sorted({row["coder"] for row in bundle.tables["events"] if row["coder"]})
    if as_json:
        say_json({"study": bundle.name, "coders": coders, "anchor": str(bundle.anchor), **counts})
        return
    say(f"{bundle.file}: the study '{bundle.name}'")
    say(", ".join(f"{n} {name}" for name, n in counts.items()))
    say(f"Coders: {', '.join(coders) or 'nobody'}")
    say(f"Anchor of the log: {bundle.anchor}")
    say("Nothing was stored.")


def _as_dict(bundle: "Bundle", united: "United", *, study: "StudyFolder", is_new: bool) -> dict[str, object]:
    return {
        "study": str(study.path),
        "study_made": is_new,
        "anchor": str(bundle.anchor),
        "events_new": united.events,
        "transcripts": united.transcripts,
        "participants": united.participants,
        "coders": list(united.coders),
        "joined": dict(united.joined or {}),
        "notes": list(united.notes),
    }
