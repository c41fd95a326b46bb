"""iQual's own pipeline on a task, run by an interpreter that has iQual: it needs an older scikit-learn than ours.

    PYTHON benchmarks/learning_iqual.py TASK.json FOUND.json

The pipeline is the one of its README: TF-IDF of question and answer, logistic regression, and a threshold that
maximises F1 on the training rows; one model for every code and fold.
"""

import json
import sys
import warnings
from pathlib import Path

import pandas as pd
from iqual import iqualnlp


def main() -> None:
    warnings.simplefilter("ignore")
    source, target = map(Path, sys.argv[1:])
    task = json.loads(source.read_text(encoding="utf-8"))
    frame = pd.DataFrame({"question": task["question"], "answer": task["text"]})
    codes, folds = pd.DataFrame(task["codes"]), pd.Series(task["folds"])
    probabilities, proposed = codes * 0.0, codes * 0
    for fold in sorted(folds.unique()):
        train, test = folds.index[folds != fold], folds.index[folds == fold]
        for code in codes.columns[codes.loc[train].any()]:
            model = iqualnlp.Model()
            model.add_text_features("question", "answer")
            model.add_classifier()
            model.add_threshold()
            model.compile()
            model.fit(frame.loc[train], codes.loc[train, code].to_numpy())
            probabilities.loc[test, code] = model.predict_proba(frame.loc[test])
            proposed.loc[test, code] = [int(y) for y in model.predict(frame.loc[test])]
    found = {"probabilities": probabilities.to_numpy().tolist(), "proposed": proposed.to_numpy().tolist()}
    target.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
