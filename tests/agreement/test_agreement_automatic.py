"""Automatic against manual codings: what scikit-learn silently sets to 0 stays undefined."""

import math

import numpy as np
import pytest

from subtheme.agreement import automatic_agreement
from subtheme.errors import InputError


def test_shares_are_counted_from_the_table() -> None:
    manual = np.array([[1], [1], [1], [0], [0], [0], [0], [0]])
    automatic = np.array([[1], [1], [0], [1], [0], [0], [0], [0]])
    row = automatic_agreement(manual, automatic, codes=["a"]).table.loc["a"]
    assert (row["manual"], row["automatic"], row["both"]) == (3, 3, 2)
    assert row["precision"] == row["recall"] == row["f1"] == pytest.approx(2 / 3)
    assert row["mcc"] == pytest.approx((2 * 4 - 1) / 15)


def test_what_cannot_be_divided_is_not_defined_and_left_out_of_means() -> None:
    manual = np.array([[1, 0, 0, 1], [0, 0, 0, 1]])
    automatic = np.array([[0, 1, 0, 1], [0, 0, 0, 1]])
    found = automatic_agreement(manual, automatic, codes=["missed", "invented", "unused", "everywhere"])
    table = found.table
    assert math.isnan(table.loc["missed", "precision"])
    assert table.loc["missed", "recall"] == table.loc["missed", "f1"] == 0.0
    assert math.isnan(table.loc["invented", "recall"])
    assert math.isnan(table.loc["unused", "f1"])
    assert math.isnan(table.loc["everywhere", "mcc"])
    assert table["reason"].tolist() == [
        "no automatic coding",
        "no manual coding",
        "no manual coding, no automatic coding",
        "every segment has this code",
    ]
    assert found.macro_codes["f1"] == 3
    assert found.macro["f1"] == pytest.approx(1 / 3)
    assert found.as_dict()["codes"][2]["f1"] is None  # type: ignore[index]


def test_no_segments_are_not_defined() -> None:
    found = automatic_agreement(np.empty((0, 1)), np.empty((0, 1)), codes=["a"])
    assert math.isnan(found.all_codes_right)
    assert math.isnan(found.macro["f1"])
    assert found.segments == 0


@pytest.mark.parametrize(
    ("automatic", "options", "message"),
    [
        (np.zeros((3, 1)), {}, "tables of (2, 1) and (3, 1); expected one row per segment and 1 columns, one per code"),
        (np.zeros((2, 1)), {"probability": np.zeros((2, 2))}, "expected one row per segment"),
        (np.zeros((2, 1)), {"weights": [1.0]}, "weights that cannot be used; expected 2 numbers from 0"),
        (np.zeros((2, 1)), {"weights": [1.0, -1.0]}, "weights that cannot be used"),
    ],
)
def test_tables_that_do_not_fit_are_refused(automatic: np.ndarray, options: dict, message: str) -> None:
    with pytest.raises(InputError) as refused:
        automatic_agreement(np.zeros((2, 1)), automatic, codes=["a"], **options)
    assert message in str(refused.value)
