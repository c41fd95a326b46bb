"""What has been read: only there is "not coded" the same as "absent"."""

import pandas as pd

from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.nouns import Codebook


def read_pairs(
    readings: pd.DataFrame,
    participants: pd.DataFrame,
    codebook: Codebook,
    rows: tuple[str, ...],
    *,
    transcripts: pd.DataFrame | None = None,
) -> frozenset[tuple[str, str]]:
    """Return the pairs (participant, row of the table) that somebody has read.

    A participant with several transcripts counts as read when all of them have been read, by whomever.

    Parameters
    ----------
    readings : pandas.DataFrame
        A row per reading. Either a column `participant`, or the column `transcript` of the table of readings
        together with `transcripts`. An optional column `code` narrows a reading to that code and what
        lies below it; empty means every code. A code below the rows of the table settles no row.
    participants : pandas.DataFrame
        Checked table of participants.
    codebook : Codebook
    rows : tuple of str
        Ids of the codes that make the rows.
    transcripts : pandas.DataFrame, optional
        Columns `participant` and `transcript` (such as those of the segments); rows may repeat.

    Raises
    ------
    InputError
        If the readings name neither, or somebody or something unknown.
    """
    known = set(participants["participant"])
    columns = set(readings.columns)
    source = "participant" if "participant" in columns else "transcript"
    if source not in columns or (source == "transcript" and transcripts is None):
        raise InputError(
            Problem(
                what="the readings do not say whose interview was read",
                where="readings",
                expected="a column 'participant', or a column 'transcript' and a table of who speaks where",
            )
        )
    codes = readings["code"].fillna("").astype(str) if "code" in columns else pd.Series("", index=readings.index)
    who = readings[source].astype(str)
    units = (
        {p: {p} for p in known} if transcripts is None or source == "participant" else _transcripts(transcripts, known)
    )
    problems = _unknown(who, set().union(*units.values()), codes, codebook, source)
    if problems:
        raise InputError(problems)
    read: dict[str, set[str]] = {}
    for unit, code in dict.fromkeys(zip(who, codes, strict=True)):
        covered = [r for r in rows if not code or code in codebook.lineage(r)]
        read.setdefault(unit, set()).update(covered)
    return frozenset((p, r) for p, needed in units.items() for r in rows if all(r in read.get(u, ()) for u in needed))


def _transcripts(transcripts: pd.DataFrame, known: set[str]) -> dict[str, set[str]]:
    """Return the transcripts of every known participant who has one."""
    units: dict[str, set[str]] = {}
    pairs = transcripts[["participant", "transcript"]].drop_duplicates()
    for participant, transcript in zip(pairs["participant"], pairs["transcript"], strict=True):
        if participant in known:
            units.setdefault(str(participant), set()).add(str(transcript))
    return units


def _unknown(who: pd.Series, units: set[str], codes: pd.Series, codebook: Codebook, source: str) -> list[Problem]:
    problems = [
        Problem(
            what=f"reading of unknown {source} {shown(u)}",
            where=f"readings, row {number}",
            expected=f"a {source} of the study",
            remedy=suggestion(u, units),
        )
        for number, u in enumerate(who, start=1)
        if u not in units
    ]
    return problems + [
        codebook.unknown(c, where=f"readings, row {number}")
        for number, c in enumerate(codes, start=1)
        if c and c not in codebook
    ]
