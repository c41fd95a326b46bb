"""Learning from coded segments: training, calibration, thresholds, evaluation, and the model file.

Every split, threshold, calibration and interval is by participant; there is no switch that changes it.
Here stands what opens and applies a model; what learns is imported from its own module, so that
applying a model loads nothing of scikit-learn.
"""

from subtheme.classifier.model import ThemeModel
from subtheme.classifier.model_file import load_model, manifest_of_version, model_version, read_manifest, save_model
from subtheme.classifier.stale import stale_decisions

__all__ = [
    "ThemeModel",
    "load_model",
    "manifest_of_version",
    "model_version",
    "read_manifest",
    "save_model",
    "stale_decisions",
]
