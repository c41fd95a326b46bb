"""Holding codings against the study: known participants and codes, spans inside their transcripts, who speaks there."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from subtheme.errors import InputError, Problem, shown, suggestion, three_of_each
from subtheme.nouns import CODINGS, Codebook, rows_of


def checked_codings(
    codings: pd.DataFrame,
    *,
    codebook: Codebook,
    participants: pd.DataFrame,
    lengths: Mapping[str, int],
    source: str,
    speaking: Mapping[str, Sequence[tuple[int, int, str]]] | None = None,
    rows: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Return `codings` in the order of the contract, or refuse them with their problems by kind.

    Parameters
    ----------
    codings : pandas.DataFrame
        Rows as they were read; checked by `subtheme.nouns.CODINGS` first.
    codebook : Codebook
    participants : pandas.DataFrame
        Checked by `subtheme.nouns.PARTICIPANTS`.
    lengths : mapping of str to int
        Number of code points of every transcript of the study.
    source : str
        Name of the file, for errors.
    speaking : mapping of str to sequence of (int, int, str) or None
        Spans of participants' turns by transcript, with who speaks. A coding whose place another participant
        speaks alone, or whose participant does not speak in its transcript, is refused; the interviewer's words
        may be anybody's of the transcript.
    rows : sequence of int or None
        Number that each coding has in that file; counted from 2, below a header line, without them.

    Raises
    ------
    InputError
        Unknown participant, code or transcript; a span that is empty or outside its transcript; a participant
        who is not who speaks there.
    """
    numbers = list(rows) if rows is not None else list(range(2, 2 + len(codings)))
    first = numbers[0] if numbers else 2
    checked = CODINGS.check(codings, source=source, first_row=first, sort=False)
    known = set(participants["participant"])
    problems: list[tuple[str, Problem]] = []
    for number, row in zip(numbers, rows_of(checked), strict=True):
        where = f"{source}, row {number}"
        if row.participant not in known:
            found = _unknown("participant", row.participant, known, where)
            problems.append(("participant that the study does not have", found))
        if row.code not in codebook:
            problems.append(("code that the codebook does not have", codebook.unknown(row.code, where=where)))
        wrong = _span_problems(row.transcript, row.start_char, row.end_char, lengths, where)
        problems += [("place that is not in the study", p) for p in wrong]
        if row.participant in known and not wrong:
            turns = (speaking or {}).get(row.transcript, ())
            stranger = _stranger(row, turns, where)
            problems += [("participant who is not who speaks there", p) for p in stranger]
    if problems:
        raise InputError(three_of_each(problems, where=source))
    return CODINGS.check(checked, source=source)


def _stranger(coding: Any, turns: Sequence[tuple[int, int, str]], where: str) -> list[Problem]:
    """Return what is wrong where others than its participant speak at the place of a coding."""
    participant, transcript = coding.participant, coding.transcript
    start, end = coding.start_char, coding.end_char
    speakers = {who for first, last, who in turns if start >= 0 and min(end, last) > max(start, first)}
    if not turns or participant in speakers:
        return []
    remedy = "Correct the participant, or leave it empty: the place tells"
    if speakers:
        return [
            Problem(
                what=f"participant {shown(participant)} does not speak at {start}-{end} of {shown(transcript)}",
                where=where,
                expected=" or ".join(shown(who) for who in sorted(speakers)),
                remedy=remedy,
            )
        ]
    here = sorted({who for _, _, who in turns})
    if participant in here:
        return []
    return [
        Problem(
            what=f"participant {shown(participant)} does not speak in transcript {shown(transcript)}",
            where=where,
            expected=" or ".join(shown(who) for who in here[:5]),
            remedy=remedy,
        )
    ]


def _unknown(noun: str, name: str, known: Iterable[str], where: str) -> Problem:
    return Problem(
        what=f"unknown {noun} {shown(name)}",
        where=where,
        expected=f"a {noun} of the study",
        remedy=suggestion(name, known) or f"Import the {noun} first, or correct the row",
    )


def _span_problems(transcript: str, start: int, end: int, lengths: Mapping[str, int], where: str) -> list[Problem]:
    """Return what is wrong with the place of one coding; a coding without a place is fine."""
    if not transcript and start == end == -1:
        return []
    if transcript not in lengths:
        return [_unknown("transcript", transcript, lengths, where)]
    if start == end == -1:
        return []
    if not 0 <= start < end <= lengths[transcript]:
        return [
            Problem(
                what=f"the span {start}-{end} does not lie in transcript {shown(transcript)}",
                where=where,
                expected=f"0 <= start_char < end_char <= {lengths[transcript]}",
                remedy="Offsets count Unicode code points of the imported text; the end is exclusive",
            )
        ]
    return []
