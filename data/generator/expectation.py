"""Expected agreement of two simulated coders, in closed form from their parameters."""

from collections.abc import Iterable
from dataclasses import dataclass

from banks import Fragment
from coders import Coder


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A piece of talk that both coders read.

    Attributes
    ----------
    fragment : Fragment
    strict : tuple of (bool, bool)
        Whether each coder had become stricter when reading it.
    """

    fragment: Fragment
    strict: tuple[bool, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Expected agreement on one sub-theme.

    Attributes
    ----------
    kappa : float
        NaN where both coders are certain.
    observed, by_chance : float
        Shares of agreement that kappa is made of.
    standard_error : float
        Of kappa as a statistic of these units, to first order: sqrt(po (1 - po) / n) / (1 - pe) [1]_.
    units : int

    References
    ----------
    .. [1] Cohen J (1960) A coefficient of agreement for nominal scales. Educational and Psychological
       Measurement 20:37-46. https://doi.org/10.1177/001316446002000104
    """

    kappa: float
    observed: float
    by_chance: float
    standard_error: float
    units: int


def expected_kappa(units: Iterable[Unit], coders: tuple[Coder, Coder], sub_themes: Iterable[str]) -> Expected:
    """Return the kappa to expect when each unit is judged once for each of `sub_themes`.

    Given its truth, the coders judge a unit independently. With the chances a and b of each to write the
    code down, po is the mean of ab + (1 - a)(1 - b), and pe follows from the means of a and of b; several
    sub-themes are pooled as so many more units.
    """
    both = neither = first = second = 0.0
    count = 0
    names = tuple(sub_themes)
    for unit in units:
        for name in names:
            a = coders[0].chance(unit.fragment, name, strict=unit.strict[0])
            b = coders[1].chance(unit.fragment, name, strict=unit.strict[1])
            both += a * b
            neither += (1 - a) * (1 - b)
            first += a
            second += b
            count += 1
    if not count:
        nan = float("nan")
        return Expected(kappa=nan, observed=nan, by_chance=nan, standard_error=nan, units=0)
    observed = (both + neither) / count
    a, b = first / count, second / count
    by_chance = a * b + (1 - a) * (1 - b)
    room = 1 - by_chance
    return Expected(
        kappa=(observed - by_chance) / room if room else float("nan"),
        observed=observed,
        by_chance=by_chance,
        standard_error=(observed * (1 - observed) / count) ** 0.5 / room if room else float("nan"),
        units=count,
    )
