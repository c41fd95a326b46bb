"""The result of an agreement measure: a value, how it came about, or why there is none."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass


def number_or_none(value: float) -> float | None:
    """Return `value`, or None where it is not a finite number, as JSON wants it."""
    return float(value) if math.isfinite(value) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """One coefficient of agreement.

    Attributes
    ----------
    name : str
        Which measure, with its version where several go by one name.
    value : float
        The coefficient; NaN where it is not defined.
    observed : float
        Observed agreement. For alpha with distances it is 1 - observed disagreement, which need
        not lie in [0, 1].
    expected : float
        Agreement expected by chance, on the same scale; NaN for measures without a chance term.
    n : int
        Units that two coders or more have rated (for spans: characters).
    k : int
        Categories: the declared ones, or the observed ones where none were declared.
    coders : int
    reason : str
        Why the coefficient is not defined; empty where it is.
    standard_error : float
        Large-sample standard error that assumes independent units; NaN where the measure has none.
    degrees_of_freedom : float
        For the t interval that goes with `standard_error`; infinite for a normal interval.
    """

    name: str
    value: float
    observed: float = math.nan
    expected: float = math.nan
    n: int = 0
    k: int = 0
    coders: int = 0
    reason: str = ""
    standard_error: float = math.nan
    degrees_of_freedom: float = math.inf

    @property
    def is_defined(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)

    @property
    def observed_disagreement(self) -> float:
        """1 - observed agreement."""
        return 1.0 - self.observed

    @property
    def expected_disagreement(self) -> float:
        """1 - expected agreement."""
        return 1.0 - self.expected

    def independent_interval(self, *, confidence: float = 0.95) -> tuple[float, float]:
        """Return the interval that assumes independent units, for comparison with other programs.

        Segments of one interview are not independent: see `subtheme.agreement.cluster_interval`.
        The upper end is capped at 1.
        """
        if math.isnan(self.standard_error):
            return math.nan, math.nan
        half = t_quantile(0.5 + confidence / 2, self.degrees_of_freedom) * self.standard_error
        return self.value - half, min(1.0, self.value + half)

    def as_dict(self) -> dict[str, object]:
        """Return the coefficient for ``--json``; what is not defined is null."""
        return {key: _plain(value) for key, value in asdict(self).items()}

    def __str__(self) -> str:
        """Return the value with three decimals, or ``not defined`` with the reason."""
        return f"{self.value:.3f}" if self.is_defined else f"not defined ({self.reason})"


def t_quantile(probability: float, degrees_of_freedom: float) -> float:
    """Return a quantile of Student's t distribution (the normal one for infinite degrees).

    >>> round(t_quantile(0.975, math.inf), 3), round(t_quantile(0.975, 11), 3)
    (1.96, 2.201)
    """
    from scipy.special import ndtri, stdtrit

    if math.isinf(degrees_of_freedom):
        return float(ndtri(probability))
    return float(stdtrit(degrees_of_freedom, probability))


def _plain(value: object) -> object:
    if isinstance(value, float):
        return number_or_none(value)
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    return value
