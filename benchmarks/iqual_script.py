"""What one would write with iQual: one model per code, as its README shows, on the packaged encoder. A peer, not a part.

python benchmarks/iqual_script.py MODEL TRANSCRIPTS CODED.csv OUT.csv

Runs in an environment of its own: iQual 0.1.3 works with scikit-learn 1.7.2, pandas 2 and sentence-transformers 3, not
with later ones. Segments are those of `obvious_script.py`; the question is empty, since the script does not know it.
"""

import csv
import sys
from pathlib import Path

import pandas as pd
from iqual import iqualnlp
from obvious_script import segments_of


def main(encoder: str, folder: str, coded: str, out: str) -> None:
    training = pd.read_csv(coded, keep_default_na=False).assign(question="")
    places = [(p.stem, s) for p in sorted(Path(folder).glob("*.txt")) for s in segments_of(p)]
    asked = pd.DataFrame({"question": "", "text": [s for _, s in places]})
    with Path(out).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        for code in sorted({c for codes in training["codes"] for c in codes.split()}):
            model = iqualnlp.Model()
            model.add_text_features("question", "text", model=encoder, env="sentence-transformers")
            model.add_classifier(name="LogisticRegression")
            model.add_threshold()
            model.compile()
            model.fit(
                training[["question", "text"]], training["codes"].map(lambda held, c=code: int(c in held.split()))
            )
            for (transcript, text), is_proposed in zip(places, model.predict(asked), strict=True):
                if is_proposed:
                    writer.writerow([transcript, text[:20], code])


if __name__ == "__main__":
    main(*sys.argv[1:])
