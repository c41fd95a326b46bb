"""SetFit on a task, run by an interpreter that has SetFit: it brings torch, and an older sentence-transformers than ours.

    PYTHON benchmarks/learning_setfit.py TASK.json FOUND.json

SetFit's own defaults for several codes a text (Tunstall et al. 2022, arXiv:2209.11055): one epoch over pairs of texts in
batches of sixteen, then one-vs-rest logistic regression on the vectors of the tuned encoder; the same packaged encoder as ours.
A split that has used up its processor seconds is ended and told with how far it came, since clocks say nothing on a
machine that others use.
"""

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from datasets import Dataset
from setfit import SetFitModel, Trainer, TrainingArguments
from transformers import TrainerCallback

BATCH = 16
SEED = 0


class Limit(TrainerCallback):
    """Ends the training when its processor seconds are used up, and remembers how far it came."""

    def __init__(self, seconds: float) -> None:
        self.end = time.process_time() + seconds
        self.steps = self.of = 0

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:  # noqa: ARG002 (the signature is the trainer's)
        """Count the step, and end the training when the time is used up."""
        self.steps, self.of = state.global_step, state.max_steps
        control.should_training_stop = control.should_training_stop or time.process_time() > self.end

    @property
    def is_reached(self) -> bool:
        """Whether steps were left when the time was."""
        return self.steps < self.of


def tested(task: dict[str, Any], split: dict[str, Any]) -> dict[str, Any]:
    """Return what SetFit makes of a split's test rows, or how far it came."""
    began = time.process_time()
    texts, codes = np.array(task["text"], dtype=object), np.array(task["codes"])
    train, test = split["train"], split["test"]
    known = np.flatnonzero(codes[train].any(axis=0))
    model = SetFitModel.from_pretrained(task["model"], multi_target_strategy="one-vs-rest")
    limit = Limit(task["seconds"])
    trainer = Trainer(
        model=model,
        args=TrainingArguments(
            batch_size=BATCH, num_epochs=1, seed=SEED, report_to="none", save_strategy="no", show_progress_bar=False
        ),
        train_dataset=Dataset.from_dict({"text": list(texts[train]), "label": codes[np.ix_(train, known)].tolist()}),
        callbacks=[limit],
    )
    trainer.train()
    told = {"steps": limit.steps, "of": limit.of, "seconds": time.process_time() - began}
    if limit.is_reached:
        return told
    probabilities = np.zeros((len(test), codes.shape[1]))
    probabilities[:, known] = np.asarray(model.predict_proba(list(texts[test]), as_numpy=True))
    return {
        **told,
        "seconds": time.process_time() - began,
        "probabilities": probabilities.tolist(),
        "proposed": (probabilities >= 0.5).tolist(),
    }


def main() -> None:
    warnings.simplefilter("ignore")
    source, target = map(Path, sys.argv[1:])
    task = json.loads(source.read_text(encoding="utf-8"))
    found = []
    for number, split in enumerate(task["splits"], start=1):
        found.append(tested(task, split))
        told = {key: found[-1][key] for key in ("steps", "of", "seconds")}
        print(f"  SetFit, split {number} of {len(task['splits'])}: {told}", file=sys.stderr, flush=True)
        if "probabilities" not in found[-1]:
            break
    target.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
