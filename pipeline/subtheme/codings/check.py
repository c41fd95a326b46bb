"""Holding codings against the study: known participants, known codes, spans inside their transcripts."""

from collections.abc import Iterable, Mapping

import pandas as pd

from subtheme.errors import InputError, Problem, suggestion
from subtheme.nouns import CODINGS, Codebook, rows_of


def checked_codings(
    codings: pd.DataFrame,
    *,
    codebook: Codebook,
    participants: pd.DataFrame,
    lengths: Mapping[str, int],
    source: str,
    first_row: int = 2,
) -> pd.DataFrame:
    """Return `codings` in the order of the contract, or refuse them with every problem and its row.

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
    first_row : int
        Number of the first row in that file.

    Raises
    ------
    InputError
        Unknown participant, code or transcript; a span that is empty or outside its transcript.
    """
    rows = CODINGS.check(codings, source=source, first_row=first_row, sort=False)
    known = set(participants["participant"])
    problems: list[Problem] = []
    for number, row in enumerate(rows_of(rows), start=first_row):
        where = f"{source}, row {number}"
        if row.participant not in known:
            problems.append(_unknown("participant", row.participant, known, where))
        if row.code not in codebook:
            problems.append(codebook.unknown(row.code, where=where))
        problems += _span_problems(row.transcript, row.start_char, row.end_char, lengths, where)
    if problems:
        raise InputError(problems)
    return CODINGS.check(rows, source=source)


def _unknown(noun: str, name: str, known: Iterable[str], where: str) -> Problem:
    return Problem(
        what=f"unknown {noun} '{name}'",
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
                what=f"the span {start}-{end} does not lie in transcript '{transcript}'",
                where=where,
                expected=f"0 <= start_char < end_char <= {lengths[transcript]}",
                remedy="Offsets count Unicode code points of the imported text; the end is exclusive",
            )
        ]
    return []
