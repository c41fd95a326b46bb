"""subtheme finds themes in interview transcripts and leaves the decision to the researcher.

The names below load what they need when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subtheme.agreement import (
        cohen_kappa,
        fleiss_kappa,
        gwet_ac1,
        krippendorff_alpha,
        percent_agreement,
        positive_agreement,
        scott_pi,
    )
    from subtheme.classifier.learner import ThemeClassifier
    from subtheme.nouns import Codebook, Judgements
    from subtheme.scoring import score
    from subtheme.study import Study

__version__ = "0.1.0"

_HOMES = {
    "Codebook": "nouns",
    "Judgements": "nouns",
    "Study": "study",
    "ThemeClassifier": "classifier.learner",
    "cohen_kappa": "agreement",
    "fleiss_kappa": "agreement",
    "gwet_ac1": "agreement",
    "krippendorff_alpha": "agreement",
    "percent_agreement": "agreement",
    "positive_agreement": "agreement",
    "score": "scoring",
    "scott_pi": "agreement",
}

__all__ = [
    "Codebook",
    "Judgements",
    "Study",
    "ThemeClassifier",
    "cohen_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "krippendorff_alpha",
    "percent_agreement",
    "positive_agreement",
    "score",
    "scott_pi",
]


def __getattr__(name: str) -> object:
    """Return a public name from the room that it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module 'subtheme' has no attribute {name!r}")
    return getattr(import_module(f"subtheme.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*__all__, "__version__"])
