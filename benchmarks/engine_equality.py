"""Whether the fast engine of the encoder changes what is learned: both engines on corpora coded by hand.

    python benchmarks/engine_equality.py [--only TASK] [--json]

Vectors of each corpus by the fast engine and by sentence-transformers; the learner on the fixed folds of the corpus with
each. Printed are the mean cosine of both vectors of a text, the macro average precision with either, and the share of
(segment, code) of the test folds that both propose or leave alike. Models are trained anew for each engine, so the share
holds the rounding of the solver too.
"""

import argparse
import json
from dataclasses import replace

import numpy as np
from learning_data import Task, nhs_fft, serdif_excerpts, serdif_segments

from subtheme.classifier.learner import mean_average_precision
from subtheme.classifier.unseen import out_of_fold, splits_of, unseen
from subtheme.embeddings.model_folder import packaged_model, verified_folder

TASKS = {"serdif_excerpts": serdif_excerpts, "serdif_segments": serdif_segments, "nhs_fft": nhs_fft}


def compared(fast: Task) -> dict[str, object]:
    """Return the figures of one corpus."""
    identity = verified_folder(packaged_model())[1]
    reference = replace(fast, fingerprint=f"{identity}/torch-fp32/256-split")
    splits = splits_of(fast.folds)
    found = [
        out_of_fold(task.Y, splits, unseen(task.counted, task.Y, task.groups, splits)) for task in (fast, reference)
    ]
    precision = [mean_average_precision(one.probabilities, fast.Y) for one in found]
    return {
        "engines": [fast.vectors.fingerprint.split("/", 1)[1], reference.vectors.fingerprint.split("/", 1)[1]],
        "mean_cosine": round(float((fast.vectors.text * reference.vectors.text).sum(axis=1).mean()), 6),
        "macro_ap": [round(value, 4) for value in precision],
        "ap_difference": round(precision[0] - precision[1], 5),
        "same_proposals": round(float(np.mean(found[0].proposed == found[1].proposed)), 5),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=sorted(TASKS), action="append")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    result = {name: compared(TASKS[name]()) for name in given.only or ("serdif_excerpts", "serdif_segments")}
    if given.json:
        print(json.dumps(result, indent=1))
        return
    for name, figures in result.items():
        print(name)
        for key, value in figures.items():
            print(f"  {key:16} {value}")


if __name__ == "__main__":
    main()
