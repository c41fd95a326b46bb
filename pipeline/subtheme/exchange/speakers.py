"""Whose words they are: the speakers of a project's texts as participants, and the participant of a place."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pandas as pd

from subtheme.exchange.refi_model import RefiCase
from subtheme.exchange.refi_people import People
from subtheme.files import ROSTER, Roster
from subtheme.nouns import Role, Transcript, folded, rows_of


def roster_of(
    people: People, transcripts: Mapping[str, Transcript], *, cases: Sequence[RefiCase], source: str
) -> Roster:
    """Return the roster of a project's participants.

    In a text with several participants, a label is the participant of that name, or else the one case whose
    places lie most in the turns under that label.

    Parameters
    ----------
    people : People
    transcripts : mapping of str to Transcript
        By the name of their source.
    cases : sequence of RefiCase
    source : str
        Name of the project's file, for errors.
    """
    several: dict[str, list[str]] = defaultdict(list)
    for participant, names in people.sources.items():
        for name in names:
            several[name].append(participant)
    labels = {
        name: _labels(name, transcripts[name], members, cases)
        for name, members in several.items()
        if len(members) > 1 and name in transcripts
    }
    rows = []
    for row in rows_of(people.participants):
        about = {"participant": row.participant, "case": row.case, "level": row.level}
        here = [n for n in people.sources.get(row.participant, ()) if n in transcripts]
        for name in here:
            spoken = [label for label, who in labels.get(name, {}).items() if who == row.participant]
            rows += [{**about, "transcript": transcripts[name].id, "speaker": label} for label in spoken or [""]]
        if not here:
            rows.append({**about, "transcript": "", "speaker": ""})
    return Roster(rows=ROSTER.check(pd.DataFrame(rows, columns=list(ROSTER.names)), source=source), source=source)


def unknown_labels(transcript: Transcript, roster: Roster) -> list[str]:
    """Return the labels of participants of a text with several participants that belong to none of them."""
    here = roster.rows[roster.rows["transcript"] == transcript.id]
    if here["participant"].nunique() < 2:
        return []
    known = {folded(row.speaker or row.participant) for row in rows_of(here)}
    labels = dict.fromkeys(t.speaker for t in transcript.turns if t.role is Role.PARTICIPANT)
    return [label for label in labels if folded(label) not in known]


def participant_at(turns: Sequence[tuple[int, int, str]], start: int, end: int) -> str:
    """Return who speaks most of a place, or an empty string where no participant does.

    Parameters
    ----------
    turns : sequence of (int, int, str)
        Spans of participants' turns with the participant.
    start, end : int
        Half-open span; -1 for the whole text.
    """
    shares: dict[str, int] = defaultdict(int)
    for first, last, participant in turns:
        overlap = min(end, last) - max(start, first)
        if start < 0 or overlap > 0:
            shares[participant] += max(overlap, 1)
    if start < 0 and len(shares) > 1:
        return ""
    return max(shares, key=lambda name: shares[name], default="")


def _labels(source: str, transcript: Transcript, participants: list[str], cases: Sequence[RefiCase]) -> dict[str, str]:
    """Return the participant of every label that one can be told for."""
    names = {p.casefold(): p for p in participants}
    spoken: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for case in cases:
        if case.name not in participants:
            continue
        for member in case.members:
            if member.source != source or member.is_whole:
                continue
            for turn in transcript.turns:
                overlap = min(member.end_char, turn.end_char) - max(member.start_char, turn.start_char)
                if overlap > 0 and turn.role is Role.PARTICIPANT:
                    spoken[turn.speaker][case.name] += overlap
    found = {}
    for label in dict.fromkeys(t.speaker for t in transcript.turns if t.role is Role.PARTICIPANT):
        shares = spoken.get(label, {})
        best = [name for name, share in shares.items() if share == max(shares.values())]
        if label.casefold() in names:
            found[label] = names[label.casefold()]
        elif len(best) == 1:
            found[label] = best[0]
    return found
