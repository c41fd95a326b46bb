"""iQual's own pipeline on a task, run by an interpreter that has iQual: it needs an older scikit-learn than ours.

    PYTHON benchmarks/learning_iqual.py TASK.json FOUND.json

The pipeline is the one of its README: TF-IDF of question and answer, logistic regression, and a threshold that
maximises F1 on the training rows; one model for every code and split.
"""

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
from iqual import iqualnlp


def main() -> None:
    warnings.simplefilter("ignore")
    source, target = map(Path, sys.argv[1:])
    task = json.loads(source.read_text(encoding="utf-8"))
    frame = pd.DataFrame({"question": task["question"], "answer": task["text"]})
    codes = pd.DataFrame(task["codes"])
    found = []
    for split in task["splits"]:
        found.append(tested(frame, codes, split, seconds=task["seconds"]))
        if "probabilities" not in found[-1]:
            break
    target.write_text(json.dumps(found), encoding="utf-8")


def tested(frame: pd.DataFrame, codes: pd.DataFrame, split: dict[str, Any], *, seconds: float) -> dict[str, Any]:
    """Return what iQual makes of a split's test rows, or after how many codes its processor seconds were used up."""
    end = time.process_time() + seconds
    train, test = split["train"], split["test"]
    known = codes.columns[codes.loc[train].any()]
    probabilities, proposed = codes.loc[test] * 0.0, codes.loc[test] * 0
    for done, code in enumerate(known):
        if time.process_time() > end:
            return {"steps": done, "of": len(known)}
        model = iqualnlp.Model()
        model.add_text_features("question", "answer")
        model.add_classifier()
        model.add_threshold()
        model.compile()
        model.fit(frame.loc[train], codes.loc[train, code].to_numpy())
        probabilities[code] = model.predict_proba(frame.loc[test])
        proposed[code] = [int(y) for y in model.predict(frame.loc[test])]
    return {"probabilities": probabilities.to_numpy().tolist(), "proposed": proposed.to_numpy().tolist()}


if __name__ == "__main__":
    main()
