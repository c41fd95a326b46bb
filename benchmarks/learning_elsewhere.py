"""Peers that need an environment of their own: each is run by its own interpreter, on the same splits.

A run of one split may use ten minutes of processor time; one that has not finished by then is told with how far it came.
"""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from learning_data import Task

from subtheme.classifier.unseen import OutOfFold, Split
from subtheme.embeddings.model_folder import packaged_model

SECONDS = 600


class UnfinishedError(Exception):
    """A split was not done when its processor seconds were used up; the words tell how far it came."""


def iqual_peer(task: Task, splits: Sequence[Split], python: Path) -> OutOfFold:
    """Return what iQual makes of the test rows.

    Raises
    ------
    UnfinishedError
    """
    return _put_together(task, splits, _run("learning_iqual.py", task, splits, python))


def setfit_peer(task: Task, splits: Sequence[Split], python: Path) -> OutOfFold:
    """Return what SetFit makes of the test rows; it proposes from one half on.

    Raises
    ------
    UnfinishedError
    """
    return _put_together(task, splits, _run("learning_setfit.py", task, splits, python))


def _run(script: str, task: Task, splits: Sequence[Split], python: Path) -> list[dict[str, Any]]:
    given = {
        "text": task.segments["text"].tolist(),
        "question": task.segments["question"].tolist(),
        "codes": task.Y.astype(int).tolist(),
        "splits": [{"train": split.train.tolist(), "test": split.test.tolist()} for split in splits],
        "model": str(packaged_model().folder),
        "seconds": SECONDS,
    }
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "task.json", Path(folder) / "found.json"
        source.write_text(json.dumps(given), encoding="utf-8")
        subprocess.run([python, Path(__file__).with_name(script), source, target], check=True)
        return list(json.loads(target.read_text(encoding="utf-8")))


def _put_together(task: Task, splits: Sequence[Split], found: list[dict[str, Any]]) -> OutOfFold:
    last = found[-1]
    if "probabilities" not in last:
        raise UnfinishedError(
            f"did not finish split {len(found)} of {len(splits)} in {SECONDS / 60:.0f} minutes of processor time: "
            f"{last['steps']} of {last['of']} steps"
        )
    probabilities, proposed = np.zeros(task.Y.shape), np.zeros(task.Y.shape, dtype=bool)
    for split, result in zip(splits, found, strict=True):
        probabilities[split.test] = result["probabilities"]
        proposed[split.test] = np.array(result["proposed"]) > 0
    return OutOfFold(probabilities=probabilities, proposed=proposed)
