"""Training from cached vectors: 2,000 coded excerpts, 15 codes, thresholds and calibration included.

    python benchmarks/retrain_speed.py [--excerpts 2000] [--json]

The study is invented: words of the sample study, vectors around one centre per code, descriptions near the centres. Ours is compared with the plain way
to the same things in scikit-learn: five folds by participant over two penalties, calibration of the scores of the folds,
and a last fit, on the vectors and the words (fewer features than ours, no codebook, and one loss, where ours tries two). Beside it stands what embedding the
same number of segments would take, from 300 of their texts. Processor seconds, so that other work on the machine counts little.
"""

import argparse
import json
import os
import time

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))
import numpy as np
import pandas as pd
from embedding_speed import sample_texts
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from smoke import options_of

from subtheme.classifier.training import train
from subtheme.classifier.training_set import training_set
from subtheme.embeddings import CodeVectors, SegmentVectors, load_encoder
from subtheme.judgements import judgements_of_tables
from subtheme.nouns import READINGS, SEGMENT_CODES, SEGMENTS, Codebook

CODES, PARTICIPANTS, DIMENSION = 15, 50, 384


def invented(
    excerpts: int,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, Codebook, SegmentVectors, CodeVectors]:
    """Return segments of which two thirds are coded, codes, readings, codebook, vectors of segments and descriptions."""
    random = np.random.default_rng(7)
    count = excerpts * 3 // 2
    texts = sample_texts(count)
    centres = random.standard_normal((CODES, DIMENSION))
    chosen = np.where(np.arange(count) % 3 < 2, random.integers(0, CODES, count), -1)
    per_person = -(-count // PARTICIPANTS)
    rows = [
        {
            "segment": f"T{i // per_person:02}:{i}",
            "transcript": f"T{i // per_person:02}",
            "participant": f"T{i // per_person:02}",
            "turn": i,
            "order": i,
            "start_char": i,
            "end_char": i + 1,
            "text": texts[i % len(texts)],
        }
        for i in range(count)
    ]
    segments = SEGMENTS.check(pd.DataFrame(rows), source="invented")
    codes = pd.DataFrame(
        {"segment": [r["segment"] for r in rows], "code": [f"c{c}" for c in chosen], "coder": "A"}
    ).assign(direction="supports", origin="blind")[chosen >= 0]
    readings = pd.DataFrame({"coder": "A", "transcript": segments["transcript"].unique()})
    book = 'format = "subtheme-codebook/1"\nlevels = ["sub-theme"]\n' + "".join(
        f'[[code]]\nid = "c{c}"\nname = "Code {c}"\n' for c in range(CODES)
    )
    vectors = random.standard_normal((count, DIMENSION)) * 3 + np.where(chosen[:, None] >= 0, centres[chosen], 0)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    told = centres + random.standard_normal(centres.shape) * 2
    told /= np.linalg.norm(told, axis=1, keepdims=True)
    return (
        segments,
        SEGMENT_CODES.check(codes, source="invented"),
        READINGS.check(readings, source="invented"),
        Codebook.from_toml(book, where="invented"),
        SegmentVectors(
            segments=tuple(segments["segment"]), text=vectors, question=np.zeros_like(vectors), fingerprint="invented"
        ),
        CodeVectors(
            codes=tuple(f"c{c}" for c in range(CODES)), description=told.astype(np.float32), fingerprint="invented"
        ),
    )


def plain(X: sparse.csr_array, Y: np.ndarray, groups: np.ndarray) -> None:
    """Do with scikit-learn alone what training amounts to."""
    for code in range(Y.shape[1]):
        y = Y[:, code]
        scores = {}
        for C in (3.0, 30.0):
            scores[C] = np.zeros(len(y))
            for learn, test in GroupKFold(5).split(X, y, groups):
                fitted = LogisticRegression(C=C, max_iter=500).fit(X[learn], y[learn])
                scores[C][test] = fitted.decision_function(X[test])
        LogisticRegression(C=1e6).fit(scores[3.0][:, None], y)
        LogisticRegression(C=3.0, max_iter=500).fit(X, y)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--excerpts", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    given = options_of(parser, smallest={"excerpts": 300})
    segments, codes, readings, book, vectors, described = invented(given.excerpts)
    began = time.process_time()
    data = training_set(judgements_of_tables(segments, codes, readings, book), segments, book, level="sub-theme")
    result = train(data, vectors, book, level="sub-theme", name="invented", descriptions=described)
    ours = time.process_time() - began
    began = time.process_time()
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True).fit_transform(data.segments["text"])
    X = sparse.csr_array(sparse.hstack([vectors.text[vectors.rows(data.segments["segment"])], words], format="csr"))
    plain(X, np.asarray(data.Y), np.asarray(data.groups))
    theirs = time.process_time() - began
    some = list(dict.fromkeys(data.segments["text"]))[:300]
    encoder = load_encoder(threads=1)
    encoder.encode(some[:32])
    began = time.process_time()
    encoder.encode(some)
    embedding = (time.process_time() - began) / len(some) * len(data.segments)
    figures = {
        "excerpts": result.model.facts["excerpts"],
        "codes": len(result.model.codes),
        "features_of_script": X.shape[1],
        "ours_cpu_s": round(ours, 1),
        "ratio_to_script": round(theirs / ours, 2),
        "ratio_to_embedding": round(ours / embedding, 2),
    }
    print(json.dumps(figures, indent=1) if given.json else "\n".join(f"{k:16} {v}" for k, v in figures.items()))


if __name__ == "__main__":
    main()
