"""What was adjudicated wins in the score: what others gave there and the adjudicated answer denies is set aside."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from subtheme.codings.decisions import standing_decisions
from subtheme.codings.spans import segments_of_codings
from subtheme.nouns import CONFIRMING, DENYING, Codebook, Direction, rows_of

ADJUDICATION, SETTLED = "adjudication", "settled"
"""What `shown` says under ``arm`` of an answer about others' answers: from the review page, from a decided list."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Adjudicated:
    """The adjudicated answers of a study that stand.

    The rule: an adjudicated answer decides about its segment and its row of the table (a code at the scored level, with
    all codes below it). Where it rejects the row, or calls the segment a counter-example, no other coder's coding on
    that segment supports the row, as long as the answer stands; it does not matter which came first. An adjudicator who
    is unsure settles nothing. Of several answers about one segment and row the last counts. A coding that reaches
    further segments stands for those; one without a place is never set aside. The log keeps every answer, and
    agreement is computed from all of them.

    Attributes
    ----------
    deniers : mapping of (str, str) to str
        Who denies a row on a segment, by segment and row.
    row_of : mapping of str to str or None
        Row of the table by code.
    """

    deniers: Mapping[tuple[str, str], str]
    row_of: Mapping[str, str | None]

    @classmethod
    def of(cls, decisions: pd.DataFrame, codebook: Codebook, *, level: str) -> "Adjudicated":
        """Return the adjudicated answers in a log of decisions.

        Parameters
        ----------
        decisions : pandas.DataFrame
            Checked by `subtheme.nouns.DECISIONS`, in the order of the log.
        codebook : Codebook
        level : str
            Level of the codebook that makes the rows.
        """
        row_of = {c.id: codebook.roll_up(c.id, level) for c in codebook.codes}
        deniers: dict[tuple[str, str], str] = {}
        for answer in rows_of(standing_decisions(decisions)):
            row = row_of.get(answer.code)
            if row is None or json.loads(answer.shown or "{}").get("arm") not in {ADJUDICATION, SETTLED}:
                continue
            if answer.verdict in DENYING:
                deniers[answer.segment, row] = answer.coder
            elif answer.verdict in CONFIRMING:
                deniers.pop((answer.segment, row), None)
        return cls(deniers=deniers, row_of=row_of)

    def overruled_codings(self, codings: pd.DataFrame, segments: pd.DataFrame) -> pd.Series:
        """Return which codings are set aside: those that support a row which is denied on every segment they lie on.

        Parameters
        ----------
        codings, segments : pandas.DataFrame
            Checked by `subtheme.nouns.CODINGS` and `SEGMENTS`.
        """
        if not self.deniers:
            return pd.Series(data=False, index=codings.index, dtype=bool)
        found = [
            coding.direction == Direction.SUPPORTS.value
            and bool(places)
            and all(self._denies(segment, coding.code, coding.coder) for segment in places)
            for coding, places in zip(rows_of(codings), segments_of_codings(codings, segments), strict=True)
        ]
        return pd.Series(found, index=codings.index, dtype=bool)

    def overruled_decisions(self, standing: pd.DataFrame) -> pd.Series:
        """Return which of the standing decisions give a code that is denied there."""
        found = [
            answer.verdict in CONFIRMING and self._denies(answer.segment, answer.code, answer.coder)
            for answer in rows_of(standing)
        ]
        return pd.Series(found, index=standing.index, dtype=bool)

    def _denies(self, segment: str, code: str, coder: str) -> bool:
        return self.deniers.get((segment, self.row_of.get(code) or ""), coder) != coder
