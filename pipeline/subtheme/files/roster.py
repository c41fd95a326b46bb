"""The roster: who was interviewed, in which case, in which transcript, under which label."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.nouns import PARTICIPANTS, Column, Role, TableContract, Transcript, folded, rows_of
from subtheme.tablefiles import read_table_file

_DATE = re.compile(r"\d{4}-\d\d-\d\d 00:00:00")
"""What is read of a cell that a workbook holds as a date."""

ROSTER = TableContract(
    name="participant",
    columns=(
        *PARTICIPANTS.columns,
        Column(name="transcript", kind=str, default=""),
        Column(name="speaker", kind=str, default=""),
    ),
    key=("participant", "transcript", "speaker"),
)
"""The file of participants: `transcript` and `speaker` are needed only where they differ from the participant's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Participants and where they speak.

    Attributes
    ----------
    rows : pandas.DataFrame
        Checked by `ROSTER`.
    source : str
        Name of the file, for errors.
    without : tuple of str
        Transcripts that stand beside no participant: they are left out.
    """

    rows: pd.DataFrame
    source: str
    without: tuple[str, ...] = ()

    def leaves_out(self, transcript: str) -> bool:
        """Return whether the file says that nobody's words stand in a transcript."""
        return folded(transcript) in {folded(name) for name in self.without}

    @property
    def participants(self) -> pd.DataFrame:
        """The participants, checked by `PARTICIPANTS`."""
        distinct = self.rows[list(PARTICIPANTS.names)].drop_duplicates()
        return PARTICIPANTS.check(distinct, source=self.source)

    @property
    def labels(self) -> dict[str, frozenset[str]]:
        """Folded name of a transcript to the labels that the column `speaker` names there."""
        found: dict[str, set[str]] = {}
        for row in rows_of(self.rows):
            if row.speaker:
                found.setdefault(folded(row.transcript or row.participant), set()).add(row.speaker)
        return {transcript: frozenset(labels) for transcript, labels in found.items()}

    def strangers_in(self, transcript: Transcript) -> list[Problem]:
        """Return a problem for every row whose label no turn of its transcript has."""
        spoken = list(transcript.speakers)
        known = {folded(s) for s in spoken}
        numbered = enumerate(rows_of(self.rows), start=2)
        return [
            Problem(
                what=f"speaker {shown(row.speaker)} is in no turn of transcript {shown(transcript.id)}",
                where=f"{self.source}, row {number}",
                expected="a label as the transcript has it",
                remedy=suggestion(row.speaker, [s for s in spoken if s])
                or "'subtheme import --preview' lists the labels",
            )
            for number, row in numbered
            if row.speaker
            and folded(row.transcript or row.participant) == folded(transcript.id)
            and folded(row.speaker) not in known
        ]

    def speakers_of(self, transcript: Transcript, *, needs_labels: bool = True) -> Mapping[str, str]:
        """Return the participant of every speaker label of `transcript` whose role is participant.

        With one participant and one label in the transcript, that label is the participant; with several (a
        focus group), labels are looked up in the column `speaker`, or are the participants' own ids.

        Parameters
        ----------
        transcript : Transcript
        needs_labels : bool
            Refuse several labels for one participant, unless the roster names them. Without it they are all theirs.

        Raises
        ------
        InputError
            If nobody on the roster belongs to the transcript, a label of a focus group is not on it, or several
            speakers would be one participant.
        """
        here = self._rows_of(transcript.id)
        labels = list(dict.fromkeys(t.speaker for t in transcript.turns if t.role is Role.PARTICIPANT))
        if not here:
            raise InputError(
                Problem(
                    what=f"transcript {shown(transcript.id)} has no participant",
                    where=self.source,
                    expected="a row whose 'transcript', or else whose 'participant', is its name",
                    remedy="Add the row, with the case that the person belongs to",
                )
            )
        only = {row.participant for row in here}
        if len(only) == 1 and (len({folded(label) for label in labels}) < 2 or not needs_labels):
            return dict.fromkeys(labels, here[0].participant)
        named = {folded(row.speaker or row.participant): row.participant for row in here}
        unknown = [label for label in labels if folded(label) not in named]
        if unknown and len(only) == 1:
            raise InputError(
                Problem(
                    what=f"{len(labels)} speakers of transcript {shown(transcript.id)} would be one participant",
                    where=self.source,
                    expected="the participant's own label in the column 'speaker', where several speak",
                    remedy="'subtheme import --preview' lists the labels; or say who asks with --interviewer LABEL",
                )
            )
        if unknown:
            raise InputError(
                Problem(
                    what=f"{len(unknown)} speaker labels of transcript {shown(transcript.id)} belong to nobody",
                    where=self.source,
                    expected="one row for each speaker of a focus group, with the label in the column 'speaker'",
                    remedy="'subtheme import --preview' lists the labels; give interviewers their role with --role",
                )
            )
        return {label: named[folded(label)] for label in labels}

    def _rows_of(self, transcript: str) -> list[Any]:
        rows = list(rows_of(self.rows))
        named = [r for r in rows if folded(r.transcript) == folded(transcript)]
        return named or [r for r in rows if not r.transcript and folded(r.participant) == folded(transcript)]


def read_roster(path: Path) -> Roster:
    """Read a file of participants (.csv or .xlsx). A row with a transcript and nobody leaves that transcript out.

    Raises
    ------
    InputError
        With every problem and its row; a participant in two cases is one.
    """
    # The key comes last: of a person in two cases it would only say that the row stands twice.
    table = read_table_file(path, known=ROSTER.names)
    frame = table.frame()
    is_nobody = _is_nobody(frame)
    for name in ("participant", "case"):
        if name in frame.columns:  # so that every row keeps its number while the table is checked
            frame.loc[is_nobody, name] = "-"
    rows = replace(ROSTER, key=()).check(frame, source=table.name, first_row=table.first_row, sort=False)
    problems = [
        Problem(
            what=f"the {name} is the date {cell[:10]}",
            where=table.where(number),
            expected="a name",
            remedy="A spreadsheet program makes a date of names such as 1-2: format the column as text, type it again",
        )
        for name in ("participant", "case", "transcript")
        for number, cell in enumerate(rows[name], start=table.first_row)
        if _DATE.fullmatch(cell)
    ]
    cases: dict[str, tuple[str, str]] = {}
    for number, row in enumerate(rows_of(rows), start=table.first_row):
        if is_nobody.iloc[number - table.first_row]:
            continue
        first = cases.setdefault(row.participant, (row.case, row.level))
        if first != (row.case, row.level):
            problems.append(
                Problem(
                    what=f"participant {shown(row.participant)} has another case or level than before",
                    where=table.where(number),
                    expected=f"case {shown(first[0])}, level {shown(first[1])}",
                    remedy="A participant belongs to one case",
                )
            )
    if problems:
        raise InputError(problems)
    people = ROSTER.check(rows[~is_nobody.to_numpy()], source=table.name, first_row=table.first_row, sort=False)
    return Roster(rows=people, source=path.name, without=tuple(rows["transcript"][is_nobody.to_numpy()]))


def _is_nobody(frame: pd.DataFrame) -> pd.Series:
    """Return which rows name a transcript and no participant."""
    if "participant" not in frame.columns or "transcript" not in frame.columns:
        return pd.Series(data=False, index=frame.index)
    return (frame["participant"].str.strip() == "") & (frame["transcript"].str.strip() != "")
