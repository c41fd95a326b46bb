"""Faults that were measured in other programs, each a test that ours does not have it."""

import numpy as np
import pytest

from subtheme.agreement import (
    Continuum,
    Ratings,
    Span,
    automatic_agreement,
    character_ratings,
    cluster_interval,
    cohen_kappa,
    krippendorff_alpha,
    set_alpha,
)


def test_coders_who_each_code_half_of_the_text_at_random_score_zero() -> None:
    """QualCoder's formula gives 0.30 here (F1)."""
    table = Ratings.of_table([[25_000, 25_000], [25_000, 25_000]], categories=(False, True))
    assert cohen_kappa(table).value == 0.0


def test_characters_count_as_in_nvivo() -> None:
    """Two coders who mark 10 % of the text each, 90 % of it in common: .889, not QualCoder's .817 (F1)."""
    spans = [
        Span(coder="Ann", code="wages", start_char=0, end_char=10_000),
        Span(coder="Ben", code="wages", start_char=1_000, end_char=11_000),
    ]
    one = Continuum.of(spans, name="T1", end_char=100_000, coders=["Ann", "Ben"])
    found = cohen_kappa(character_ratings([one], code="wages").ratings)
    assert found.n == 100_000
    assert found.value == pytest.approx(0.889, abs=0.0005)


def test_random_coders_do_not_agree_almost_perfectly() -> None:
    """SocialSciKit gives 0.83 for two independent coders of three rare codes (F2)."""
    random = np.random.default_rng(2)
    coded = random.random((3300, 2, 3)) < 0.03
    units = [[{str(c) for c in np.flatnonzero(coder)} for coder in unit] for unit in coded]
    assert abs(set_alpha(units).value) < 0.05
    for code in range(3):
        assert abs(krippendorff_alpha(coded[:, :, code]).value) < 0.05


def test_neither_coded_is_a_judgement_and_so_is_coded_by_one() -> None:
    """Potato drops both and reports 1.0 where kappa is -0.067 to 0.15 (F3)."""
    codes = [{"a"}, {"b"}, {"c"}]
    units: list[list[set[str]]] = [[codes[i % 3], codes[i % 3]] for i in range(10)]
    units += [[codes[i % 3], set()] if i % 2 else [set(), codes[i % 3]] for i in range(80)]
    units += [[set(), set()] for _ in range(110)]
    assert set_alpha(units).value < 0.2
    assert set_alpha(units, distance="masi-2006").value < 0.2
    one = [[bool(a & {"a"}), bool(b & {"a"})] for a, b in units]
    assert cohen_kappa(one).value < 0.2
    table = Ratings.of_table([[110, 40], [40, 10]], categories=(False, True))
    assert cohen_kappa(table).value == pytest.approx(-0.067, abs=0.0005)


def test_recall_from_a_sample_that_prefers_marked_segments_is_weighted() -> None:
    """TACIT reports 0.85 where the corpus has 0.60 (F4)."""
    random = np.random.default_rng(4)
    there = random.random((20_000, 4)) < 0.05
    found = np.where(there, random.random(there.shape) < 0.6, random.random(there.shape) < 0.02)
    marked = found.any(axis=1)
    drawn = np.where(marked, random.random(len(marked)) < 0.5, random.random(len(marked)) < 0.05)
    weights = np.where(marked, 1 / 0.5, 1 / 0.05)[drawn]
    codes = ["a", "b", "c", "d"]
    whole = automatic_agreement(there, found, codes=codes).micro["recall"]
    plain = automatic_agreement(there[drawn], found[drawn], codes=codes).micro["recall"]
    weighted = automatic_agreement(there[drawn], found[drawn], codes=codes, weights=weights).micro["recall"]
    assert plain > whole + 0.15
    assert weighted == pytest.approx(whole, abs=0.05)
    alpha = [
        krippendorff_alpha(np.column_stack([there[rows, 0], found[rows, 0]]), weights=w).value
        for rows, w in ((slice(None), None), (drawn, None), (drawn, weights))
    ]
    assert abs(alpha[2] - alpha[0]) < abs(alpha[1] - alpha[0])


def test_intervals_over_transcripts_cover_where_intervals_over_segments_do_not() -> None:
    """Potato and scruple resample items: 70 % instead of 95 % when errors cluster by participant (F8)."""
    random = np.random.default_rng(8)
    truth = float(krippendorff_alpha(clustered(random, 4000)[0]).value)
    inside = {"transcripts": 0, "segments": 0}
    studies = 100
    for _ in range(studies):
        ratings, transcript = clustered(random, 20)
        over = cluster_interval(ratings, transcript.tolist())
        naive = cluster_interval(ratings, list(range(len(ratings))), method="bootstrap", replicates=100)
        inside["transcripts"] += over.low <= truth <= over.high
        inside["segments"] += naive.low <= truth <= naive.high
    assert inside["transcripts"] >= 85
    assert inside["segments"] <= 80


def clustered(random: np.random.Generator, participants: int) -> tuple[np.ndarray, np.ndarray]:
    """Return two coders whose errors come by participant, 60 segments each."""
    code, skill = random.normal(0, 1.0, (2, participants, 1))
    there = random.random((participants, 60)) < 1 / (1 + np.exp(2.2 - code))
    rows = []
    for _ in range(2):
        sees = random.random((participants, 60)) < 1 / (1 + np.exp(-1.4 - skill))
        errs = random.random((participants, 60)) < 1 / (1 + np.exp(3.2 - skill))
        rows.append(np.where(there, sees, errs).ravel())
    return np.column_stack(rows), np.repeat(np.arange(participants), 60)
