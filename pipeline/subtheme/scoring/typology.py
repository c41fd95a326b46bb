"""Typology: how far customer relations reach into an organisation, after Korczynski.

Marek Korczynski (2013) tells three variations: customer relations are (1) merely an additional dimension
with little real impact, (2) of consequence for a limited number of dimensions, or (3) of consequence across the
whole of work organisation. Where a share of sub-themes turns one into the next is not part of that work: the
thresholds here are a convention of subtheme, printed with every result.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subtheme.errors import InputError, Problem
from subtheme.scoring.cell import Total
from subtheme.scoring.table import ResultTable

WORDING = {
    "none": "an additional dimension with little real impact",
    "some": "consequences for a limited number of dimensions",
    "all": "consequences across the whole of work organisation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypologyRule:
    """Where the three variations part.

    Attributes
    ----------
    all_from : Fraction, int or str
        Least share of sub-themes present for *all*, in (0, 1]; by default every one.
    none_up_to : Fraction, int or str
        Largest share of sub-themes present for *none*, in [0, 1); by default not one.
    """

    all_from: Fraction | int | str = 1
    none_up_to: Fraction | int | str = 0

    def __post_init__(self) -> None:
        """Refuse thresholds that leave no room for *some*."""
        try:
            fits = 0 <= Fraction(self.none_up_to) < Fraction(self.all_from) <= 1
        except (ValueError, ZeroDivisionError):
            fits = False
        if not fits:
            raise InputError(
                Problem(
                    what=f"typology thresholds none_up_to = {self.none_up_to}, all_from = {self.all_from}",
                    expected="0 <= none_up_to < all_from <= 1, as fractions such as 9/10 or decimals such as 0.9",
                )
            )

    @property
    def in_words(self) -> str:
        """The rule written out."""
        return (
            f"all: {_least(self.all_from)} of the sub-themes present; "
            f"none: {_most(self.none_up_to)} present; some: anything between"
        )

    def variation(self, present: int, of: int) -> str | None:
        """Return ``all``, ``some`` or ``none``; None where there is no sub-theme."""
        if of == 0:
            return None
        share = Fraction(present, of)
        if share >= Fraction(self.all_from):
            return "all"
        return "none" if share <= Fraction(self.none_up_to) else "some"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseType:
    """The variation of one case.

    Attributes
    ----------
    total : Total
        Sub-themes present in the case.
    variation : str or None
        ``all``, ``some`` or ``none``; None while open cells could still change it.
    possible : tuple of str
        Variations that remain possible; one where it is settled.
    """

    total: Total
    variation: str | None
    possible: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the type as plain values."""
        return {
            "case": self.total.id,
            "present": self.total.present,
            "of": self.total.of,
            "open": self.total.open,
            "variation": self.variation,
            "possible": list(self.possible),
            "wording": WORDING.get(self.variation or "", "not settled: open cells could change it"),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Typology:
    """The variation of every case, and the rule that was used."""

    rule: TypologyRule
    cases: tuple[CaseType, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return rule and cases as plain values."""
        return {"rule": self.rule.in_words, "cases": [c.as_dict() for c in self.cases]}


def typology(table: ResultTable, *, rule: TypologyRule | None = None) -> Typology:
    """Return which of Korczynski's variations every case of `table` is."""
    rule = rule or TypologyRule()
    cases = []
    for total in table.cases:
        own = [c for c in table.cells if c.case == total.id]
        sure = sum(c.state.value == "present" for c in own)
        reachable = (rule.variation(k, total.of) for k in range(sure, sure + total.open + 1))
        possible = tuple(dict.fromkeys(v for v in reachable if v is not None))
        cases.append(CaseType(total=total, variation=possible[0] if len(possible) == 1 else None, possible=possible))
    return Typology(rule=rule, cases=tuple(cases))


def _least(value: Fraction | int | str) -> str:
    share = Fraction(value)
    return "every one" if share == 1 else f"at least {share.numerator}/{share.denominator}"


def _most(value: Fraction | int | str) -> str:
    share = Fraction(value)
    return "not one" if share == 0 else f"at most {share.numerator}/{share.denominator}"
