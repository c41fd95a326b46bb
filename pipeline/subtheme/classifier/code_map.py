"""Which codes of an older codebook go on as which codes of a newer one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.classifier.model import ThemeModel, code_hashes
from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.nouns import Codebook


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMap:
    """The older codes that each newer one goes on from.

    Attributes
    ----------
    sources : mapping of str to tuple of str
        By newer code; empty for an added one. Codes without an entry of the map file go on by their id.
    removed : tuple of str
        Older codes that go on nowhere.
    changed : tuple of str
        Codes that keep their id and not their meaning.
    unlearned : tuple of str
        Codes of both codebooks for which the older model had too few excerpts.
    """

    sources: Mapping[str, tuple[str, ...]]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    unlearned: tuple[str, ...]

    @property
    def added(self) -> tuple[str, ...]:
        """Newer codes without an older one."""
        return tuple(new for new, old in self.sources.items() if not old and new not in self.unlearned)

    @property
    def merged(self) -> dict[str, tuple[str, ...]]:
        """Newer codes that several older ones became."""
        return {new: old for new, old in self.sources.items() if len(old) > 1}

    @property
    def split(self) -> dict[str, tuple[str, ...]]:
        """Older codes that became several."""
        targets: dict[str, list[str]] = {}
        for new, olds in self.sources.items():
            for old in olds:
                targets.setdefault(old, []).append(new)
        return {old: tuple(new) for old, new in targets.items() if len(new) > 1}

    @property
    def renamed(self) -> dict[str, str]:
        """Newer id by older id, of codes that go on one to one under another id."""
        split = self.split
        return {
            old[0]: new for new, old in self.sources.items() if len(old) == 1 and old[0] != new and old[0] not in split
        }

    def as_dict(self) -> dict[str, Any]:
        """Return what became of the codes, for JSON and for the manifest."""
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "changed": list(self.changed),
            "unlearned": list(self.unlearned),
            "renamed": self.renamed,
            "merged": {new: list(old) for new, old in self.merged.items()},
            "split": {old: list(new) for old, new in self.split.items()},
        }

    def in_words(self) -> str:
        """Return what became of the codes in one line; empty where all go on as they were."""
        parts = [
            f"{kind}: {', '.join(codes)}"
            for kind, codes in (
                ("added", self.added),
                ("removed", self.removed),
                ("changed in meaning", self.changed),
                ("not learned there", self.unlearned),
            )
            if codes
        ]
        parts += [f"renamed: {old} to {new}" for old, new in self.renamed.items()]
        parts += [f"merged: {' and '.join(old)} into {new}" for new, old in self.merged.items()]
        parts += [f"split: {old} into {' and '.join(new)}" for old, new in self.split.items()]
        return "; ".join(parts)


def code_map(
    old: ThemeModel, codebook: Codebook, codes: Sequence[str], *, pairs: Sequence[tuple[str, str]] = ()
) -> CodeMap:
    """Map the codes of an older model to `codes` of the newer codebook, by id and by an explicit list.

    Parameters
    ----------
    old : ThemeModel
    codebook : Codebook
        The newer one.
    codes : sequence of str
        Of the newer codebook, at the level that is learned, whether there is enough to learn them from or not.
    pairs : sequence of (str, str)
        Older and newer id; several of one older id split it, several of one newer id merge into it. A newer id
        that stands in the list goes on from nothing else, and an older one to nothing else.

    Raises
    ------
    InputError
        Naming every code of the list that is in neither codebook.
    """
    problems = [
        Problem(
            what=f"code {shown(code)} is not known to {whose}",
            where=f"code map, row {row}",
            remedy=suggestion(code, known),
        )
        for row, pair in enumerate(pairs, start=2)
        for code, known, whose in zip(pair, (old.codes, codes), ("the older model", "the codebook"), strict=True)
        if code not in known
    ]
    if problems:
        raise InputError(problems)
    listed = {new: tuple(a for a, b in pairs if b == new) for _, new in pairs}
    taken = {a for a, _ in pairs}
    sources = {new: listed.get(new, (new,) if new in old.codes and new not in taken else ()) for new in codes}
    reached = {a for olds in sources.values() for a in olds}
    now = code_hashes(codebook)
    return CodeMap(
        sources=sources,
        removed=tuple(code for code in old.codes if code not in reached),
        changed=tuple(new for new in codes if new in sources[new] and now.get(new) != old.code_hashes.get(new)),
        unlearned=tuple(new for new in codes if not sources[new] and new in old.code_hashes and new not in old.codes),
    )


def prior_weights(old: ThemeModel, mapped: CodeMap, codes: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return what the older model knows of `codes`: its weights of the vectors, shape (columns, codes).

    A merged code gets the mean of its sources, a split one the weights of its source, an added one none. Terms
    are left behind: they are the older participants' words.
    """
    weights = np.zeros((old.weights.dense.shape[0], len(codes)))
    for column, code in enumerate(codes):
        olds = [old.codes.index(source) for source in mapped.sources[code]]
        if olds:
            weights[:, column] = old.weights.dense[:, olds].mean(axis=1)
    return weights
