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
    """Return in one line whether `source` helps, and the figures that say so."""
    values = learner.oof_average_precision_
    alone, strength = values[0.0], learner.prior_strength_
    if strength:
        return (
            f"{source} helps: average precision on grouped folds {values[strength]:.3f}, {alone:.3f} without it "
            f"(strength {strength:g})"
        )
    best = max(v for s, v in values.items() if s)
    return (
        f"{source} does not help and is not used: average precision on grouped folds {best:.3f}, {alone:.3f} without it"
    )
