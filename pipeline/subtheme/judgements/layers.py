"""Layers: the arrays of judgements while they are filled, and what follows from the tree of the codebook."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.nouns import Basis, Codebook, Value, above


class Layers(NamedTuple):
    """Arrays of shape (coders, segments, codes), as in `subtheme.nouns.Judgements`; they are filled in place."""

    value: npt.NDArray[np.int8]
    basis: npt.NDArray[np.int8]
    rests_on: npt.NDArray[np.int32]
    meant: npt.NDArray[np.int32]

    @classmethod
    def open(cls, shape: tuple[int, int, int]) -> "Layers":
        """Return layers in which nothing is judged."""
        return cls(
            value=np.full(shape, int(Value.OPEN), dtype=np.int8),
            basis=np.full(shape, int(Basis.NONE), dtype=np.int8),
            rests_on=np.full(shape, -1, dtype=np.int32),
            meant=np.full(shape, -1, dtype=np.int32),
        )

    def follow_tree(self, codebook: Codebook, *, was_denied: npt.NDArray[np.bool_]) -> None:
        """Make absent what lies below an absent code, and a theme all of whose codes are judged and none present.

        A theme that was read for says nothing of a sub-theme that came later; a theme that was denied does. A
        sub-theme may hold where no code below it does.

        Parameters
        ----------
        codebook : Codebook
            Its codes are the last axis.
        was_denied : ndarray of bool, shape (events + 1,)
            Which events are answers; the last one stands for no event.
        """
        higher_of = above(codebook, [c.id for c in codebook.codes])
        usual = codebook.levels.index(codebook.usual_level)
        for code, higher in enumerate(higher_of):
            if higher >= 0:
                follows = (self.value[:, :, higher] == Value.ABSENT) & (self.value[:, :, code] == Value.OPEN)
                if codebook.codes[higher].depth < usual:
                    follows &= was_denied[self.rests_on[:, :, higher]]
                self.copy(follows, source=int(higher), target=code)
        children: dict[int, list[int]] = defaultdict(list)
        for code, higher in enumerate(higher_of):
            children[int(higher)].append(code)
        for code in range(len(codebook.codes) - 1, -1, -1):
            if (below := children.get(code)) and codebook.codes[code].depth < usual:
                none = np.isin(self.value[:, :, below], (int(Value.ABSENT), int(Value.COUNTER))).all(axis=2)
                follows = none & (self.value[:, :, code] == Value.OPEN)
                self.copy(follows, source=below[0], target=code)
                self.value[:, :, code][follows] = Value.ABSENT  # not a counter-example

    def copy(self, where: npt.NDArray[np.bool_], *, source: int, target: int) -> None:
        """Let what is held of one code stand for another, where told (shape (coders, segments)).

        What the other one meant was not asked.
        """
        for layer in (self.value, self.basis, self.rests_on):
            layer[:, :, target] = np.where(where, layer[:, :, source], layer[:, :, target])
        self.meant[:, :, target] = np.where(where, -1, self.meant[:, :, target])


def by_transcript(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the segments transcript by transcript, without their words."""
    rows = segments[["segment", "transcript", "participant", "start_char", "end_char"]]
    if not segments["transcript"].is_monotonic_increasing:
        rows = rows.sort_values(["transcript", "start_char"], kind="stable")
    return rows.reset_index(drop=True)


def slices(transcripts: Sequence[str]) -> dict[str, slice]:
    """Return the rows of every transcript; they lie together."""
    found: dict[str, slice] = {}
    for row, name in enumerate(transcripts):
        before = found.get(name)
        found[name] = slice(row, row + 1) if before is None else slice(before.start, row + 1)
    return found
