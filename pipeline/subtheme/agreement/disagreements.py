"""The disagreement list: what to talk about, with room for the decision, which can be read back."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from subtheme.agreement.coded_units import CodedUnits
from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.nouns import Codebook, Column, TableContract

DISAGREEMENT_DECISIONS = TableContract(
    name="decision on a disagreement",
    columns=(
        Column(name="segment", kind=str, filled=True),
        Column(name="code", kind=str, filled=True),
        Column(name="decision", kind=str, default="", allowed=("present", "absent")),
        Column(name="memo", kind=str, default=""),
    ),
    key=("segment", "code"),
    order=("segment", "code"),
)
"""The list of disagreements as it comes back; an empty decision is one that is still open."""

_WORDS = np.array(["", "absent", "present"], dtype=object)


def disagreement_list(judgements: CodedUnits, segments: pd.DataFrame) -> pd.DataFrame:
    """Return every segment and code on which coders disagree.

    Parameters
    ----------
    judgements : CodedUnits
        Of segments, in the order of `segments`.
    segments : DataFrame
        `SEGMENTS`, in the order of the transcripts.

    Returns
    -------
    DataFrame
        ``transcript, order, participant, segment, start_char, end_char, code``, one column
        ``coded_by_*`` per coder (``present``, ``absent`` or empty), the ``question``, the words
        ``before``, the ``text``, the words ``after``, and empty columns ``decision`` and ``memo``.
    """
    found = judgements.found.any(axis=0) & (judgements.present == 0).any(axis=0)
    unit, code = np.nonzero(found.T)
    rows = segments.iloc[unit].reset_index(drop=True)
    table = rows[["transcript", "order", "participant", "segment", "start_char", "end_char"]].copy()
    table["code"] = np.array(judgements.codes, dtype=object)[code]
    for i, coder in enumerate(judgements.coders):
        table[f"coded_by_{coder}"] = _WORDS[judgements.present[i, code, unit] + 1]
    table["question"] = rows["question"]
    text = segments["text"]
    same = segments["transcript"]
    before = text.shift(1).where(same.shift(1) == same, "")
    after = text.shift(-1).where(same.shift(-1) == same, "")
    table["before"] = before.iloc[unit].to_numpy(dtype=object)
    table["text"] = rows["text"]
    table["after"] = after.iloc[unit].to_numpy(dtype=object)
    table["decision"] = ""
    table["memo"] = ""
    return table


def read_decisions(
    frame: pd.DataFrame, *, source: str, codebook: Codebook, segments: Collection[str], first_row: int = 2
) -> pd.DataFrame:
    """Return the decisions of a filled-in disagreement list.

    Parameters
    ----------
    frame : DataFrame
        The list, with ``present`` or ``absent`` in the column ``decision`` where it was settled.
    source : str
        Name of the file, for errors.
    codebook : Codebook
    segments : collection of str
        Ids of the study's segments.
    first_row : int
        Number that the first row has in the file.

    Raises
    ------
    InputError
        With every problem: a missing column, another word, a row that stands twice, an unknown
        segment or code.
    """
    table = DISAGREEMENT_DECISIONS.check(frame, source=source, first_row=first_row)
    known = set(segments)
    problems = [codebook.unknown(c, where=source) for c in sorted(set(table["code"]) - set(codebook.by_id))]
    problems += [
        Problem(
            what=f"unknown segment {shown(name)}",
            where=source,
            expected="a segment of this study",
            remedy=suggestion(name, known),
        )
        for name in sorted(set(table["segment"]) - known)
    ]
    if problems:
        raise InputError(problems)
    return table[table["decision"] != ""].reset_index(drop=True)
