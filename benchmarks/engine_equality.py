"""Whether engine or precision of the encoder change what is learned: on corpora coded by hand.

    python benchmarks/engine_equality.py [--only TASK] [--fast] [--json]

Vectors of each corpus by OpenVINO (exact, or with --fast in whole numbers) and by sentence-transformers; the learner on the fixed folds of the corpus with
each. Printed are the mean cosine of both vectors of a text, the macro average precision with either, and the share of
(segment, code) of the test folds that both propose or leave alike. Models are trained anew for each engine, so the share
holds the rounding of the solver too.
"""

import argparse
import json
from dataclasses import replace

import numpy as np
from learning_data import CORPORA, Task, nhs_fft, serdif_excerpts, serdif_segments, smallest
from smoke import options_of

from subtheme.classifier.learner import mean_average_precision
from subtheme.classifier.unseen import out_of_fold, splits_of, unseen
from subtheme.embeddings import Engine, Precision, load_encoder

TASKS = {"serdif_excerpts": serdif_excerpts, "serdif_segments": serdif_segments, "nhs_fft": nhs_fft}


def compared(task: Task, precision: Precision) -> dict[str, object]:
    """Return the figures of one corpus."""
    encoders = (load_encoder(precision=precision, engine=Engine.OPENVINO), load_encoder(engine=Engine.TORCH))
    ours, reference = (replace(task, encoder=encoder, cache=None) for encoder in encoders)
    splits = splits_of(task.folds)
    found = [out_of_fold(one.Y, splits, unseen(one.counted, one.Y, one.groups, splits)) for one in (ours, reference)]
    ranked = [mean_average_precision(one.probabilities, task.Y) for one in found]
    return {
        "fingerprints": [ours.vectors.fingerprint, reference.vectors.fingerprint],
        "largest_difference": float(np.abs(ours.vectors.text - reference.vectors.text).max()),
        "mean_cosine": round(float((ours.vectors.text * reference.vectors.text).sum(axis=1).mean()), 6),
        "macro_ap": [round(value, 4) for value in ranked],
        "ap_difference": round(ranked[0] - ranked[1], 5),
        "same_proposals": round(float(np.mean(found[0].proposed == found[1].proposed)), 5),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=sorted(TASKS), action="append")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = options_of(parser, smallest={"only": ["serdif_excerpts"]}, needs=[CORPORA])
    precision = Precision.FAST if given.fast else Precision.EXACT
    result = {
        name: compared(smallest(TASKS[name]()) if given.smoke else TASKS[name](), precision)
        for name in given.only or ("serdif_excerpts", "serdif_segments")
    }
    if given.json:
        print(json.dumps(result, indent=1))
        return
    for name, figures in result.items():
        print(name)
        for key, value in figures.items():
            print(f"  {key:16} {value}")


if __name__ == "__main__":
    main()
