"""Learning from coded segments: training, calibration, thresholds, evaluation, and the model file.

Every split, threshold, calibration and interval is by participant; there is no switch that changes it.
"""

from subtheme.classifier.comparison import Comparison, ModelWithVectors, compare
from subtheme.classifier.evaluation import Evaluation, evaluate
from subtheme.classifier.folds import grouped_folds
from subtheme.classifier.learner import ThemeClassifier
from subtheme.classifier.missed import possibly_missed
from subtheme.classifier.model import ThemeModel
from subtheme.classifier.model_file import load_model, manifest_of_version, model_version, read_manifest, save_model
from subtheme.classifier.next_coding import Uncoded, next_segments, next_transcripts
from subtheme.classifier.older_model import OlderModel
from subtheme.classifier.queue_depth import QueueDepth, queue_depth
from subtheme.classifier.stale import stale_decisions
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
    "Comparison",
    "Evaluation",
    "Evidence",
    "ModelWithVectors",
    "OlderModel",
    "QueueDepth",
    "ThemeClassifier",
    "ThemeModel",
    "TrainingResult",
    "TrainingSet",
    "Uncoded",
    "compare",
    "evaluate",
    "grouped_folds",
    "load_model",
    "manifest_of_version",
    "model_version",
    "next_segments",
    "next_transcripts",
    "possibly_missed",
    "queue_depth",
    "read_manifest",
    "save_model",
    "stale_decisions",
    "train",
    "training_set",
]
