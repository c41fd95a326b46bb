"""The weights of a trained model, and what they make of features; needs no training code."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from subtheme.classifier.calibration import calibrated
from subtheme.classifier.design import Design
from subtheme.classifier.emphasis import PLAIN, Emphasis
from subtheme.classifier.features import BLOCK_WEIGHTS, Features
from subtheme.classifier.multinomial import log_odds
from subtheme.classifier.terms import weighted

Matrix = npt.NDArray[np.float64]


def design_of(features: Features, *, words: Matrix, characters: Matrix, emphasis: Emphasis = PLAIN) -> Design:
    """Return the matrix of predictors, the terms weighted by their inverse frequencies and the emphasis of learning."""
    blocks = [
        np.sqrt(BLOCK_WEIGHTS["words"] * emphasis.words) * weighted(features.words, words),
        np.sqrt(BLOCK_WEIGHTS["characters"] * emphasis.characters) * weighted(features.characters, characters),
    ]
    return Design(dense=features.dense, terms=sparse.csr_array(sparse.hstack(blocks, format="csr")))


def competing(scores: Matrix, *, strength: float) -> Matrix:
    """Return the scores less `strength` times the log-sum-exp over all codes of the segment.

    Most segments speak to one code: where another one scores high, each of the rest is less likely.
    """
    if strength == 0.0:
        return scores
    top = scores.max(axis=1, keepdims=True)
    total = top + np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    result: Matrix = scores - strength * total
    return result


def coupled_scores(scores: Matrix, *, is_multinomial: bool, competition: float) -> Matrix:
    """Return linear scores after the codes of each segment have been held against one another."""
    return log_odds(scores) if is_multinomial else competing(scores, strength=competition)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearWeights:
    """Everything that turns features into probabilities, per code.

    Attributes
    ----------
    dense, words, characters : numpy.ndarray
        Coefficients of the three blocks of features, shape (columns, codes).
    intercepts : numpy.ndarray
        Shape (codes,).
    words_inverse, characters_inverse : numpy.ndarray
        Inverse frequency of every term.
    is_multinomial : bool
        Whether the codes of a segment share one unit of probability; the weights are then relative to "no code".
    competition : float
        What other codes take from a score of one-vs-rest.
    calibration : numpy.ndarray
        Slope and intercept per code, shape (codes, 2).
    thresholds : numpy.ndarray
        Shape (codes,).
    """

    dense: Matrix
    words: Matrix
    characters: Matrix
    intercepts: Matrix
    words_inverse: Matrix
    characters_inverse: Matrix
    is_multinomial: bool
    competition: float
    calibration: Matrix
    thresholds: Matrix

    @classmethod
    def bare(
        cls,
        coefficients: Matrix,
        intercepts: Matrix,
        *,
        columns: tuple[int, int],
        words_inverse: Matrix,
        characters_inverse: Matrix,
    ) -> Self:
        """Return weights without calibration; `columns` are those of the dense block and of the words."""
        dense, words = columns
        return cls(
            dense=coefficients[:dense],
            words=coefficients[dense : dense + words],
            characters=coefficients[dense + words :],
            intercepts=intercepts,
            words_inverse=words_inverse,
            characters_inverse=characters_inverse,
            is_multinomial=False,
            competition=0.0,
            calibration=np.tile([1.0, 0.0], (len(intercepts), 1)),
            thresholds=np.full(len(intercepts), 0.5),
        )

    def finished(self, *, is_multinomial: bool, competition: float, calibration: Matrix) -> Self:
        """Return the weights with what turns their scores into probabilities."""
        return replace(self, is_multinomial=is_multinomial, competition=competition, calibration=calibration)

    def with_thresholds(self, thresholds: Matrix) -> Self:
        """Return the weights with thresholds."""
        return replace(self, thresholds=thresholds)

    def raw_scores(self, features: Features) -> Matrix:
        """Return the linear scores, shape (rows, codes)."""
        design = design_of(features, words=self.words_inverse, characters=self.characters_inverse)
        return design.times(np.concatenate([self.dense, self.words, self.characters])) + self.intercepts

    def probabilities_of(self, raw_scores: Matrix) -> Matrix:
        """Return the calibrated probabilities of linear scores."""
        coupled = coupled_scores(raw_scores, is_multinomial=self.is_multinomial, competition=self.competition)
        return calibrated(coupled, self.calibration)

    def probabilities(self, features: Features) -> Matrix:
        """Return the calibrated probabilities of features, shape (rows, codes)."""
        return self.probabilities_of(self.raw_scores(features))
