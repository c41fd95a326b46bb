"""Learning from coded segments: training, calibration, thresholds, evaluation, and the model file.

Every split, threshold, calibration and interval is by participant; there is no switch that changes it.
"""

from subtheme.classifier.evaluation import Evaluation, evaluate
from subtheme.classifier.folds import grouped_folds
from subtheme.classifier.learner import ThemeClassifier
from subtheme.classifier.model import ThemeModel
from subtheme.classifier.model_file import load_model, read_manifest, save_model
from subtheme.classifier.training import TrainingResult, train
from subtheme.classifier.training_set import (
    FEWEST_PARTICIPANTS,
    FEWEST_SEGMENTS,
    Evidence,
    TrainingSet,
    training_set,
)

__all__ = [
    "FEWEST_PARTICIPANTS",
    "FEWEST_SEGMENTS",
    "Evaluation",
    "Evidence",
    "ThemeClassifier",
    "ThemeModel",
    "TrainingResult",
    "TrainingSet",
    "evaluate",
    "grouped_folds",
    "load_model",
    "read_manifest",
    "save_model",
    "train",
    "training_set",
]
