"""Foresight: what was forecast of every question, held against what was answered.

Whatever is asked, and for whatever reason, hits minus forecasts have the mean 0 as long as the forecasts are right: a
martingale. So it can be watched while review goes on, although what is asked is no fair sample.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from subtheme.proposals.coder_error import CERTAIN, CoderError
from subtheme.proposals.subsets import Floats

SURPRISE = 3.0
"""Standard deviations by which hits may exceed the forecasts; beyond, nothing is called enough."""
_SHIFTS = np.linspace(0.0, 4.0, 81)
"""Shifts of the odds that are tried, as logarithms: upwards alone, since what is not asked about is not seen."""
_SHIFT_OFF = 0.8
"""Standard deviation by which the odds of participants may be off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """Forecasts against answers.

    Attributes
    ----------
    questions, hits : int
        Answers that had a forecast, and those that confirmed.
    expected : float
        Hits that were forecast.
    surprise : float
        Hits beyond the forecast, in standard deviations; 0 without questions.
    shift : float
        Log odds by which more participants describe their sub-themes than forecast; 0 or more.
    """

    questions: int = 0
    hits: int = 0
    expected: float = 0.0
    surprise: float = 0.0
    shift: float = 0.0

    @property
    def is_broken(self) -> bool:
        """Whether people describe so much more than was forecast that no promise can be made."""
        return self.surprise > SURPRISE


def foresight(
    odds: Floats, hit: Floats, shift: Floats, confirmed: NDArray[np.bool_], *, error: CoderError = CERTAIN
) -> Foresight:
    """Return how forecasts stand against answers.

    Parameters
    ----------
    odds : array
        When each question was asked, the odds that the participant describes the sub-theme, the shift of that moment
        among them.
    hit : array
        Chance that the segment carries it, if so.
    shift : array
        Shift of that moment, as a logarithm.
    confirmed : array of bool
    error : CoderError
    """
    if not len(odds):
        return Foresight()
    said = error.chance_to_confirm(hit * odds / (1 + odds))
    spread = float(np.sqrt((said * (1 - said)).sum()))
    bare = (odds * np.exp(-shift))[:, None] * np.exp(_SHIFTS)
    chance = np.clip(error.chance_to_confirm(hit[:, None] * bare / (1 + bare)), 1e-9, 1 - 1e-9)
    fits = np.where(confirmed[:, None], np.log(chance), np.log1p(-chance)).sum(0) - 0.5 * (_SHIFTS / _SHIFT_OFF) ** 2
    return Foresight(
        questions=len(odds),
        hits=int(confirmed.sum()),
        expected=float(said.sum()),
        surprise=float((confirmed - said).sum()) / spread if spread > 0 else 0.0,
        shift=float(_SHIFTS[fits.argmax()]),
    )


def forecast_of(*, odds: float, hit: float, shift: float) -> str:
    """Return a forecast as it is kept with an answer: JSON of three numbers.

    >>> forecast_of(odds=0.25, hit=0.5, shift=0.0)
    '[0.25, 0.5, 0.0]'
    """
    return json.dumps([float(f"{x:.6g}") for x in (odds, hit, shift)])


def foresight_of(answers: Iterable[tuple[str, bool]], *, error: CoderError = CERTAIN) -> Foresight:
    """Return how forecasts that were kept stand against answers.

    What is no forecast, as `forecast_of` writes it, is passed over.

    Parameters
    ----------
    answers : iterable of (str, bool)
        Forecast as `forecast_of` writes it, and whether the answer confirmed.
    error : CoderError
    """
    rows = [(*numbers, confirmed) for text, confirmed in answers if (numbers := _numbers(text)) is not None]
    odds, hit, shift, said = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    return foresight(odds, hit, shift, said.astype(bool), error=error)


def _numbers(text: str) -> list[float] | None:
    try:
        found = [float(x) for x in json.loads(text)]
    except (TypeError, ValueError):
        return None
    is_whole = len(found) == 3 and all(np.isfinite(found)) and found[0] >= 0 and 0 <= found[1] <= 1
    return found if is_whole else None
