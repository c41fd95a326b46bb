"""Spans as coders marked them: pair by pair and code by code, with what each figure is named."""

import pandas as pd
import pytest

from subtheme.agreement import (
    Continuum,
    MarkedAgreement,
    Span,
    character_ratings,
    cohen_kappa,
    krippendorff_alpha,
    marked_agreement,
    marked_text,
    span_match,
)
from subtheme.errors import InputError
from subtheme.nouns import CODINGS

PLACES = {
    ("Ann", "T1"): [("wages", 0, 40), ("split-shifts", 60, 90)],
    ("Ben", "T1"): [("wages", 10, 40), ("working-time", 60, 100)],
    ("Ann", "T2"): [("wages", 5, 25)],
    ("Ben", "T2"): [],
    ("Cy", "T3"): [("wages", 0, 10)],
}
LENGTHS = {"T1": 200, "T2": 100, "T3": 50}


def codings(**changes: object) -> pd.DataFrame:
    rows = [
        {"participant": t, "transcript": t, "coder": c, "code": code, "start_char": s, "end_char": e}
        for (c, t), spans in PLACES.items()
        for code, s, e in spans
    ]
    return CODINGS.check(pd.DataFrame(rows).assign(**changes), source="test")


def readings() -> pd.DataFrame:
    return pd.DataFrame(list(PLACES), columns=["coder", "transcript"])


def compared(study, frame: pd.DataFrame, **options) -> MarkedAgreement:
    return marked_agreement(frame, readings(), LENGTHS, study.codebook, level="sub-theme", **options)


def test_figures_are_those_of_characters_and_of_matching_spans(study) -> None:
    marked = compared(study, codings())
    assert list(zip(marked.table["first"], marked.table["second"], strict=True)) == [("Ann", "Ben")] * 3
    row = marked.table.set_index("code").loc["wages"]
    continua = [
        Continuum.of(
            [Span(coder=c, code="wages", start_char=s, end_char=e)
             for c in ("Ann", "Ben") for code, s, e in PLACES[c, t] if code == "wages"],
            name=t, end_char=LENGTHS[t], coders=["Ann", "Ben"],
        )
        for t in ("T1", "T2")
    ]  # fmt: skip
    characters = character_ratings(continua, code="wages")
    assert row["alpha"] == krippendorff_alpha(characters.ratings).value
    assert row["kappa"] == cohen_kappa(characters.ratings).value
    match = span_match(continua, first="Ann", second="Ben", code="wages")
    assert (row["spans_of_first"], row["spans_of_second"]) == (2, 1)
    assert (row["first_found"], row["second_found"], row["f1"]) == (match.first_found, 1.0, match.f1)
    assert row["reason"] == "2 transcripts, fewer than 6"


def test_codes_below_the_level_count_as_the_code_that_they_belong_to(study) -> None:
    row = compared(study, codings()).table.set_index("code").loc["working-time"]
    assert (row["spans_of_first"], row["spans_of_second"], row["first_found"]) == (1, 1, 1.0)


def test_a_code_that_nobody_marked_is_not_defined(study) -> None:
    row = compared(study, codings()).table.set_index("code").loc["teams"]
    assert pd.isna(row["alpha"])
    assert row["reason"] == "neither coder marked this code"
    assert "Self-managing teams" not in marked_text(compared(study, codings()))


def test_only_blind_codings_that_support_count_and_those_without_a_place_are_named(study) -> None:
    for changes in ({"origin": "assisted"}, {"direction": "counters"}):
        assert compared(study, codings(**changes)).table["alpha"].isna().all()
    nowhere = compared(study, codings(start_char=-1, end_char=-1))
    assert nowhere.without_place == 6
    assert "6 codings without a known place are left out." in marked_text(nowhere)


def test_every_figure_is_named_with_its_version(study) -> None:
    marked = compared(study, codings(), overlap=0.9)
    assert marked.as_dict()["versions"] == {
        "match": "spans matched at an overlap of 0.9, no chance term",
        "kappa": "Cohen's kappa over characters, as NVivo counts",
        "alpha": "Krippendorff's alpha (nominal) over characters",
    }
    text = marked_text(marked)
    assert "Ann and Ben, 2 transcripts" in text
    assert "Wages: 0% of 2, 0% of 1; kappa 0." in text


def test_coders_who_share_no_transcript_are_refused(study) -> None:
    with pytest.raises(InputError, match="no two coders have read a transcript in common"):
        compared(study, codings(), coders=["Ann", "Cy"])
