"""How far a learner followed weights that were known beforehand: for the manifest, and in words."""

from typing import Any

from subtheme.classifier.learner import ThemeClassifier


def following_facts(learner: ThemeClassifier) -> dict[str, Any]:
    """Return the strength that was chosen, and the macro average precision on grouped folds of every one tried."""
    values = learner.oof_average_precision_
    return {
        "prior_strength": float(learner.prior_strength_),
        "prior_average_precision": {str(s): round(v, 4) for s, v in values.items()},
    }


def following_in_words(source: str, learner: ThemeClassifier) -> str:
    """Return in one line whether `source` helps, as far as the strengths that were tried can say, and the figures."""
    values, strength = learner.oof_average_precision_, learner.prior_strength_
    alone = f", {values[0.0]:.3f} without it" if 0.0 in values else ""
    if strength:
        told = "helps" if alone else "is followed, and nothing else was tried"
        return (
            f"{source} {told}: average precision on grouped folds {values[strength]:.3f}{alone} (strength {strength:g})"
        )
    best = max((v for s, v in values.items() if s), default=None)
    if best is None:
        return f"{source} was not tried: average precision on grouped folds{alone.removeprefix(',')}"
    return f"{source} does not help and is not used: average precision on grouped folds {best:.3f}{alone}"
