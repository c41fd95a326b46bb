"""Taking manual codings into a study, with what their coders have read."""

import hashlib
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from subtheme.codings import carry_to_segments, checked_codings
from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.exchange import ColumnMap, LossReport, read_codings, shipped_column_maps
from subtheme.files import StudyFolder
from subtheme.nouns import READINGS, Origin, rows_of
from subtheme.tablefiles import read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenCodings:
    """What a file of codings brought.

    Attributes
    ----------
    codings, known : int
        Stored, and in the study already or twice in the file.
    events : int
        What the file says beyond codings, or as an event of a study of ours: stored as that.
    coders : tuple of str
    readings : int
        Transcripts that count as read by a coder.
    outside_segments : int
        Codings that lie on no segment: they are kept and score, but do not train.
    left_out : tuple of Problem
        Rows without a sure place, which were not stored.
    batch : str
        Name under which the file can be taken back.
    loss : LossReport
    """

    codings: int
    known: int
    events: int
    coders: tuple[str, ...]
    readings: int
    outside_segments: int
    left_out: tuple[Problem, ...]
    batch: str
    loss: LossReport

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers for ``--json``."""
        return {
            "codings": self.codings,
            "known": self.known,
            "events": self.events,
            "coders": list(self.coders),
            "outside_segments": self.outside_segments,
            "readings": self.readings,
            "batch": self.batch,
            "left_out": [p.as_dict() for p in self.left_out],
            "loss": self.loss.as_dict(),
        }


def take_codings(
    folder: StudyFolder,
    file: Path,
    *,
    columns: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    coder: str | None = None,
    readings: Path | None = None,
    unplaced: Literal["refuse", "drop", "keep"] = "drop",
) -> TakenCodings:
    """Store the codings of a file, all that have a sure place, and who has read what.

    A coder has read each transcript in which the file has a coding of theirs that was made without a suggestion, for
    the codes of the codebook; a transcript with a row that was left out does not count as read.

    Parameters
    ----------
    folder : StudyFolder
    file : pathlib.Path
        .csv or .xlsx.
    columns : str, optional
        Name of a column map, or a .toml file; the one that fits the headings by default.
    sheet, encoding : str, optional
        Sheet of a workbook; encoding of a text that is not UTF-8.
    coder : str, optional
        Whose codings they are, where the file does not say.
    readings : pathlib.Path, optional
        Table of who read what, also where nothing was coded.
    unplaced : {"drop", "keep", "refuse"}
        What becomes of rows without a sure place.

    Raises
    ------
    InputError
        With every problem of the file; nothing is stored then.
    """
    with folder.store() as store, store.writing():
        transcripts = store.transcripts()
        speaking = _speaking(store.turns())
        found = read_codings(
            file,
            codebook=folder.codebook,
            columns=_column_map(columns),
            texts={t.id: t.text for t in transcripts},
            speaking=speaking,
            segments=store.segments(transcripts),
            coder=coder,
            usual_coder=folder.settings.coder,
            unplaced=unplaced,
            sheet=sheet,
            encoding=encoding,
        )
        checked = checked_codings(
            found.codings,
            codebook=folder.codebook,
            participants=store.participants(),
            lengths={t.id: len(t.text) for t in transcripts},
            source=file.name,
            speaking=speaking,
            rows=found.rows,
        )
        is_kept = unplaced == "keep"
        way = f"{sheet or ''}{'keep' if is_kept else ''}".encode()  # another way brings others of the same file
        batch = f"{file.name}:{hashlib.sha256(file.read_bytes() + way).hexdigest()[:16]}"
        told = {e.coder for e in found.events}  # what they read is said by rows of their own
        own = checked[~checked["coder"].isin(list(told))]
        read = _readings(own, readings, set(store.digests()), but=found.unsure)
        outside = carry_to_segments(checked, store.segments(transcripts)).unplaced
        now = time.time_ns() // 1000  # for rows that somebody wrote by hand
        events = [e if e.at_us else replace(e, at_us=now, batch=e.batch or batch) for e in found.events]
        returned = store.append(sorted(events, key=lambda e: e.at_us))
        stored = store.add_codings(checked, batch=batch)
        store.add_readings(read, batch=batch)
    return TakenCodings(
        codings=stored,
        known=len(checked) - stored,
        events=returned,
        coders=tuple(sorted({*checked["coder"], *(e.coder for e in found.events)})),
        readings=len(read),
        outside_segments=len(outside),
        left_out=() if is_kept else tuple(found.unplaced),
        batch=batch,
        loss=found.loss,
    )


def _speaking(turns: pd.DataFrame) -> dict[str, list[tuple[int, int, str]]]:
    """Return the spans of participants' turns by transcript, with who speaks."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for turn in rows_of(turns[turns["participant"] != ""]):
        found.setdefault(turn.transcript, []).append((turn.start_char, turn.end_char, turn.participant))
    return found


def _column_map(name: str | None) -> ColumnMap | None:

    if name is None:
        return None
    shipped = shipped_column_maps()
    if name not in shipped and not Path(name).is_file():
        raise InputError(
            Problem(
                what=f"no column map '{name}'",
                expected=f"one of {', '.join(shipped)}, or a .toml file",
                remedy=suggestion(name, shipped),
            )
        )
    return ColumnMap.read(shipped.get(name, Path(name)))


def _readings(
    codings: pd.DataFrame, file: Path | None, transcripts: set[str], *, but: frozenset[tuple[str, str]]
) -> pd.DataFrame:
    """Return who read what: wherever something was coded, `but` where a row was left out, and what the file says."""
    is_made = (codings["transcript"] != "") & (codings["origin"] == Origin.BLIND.value)  # a confirmation is no reading
    implied = codings.loc[is_made, ["coder", "transcript"]]
    is_whole = [(row.coder, row.transcript) not in but for row in rows_of(implied)]
    implied = implied[pd.Series(is_whole, index=implied.index, dtype=bool)]
    if file is None:
        return READINGS.check(implied.drop_duplicates(), source="codings")
    stated = READINGS.check(read_table(file), source=file.name, first_row=2, sort=False)
    problems = [
        Problem(what=f"unknown transcript {shown(row.transcript)}", where=f"{file.name}, row {number}")
        for number, row in enumerate(rows_of(stated), start=2)
        if row.transcript not in transcripts
    ]
    if problems:
        raise InputError(problems)
    own = stated[stated["coder"].isin(set(codings["coder"]))]
    both = pd.concat([own, implied]).drop_duplicates(["coder", "transcript"])
    return READINGS.check(both, source=file.name)
