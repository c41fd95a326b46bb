"""What a model proposed, read as the codings of one more coder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.agreement.ratings import MISSING


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProposedCodes:
    """What models say of segments, read as the judgements of one more coder each.

    A model judges the codes that it has learned, in the transcripts that it proposed anything for, however unlikely;
    of any other code or transcript it says nothing, which is not "absent".

    Attributes
    ----------
    proposals : DataFrame
        `PROPOSALS`.
    transcript : Series of str
        Transcript of every segment, by id.
    left_out : frozenset of str
        Transcripts that models were trained on: there they say nothing of how they do on new ones.
    above : mapping of str to str
        The code right above each code; empty for a theme.
    """

    proposals: pd.DataFrame
    transcript: "pd.Series[str]"
    left_out: frozenset[str] = frozenset()
    above: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The models."""
        return tuple(sorted(set(self.proposals["model"])))

    def present(self, model: str, segments: pd.Index, codes: Sequence[str]) -> npt.NDArray[np.int8]:
        """Return 1 present, 0 absent, -1 not judged, shape (codes, segments)."""
        rows = self.proposals[(self.proposals["model"] == model).to_numpy()]
        looked_at = set(self.transcript.reindex(rows["segment"]).dropna()) - self.left_out
        seen = self.transcript.reindex(segments).isin(looked_at).to_numpy()
        found = np.full((len(codes), len(segments)), MISSING, dtype=np.int8)
        number = {code: i for i, code in enumerate(codes)}
        for code in set(rows["code"]) & set(codes):
            found[number[code], seen] = 0
        reached = rows[(rows["probability"] >= rows["threshold"]).to_numpy()]
        at = segments.get_indexer(pd.Index(reached["segment"]))
        for place, code in zip(at.tolist(), reached["code"], strict=True):
            while place >= 0 and seen[place] and code in number:
                found[number[code], place] = 1
                code = self.above.get(code, "")  # noqa: PLW2901 - the codes above are present, too
        for code in reversed(codes):  # what lies above learned codes alone is judged by them
            below = [number[c] for c in codes if self.above.get(c) == code]
            if below and code not in set(rows["code"]):
                own = found[number[code]]
                found[number[code]] = np.where((own < 0) & (found[below] == 0).all(axis=0), 0, own)
        return found


def learned_codes(proposals: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Return the codes that each model proposes; of any other it says nothing, which is not "absent"."""
    return {str(model): frozenset(rows) for model, rows in proposals.groupby("model")["code"]}


def probabilities(
    proposals: pd.DataFrame,
    *,
    model: str,
    segments: "np.ndarray[tuple[int], np.dtype[np.str_]]",
    codes: tuple[str, ...],
) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Return the probabilities of a model, shape (segments, codes); NaN for a code that it has not learned.

    Pairs that were too unlikely to be kept count as 0: they rank behind all others.
    """
    rows = proposals[(proposals["model"] == model).to_numpy()]
    place = pd.Index(segments.astype(object)).get_indexer(pd.Index(rows["segment"]))
    code = pd.Index(list(codes)).get_indexer(pd.Index(rows["code"]))
    known = (place >= 0) & (code >= 0)
    table = np.full((len(segments), len(codes)), np.nan)
    table[:, np.unique(code[code >= 0])] = 0.0
    table[place[known], code[known]] = rows["probability"].to_numpy(dtype=np.float64)[known]
    return table
