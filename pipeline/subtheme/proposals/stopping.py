"""When to stop looking: at a participant, in a cell, and altogether; and the trail that an absence leaves."""

from dataclasses import dataclass

import pandas as pd

from subtheme.errors import InputError, Problem
from subtheme.nouns import is_majority
from subtheme.proposals.foresight import SURPRISE


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRule:
    """When nothing more is asked.

    Attributes
    ----------
    first_confirmed : bool
        One confirmed segment is enough for a participant and a sub-theme.
    looks : int or None
        Fruitless looks after which a participant and a sub-theme are left alone; None for no such number.
        The pair stays undecided: the trail says how likely something was missed.
    majority_settled : bool
        Ask no more in a cell that cannot become the other one.
    risk : float or None
        Stop altogether when the expected number of cells that are wrongly present or wrongly not is at most this; None
        to go on.
    random_share : float
        Share of the questions that are drawn at random among the pairs that nobody was asked about, in [0, 1): what is
        never asked is not seen, however wrong the scores are there.
    """

    first_confirmed: bool = True
    looks: int | None = None
    majority_settled: bool = True
    risk: float | None = None
    random_share: float = 0.0

    def __post_init__(self) -> None:
        """Refuse numbers that stop nothing or everything."""
        problems = []
        if self.looks is not None and self.looks < 1:
            problems.append(Problem(what=f"{self.looks} looks per participant", expected="at least 1, or none"))
        if self.risk is not None and not self.risk >= 0:
            problems.append(Problem(what=f"a risk of {self.risk} cells", expected="0 or more expected wrong cells"))
        if not 0 <= self.random_share < 1:
            problems.append(Problem(what=f"a random share of {self.random_share}", expected="at least 0 and below 1"))
        if problems:
            raise InputError(problems)

    def leaves_alone(self, *, described: bool, fruitless: int) -> bool:
        """Return whether nothing more is asked about a participant and a sub-theme."""
        return (described and self.first_confirmed) or (self.looks is not None and fruitless >= self.looks)

    def is_enough(self, expected_wrong: float, *, surprise: float = 0.0) -> bool:
        """Return whether the expected number of wrong cells is within the bound, and what is expected may be believed.

        Parameters
        ----------
        expected_wrong : float
        surprise : float
            Hits beyond what was forecast, in standard deviations (`foresight`): beyond `SURPRISE` nothing is enough.
        """
        return self.risk is not None and expected_wrong <= self.risk and surprise <= SURPRISE


def cell_state(describing: int, undecided: int, participants: int) -> str:
    """Return ``present``, ``absent`` or ``open``, whatever the undecided participants turn out to say.

    >>> cell_state(8, 6, 14), cell_state(3, 4, 14), cell_state(3, 5, 14)
    ('present', 'absent', 'open')
    """
    if is_majority(describing, participants):
        return "present"
    return "open" if is_majority(describing + undecided, participants) else "absent"


def trails(decided: pd.DataFrame, queue_pairs: pd.DataFrame) -> pd.DataFrame:
    """Return what was looked at for every participant and sub-theme that nobody has confirmed.

    Parameters
    ----------
    decided : pandas.DataFrame
        Decided segments with `participant`, `sub_theme`, `segment` and `verdict`, in the order of the looks.
    queue_pairs : pandas.DataFrame
        `pairs` of a review queue.

    Returns
    -------
    pandas.DataFrame
        `participant`, `case`, `sub_theme`, `looks`, `segments` (ids in the order of the looks, joined by a
        space), `left` (segments nobody looked at), `highest_left` (their highest probability; NaN where none is
        left) and `missed` (chance that the participant describes the sub-theme all the same).
    """
    ids = decided.groupby(["participant", "sub_theme"], sort=False)["segment"].agg(" ".join)
    undescribed = queue_pairs[~queue_pairs["describes"]].copy()
    places = pd.MultiIndex.from_frame(undescribed[["participant", "sub_theme"]])
    undescribed["segments"] = ids.reindex(places).fillna("").to_list()
    undescribed = undescribed.rename(columns={"chance": "missed"})
    columns = ["participant", "case", "sub_theme", "looks", "segments", "left", "highest_left", "missed"]
    return undescribed[columns].reset_index(drop=True)
