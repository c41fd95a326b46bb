"""The script that one would write without subtheme: read, split, encode, classify, write. A peer, not a part.

python benchmarks/obvious_script.py MODEL TRANSCRIPTS CODED.csv OUT.csv

MODEL is the folder of the packaged sentence encoder.
"""

import csv
import re
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer


def segments_of(path: Path) -> list[str]:
    """Return windows of about 40 words of whatever is no question of the interviewer."""
    paragraphs = [p for p in re.split(r"\n\s*\n|\n", path.read_text(encoding="utf-8", errors="replace")) if p.strip()]
    found = []
    for paragraph in paragraphs:
        if paragraph.startswith(("Interviewer", "INT", "WEBVTT", "Q:")) or "-->" in paragraph:
            continue
        words = paragraph.split()
        found += [" ".join(words[i : i + 40]) for i in range(0, len(words), 40)]
    return found


def main(encoder: str, folder: str, coded: str, out: str) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(encoder, device="cpu")
    with Path(coded).open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    binarizer = MultiLabelBinarizer()
    Y = binarizer.fit_transform([r["codes"].split() for r in rows])
    learner = OneVsRestClassifier(LogisticRegression(max_iter=500)).fit(model.encode([r["text"] for r in rows]), Y)
    with Path(out).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        for path in sorted(Path(folder).glob("*.txt")):
            segments = segments_of(path)
            if not segments:
                continue
            probabilities = learner.predict_proba(model.encode(segments))
            for segment, row in zip(segments, probabilities, strict=True):
                for column in np.flatnonzero(row >= 0.02):
                    writer.writerow([path.stem, segment[:20], binarizer.classes_[column], round(float(row[column]), 6)])


if __name__ == "__main__":
    main(*sys.argv[1:])
