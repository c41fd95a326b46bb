"""What stands behind a cell: what could flip it, what was looked at, and what speaks against it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from subtheme.errors import InputError, Problem
from subtheme.nouns import Codebook, Direction
from subtheme.scoring.table import ResultTable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellEvidence:
    """What stands behind one cell.

    Attributes
    ----------
    case, sub_theme : str
    could_add : tuple of str
        Participants not read for it, who could still describe it.
    rests_on_one : tuple of str
        Participants counted on a single coding.
    segments : pandas.DataFrame
        Segments that could flip the cell, most probable first: `participant`, `segment`, `probability`.
    looked_at : int or None
        Segments that somebody looked at among participants who do not describe it, all of them where the interview was
        read; None where not recorded.
    highest_left : float or None
        Highest probability among the segments that nobody looked at.
    missed : float or None
        Probability that at least one participant who is not read describes it although nobody has found it yet; None
        where nothing tells it, as of a sub-theme without scores.
    """

    case: str
    sub_theme: str
    could_add: tuple[str, ...]
    rests_on_one: tuple[str, ...]
    segments: pd.DataFrame
    looked_at: int | None
    highest_left: float | None
    missed: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the evidence as plain values."""
        return {
            "case": self.case,
            "sub_theme": self.sub_theme,
            "could_add": list(self.could_add),
            "rests_on_one": list(self.rests_on_one),
            "segments": self.segments.to_dict("records"),
            "looked_at": self.looked_at,
            "highest_left": self.highest_left,
            "missed": self.missed,
        }


def cell_evidence(
    table: ResultTable,
    case: str,
    sub_theme: str,
    *,
    read: frozenset[tuple[str, str]] | None = None,
    candidates: pd.DataFrame | None = None,
    trail: pd.DataFrame | None = None,
    sizes: Mapping[str, int] | None = None,
    most: int = 5,
) -> CellEvidence:
    """Return what stands behind a cell.

    Parameters
    ----------
    table : ResultTable
    case, sub_theme : str
    read : frozenset of (participant, sub-theme), optional
        Pairs that have been read; None for all.
    candidates : pandas.DataFrame, optional
        Undecided segments: `participant`, `sub_theme`, `segment`, `probability` (such as the looks of a review queue).
    trail : pandas.DataFrame, optional
        What was looked at for every participant who does not describe it: `participant`, `sub_theme`, `looks`,
        `highest_left`, `missed` (as `subtheme.proposals.stopping.trails` gives it).
    sizes : mapping of str to int, optional
        Segments of every participant, for those whose interviews were read whole.
    most : int
        Most segments to name.

    Raises
    ------
    InputError
        If the table has no such cell.
    """
    table.cell(case, sub_theme)
    frame = table.presence.frame
    own = frame[(frame["case"] == case) & (frame["sub_theme"] == sub_theme)]
    silent = own.loc[~own["describes"], "participant"].tolist()
    segments = pd.DataFrame({"participant": [], "segment": [], "probability": []})
    if candidates is not None:
        flips = candidates[(candidates["sub_theme"] == sub_theme) & candidates["participant"].isin(silent)]
        flips = flips.sort_values(["probability", "segment"], ascending=[False, True], kind="stable")
        segments = flips[["participant", "segment", "probability"]].head(most).reset_index(drop=True)
    could_add = tuple(p for p in silent if read is not None and (p, sub_theme) not in read)
    whole = [p for p in silent if read is not None and (p, sub_theme) in read]
    looked_at = None if sizes is None else sum(sizes.get(p, 0) for p in whole)
    highest_left = missed = None
    if trail is not None:
        unread = set(silent) - set(whole)
        steps = trail[(trail["sub_theme"] == sub_theme) & trail["participant"].isin(unread)]
        looked_at = (looked_at or 0) + int(steps["looks"].sum())
        highest = steps["highest_left"].max()
        highest_left = None if pd.isna(highest) else float(highest)
        if unread <= set(steps["participant"]):
            missed = float(1 - np.prod(1 - steps["missed"].to_numpy(dtype=np.float64)))
    return CellEvidence(
        case=case,
        sub_theme=sub_theme,
        could_add=could_add,
        rests_on_one=tuple(own.loc[own["describes"] & (own["supports"] == 1), "participant"]),
        segments=segments,
        looked_at=looked_at,
        highest_left=highest_left,
        missed=missed,
    )


def counter_examples(codings: pd.DataFrame, table: ResultTable, codebook: Codebook) -> pd.DataFrame:
    """Return the codings that deny the influence, each with the case and row that it stands beside.

    Parameters
    ----------
    codings : pandas.DataFrame
        Checked codings.
    table : ResultTable
    codebook : Codebook

    Returns
    -------
    pandas.DataFrame
        `case`, `sub_theme`, `participant`, `code`, `coder`, `transcript`, `start_char`, `end_char`; sorted so.
    """
    denying = codings[codings["direction"] == Direction.COUNTERS.value].copy()
    people = table.presence.participants.set_index("participant")["case"]
    denying["case"] = denying["participant"].map(people)
    denying["sub_theme"] = [codebook.roll_up(c, table.presence.level) for c in denying["code"]]
    columns = ["case", "sub_theme", "participant", "code", "coder", "transcript", "start_char", "end_char"]
    listed = denying.loc[denying["sub_theme"].notna(), columns]
    return listed.sort_values(columns, kind="stable").reset_index(drop=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissRate:
    """What a random audit says of the segments that were passed over.

    Attributes
    ----------
    drawn, found : int
        Segments drawn at random and read, and those that carried the sub-theme and had been passed over.
    left : int
        Segments passed over in all, the drawn ones included.
    at_most : int
        Upper bound of how many of them carry it, at the confidence asked for.
    confidence : float
    """

    drawn: int
    found: int
    left: int
    at_most: int
    confidence: float

    def as_dict(self) -> dict[str, Any]:
        """Return the rate as plain values."""
        return asdict(self)


def audit_bound(*, drawn: int, found: int, left: int, confidence: float = 0.95) -> MissRate:
    """Return an exact upper bound of the segments missed, from a random draw without replacement.

    The bound is the largest K for which a draw with at most `found` hits still has a probability above
    ``1 - confidence`` under the hypergeometric distribution (Callaghan and Müller-Hansen 2020,
    doi:10.1186/s13643-020-01521-4, for the exact form with a random final sample).

    Raises
    ------
    InputError
        If the numbers do not fit together.
    """
    if not (0 <= found <= drawn <= left and drawn > 0 and 0 < confidence < 1):
        raise InputError(
            Problem(
                what=f"an audit of {drawn} drawn, {found} found, {left} left at confidence {confidence}",
                expected="0 <= found <= drawn <= left, at least one drawn, a confidence between 0 and 1",
            )
        )
    from scipy.stats import hypergeom

    low, high = found, left - (drawn - found)
    while low < high:
        middle = (low + high + 1) // 2
        if float(hypergeom.cdf(found, left, middle, drawn)) > 1 - confidence:
            low = middle
        else:
            high = middle - 1
    return MissRate(drawn=drawn, found=found, left=left, at_most=low, confidence=confidence)
