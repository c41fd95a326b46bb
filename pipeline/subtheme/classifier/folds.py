"""Folds that share no participant and give every code to as many folds as they can."""

import numpy as np
import numpy.typing as npt

from subtheme.errors import InputError, Problem

IntArray = npt.NDArray[np.int64]


def grouped_folds(Y: npt.NDArray[np.float64], groups: npt.NDArray[np.object_], *, n_folds: int = 5) -> IntArray:
    """Return the fold of every row.

    Whole groups are dealt out, the rarest code first: of the groups that hold it, the one that holds most
    goes to the fold that lacks it most; ties go to the smaller fold, then to the first. Groups without any
    code fill up the smaller folds. The same input gives the same folds whatever the order of the rows.

    Parameters
    ----------
    Y : numpy.ndarray
        1 for coded, 0 for not coded, shape (rows, codes).
    groups : numpy.ndarray
        Participant of every row.
    n_folds : int
        Lowered to the number of groups where there are fewer.

    Raises
    ------
    InputError
        If there are fewer than two groups.
    """
    names, group = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    if len(names) < 2:
        raise InputError(
            Problem(
                what=f"{len(names)} participant",
                where="coded transcripts",
                expected="at least two participants, so that a model can be tested on someone it has not seen",
                remedy="Code the transcript of another participant",
            )
        )
    n_folds = min(n_folds, len(names))
    held = np.zeros((len(names), Y.shape[1]))
    np.add.at(held, group, np.nan_to_num(Y))
    sizes = np.bincount(group).astype(np.float64)
    wanted = np.tile(held.sum(axis=0) / n_folds, (n_folds, 1))
    fill = np.zeros(n_folds)
    counts = np.zeros(n_folds, dtype=np.int64)
    fold_of = np.full(len(names), -1, dtype=np.int64)
    most = -(-len(names) // n_folds)
    while (fold_of < 0).any():
        free = np.flatnonzero(fold_of < 0)
        holders = (held[free] > 0).sum(axis=0)
        open_folds = np.flatnonzero(counts < most)
        if holders.any():
            code = int(np.argmin(np.where(holders > 0, holders, len(names) + 1)))
            chosen = int(free[np.argmax(held[free, code])])
            lack = wanted[open_folds, code]
            best = open_folds[np.lexsort((open_folds, fill[open_folds], -lack))[0]]
        else:
            chosen = int(free[np.argmax(sizes[free])])
            best = open_folds[np.lexsort((open_folds, fill[open_folds]))[0]]
        fold_of[chosen] = best
        wanted[best] -= held[chosen]
        fill[best] += sizes[chosen]
        counts[best] += 1
    folds: IntArray = fold_of[group]
    return folds


def linked_groups(
    participants: npt.NDArray[np.object_], transcripts: npt.NDArray[np.object_]
) -> npt.NDArray[np.object_]:
    """Return a group per row that no transcript and no participant crosses.

    A focus group puts its participants into one group, since they speak in one another's context. The
    group is named after its first participant.
    """
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    first: dict[str, str] = {}
    for participant, transcript in zip(participants, transcripts, strict=True):
        a, b = find(str(participant)), find(first.setdefault(str(transcript), str(participant)))
        root[max(a, b)] = min(a, b)
    return np.array([find(str(p)) for p in participants], dtype=object)
