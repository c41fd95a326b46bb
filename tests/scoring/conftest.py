"""A small codebook, the published table, and codings that lead to it."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from small_study import outline_book

from subtheme.nouns import Codebook

SMALL = outline_book(
    """
terms: Terms
  wages: Wages
    pay-freeze: Pay freeze
      five-years-frozen: Five years frozen
  travel: Travel
work: Work
  unnamed: (not named)
""",
    levels=["theme", "sub-theme", "code"],
    more={"unnamed": "placeholder = true"},
)

PUBLISHED = {
    "recruitment-and-selection": "MPH",
    "training": "CH",
    "appraisal-and-supervision": "MCPH",
    "redeployment-and-relocation": "MCPH",
    "unnamed-policy": "H",
    "wages": "CH",
    "sickness-absence-and-holiday": "MCPH",
    "travel-and-travel-allowances": "MCPH",
    "working-time": "MCPH",
    "relief-staff-and-zero-hours": "MCPH",
    "intensification": "MCPH",
    "working-beyond-contract": "M",
    "self-managing-teams": "MCP",
    "administrative-issues": "MCPH",
    "new-roles-and-responsibilities": "MCPH",
}
"""The published study's present cells, a letter per organisation; who said what there is not public."""
CASES = {"M": "MHO1", "C": "CO1", "P": "PDO1", "H": "HO1"}


@pytest.fixture(scope="session")
def published() -> dict[tuple[str, str], bool]:
    """Return the 60 cells of the published table by case and sub-theme."""
    return {(case, row): letter in letters for row, letters in PUBLISHED.items() for letter, case in CASES.items()}


@pytest.fixture
def small() -> Codebook:
    return Codebook.from_toml(SMALL, where="small.toml")


@pytest.fixture
def cob(root) -> Codebook:
    return Codebook.read(root / "configs" / "cob.codebook.toml")


@pytest.fixture
def people() -> Callable[..., pd.DataFrame]:
    """Return a maker of participants: ``people(A=3, B=2)`` gives A-1, A-2, A-3, B-1, B-2."""

    def make(**sizes: int) -> pd.DataFrame:
        rows = [
            {"participant": f"{case}-{i}", "case": case, "level": "front-line-worker" if i > 1 else "senior-manager"}
            for case, size in sizes.items()
            for i in range(1, size + 1)
        ]
        return pd.DataFrame(rows, columns=["participant", "case", "level"])

    return make


@pytest.fixture
def coded() -> Callable[..., pd.DataFrame]:
    """Return a maker of codings: ``coded("A-1 wages", "A-2 wages counters")``."""

    def make(*lines: str) -> pd.DataFrame:
        parts = [(*line.split(), "supports")[:3] for line in lines]
        return pd.DataFrame(parts, columns=["participant", "code", "direction"])

    return make


@pytest.fixture
def coded_like() -> Callable[..., pd.DataFrame]:
    """Return a maker of codings that lead to given cells, with made-up numbers of participants per case."""

    def make(
        present: dict[tuple[str, str], bool],
        sizes: dict[str, int],
        how: str,
        *,
        rng: np.random.Generator | None = None,
        codes_below: dict[str, str] | None = None,
    ) -> pd.DataFrame:
        rows = []
        for (case, sub_theme), is_present in present.items():
            n = sizes[case]
            just_over, just_not = n // 2 + 1, n // 2
            if how == "margin":
                count = just_over if is_present else just_not
            elif how == "whole":
                count = n if is_present else 0
            else:
                assert rng is not None
                count = int(rng.integers(just_over, n + 1) if is_present else rng.integers(0, just_not + 1))
            who = list(range(1, n + 1)) if rng is None else rng.permutation(np.arange(1, n + 1)).tolist()
            for place, i in enumerate(who):
                code = (codes_below or {}).get(sub_theme, sub_theme) if place % 2 else sub_theme
                direction = "supports" if place < count else "counters"
                rows.append({"participant": f"{case}-{i}", "code": code, "direction": direction})
        return pd.DataFrame(rows, columns=["participant", "code", "direction"])

    return make
