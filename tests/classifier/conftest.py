"""An invented study of ten participants whose words give their codes away, and vectors without a model."""

import hashlib

import numpy as np
import pandas as pd
import pytest
from small_study import outline_book

from subtheme.classifier.training_set import training_set
from subtheme.embeddings import SegmentVectors
from subtheme.judgements import judgements_of_tables
from subtheme.nouns import READINGS, SEGMENT_CODES, SEGMENTS, Codebook

BOOK = outline_book(
    """
work: Work
  hours: Hours
    nights: Nights
  pay: Pay
  dog: Dog
""",
    more={"hours": 'definition = "When people work."'},
)
TALK = {
    "hours": "we start early and the rota changes with her morning",
    "pay": "the wage stands still because the budget does",
    "": "the building was cold and the kettle took its time",
}


class WordVectors:
    """Vectors of length one from the words of a text, the same on every machine."""

    fingerprint = "words/32"
    dimension = 32

    def encode(self, texts, *, progress=None):
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for i, text in enumerate(texts):
            for word in text.lower().split():
                vectors[i, int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimension] += 1
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.where(norms > 0, norms, 1)


@pytest.fixture(scope="session")
def word_vectors():
    return WordVectors()


@pytest.fixture(scope="session")
def book():
    return Codebook.from_toml(BOOK, where="book.toml")


@pytest.fixture(scope="session")
def study_tables(book):
    """Return segments, codes and readings of ten participants with twelve segments each."""
    rng = np.random.default_rng(3)
    rows, codes = [], []
    filler = ["aye", "well", "then", "so", "mind", "you", "like", "that", "one", "day", "somebody", "else", "again"]
    for person in range(10):
        name = f"P{person}"
        for order in range(12):
            code = ("hours", "pay", "", "")[(order + person) % 4]
            text = f"{TALK[code]} {' '.join(rng.choice(filler, 6))}"
            segment = f"{name}:{order * 100}-{order * 100 + len(text)}"
            rows.append(
                {
                    "segment": segment,
                    "transcript": name,
                    "participant": name,
                    "turn": order,
                    "order": order,
                    "start_char": order * 100,
                    "end_char": order * 100 + len(text),
                    "text": text,
                    "question": "And then?" if order % 2 else "",
                }
            )
            if code:
                finer = "nights" if code == "hours" and order % 3 == 0 else code
                codes.append(
                    {"segment": segment, "code": finer, "coder": "A", "direction": "supports", "origin": "blind"}
                )
    codes.append(
        {"segment": rows[0]["segment"], "code": "dog", "coder": "A", "direction": "supports", "origin": "blind"}
    )
    codes.append(
        {"segment": rows[2]["segment"], "code": "pay", "coder": "A", "direction": "counters", "origin": "blind"}
    )
    readings = [{"coder": "A", "transcript": f"P{i}"} for i in range(10)]
    return (
        SEGMENTS.check(pd.DataFrame(rows), source="s"),
        SEGMENT_CODES.check(pd.DataFrame(codes), source="c"),
        READINGS.check(pd.DataFrame(readings), source="r"),
    )


@pytest.fixture(scope="session")
def vectors(study_tables):
    from subtheme.embeddings import embed_segments

    found = embed_segments(study_tables[0], encoder=WordVectors())
    assert isinstance(found, SegmentVectors)
    return found


@pytest.fixture(scope="session")
def learned_from(book):
    """Return a function from segments, codes and readings to what can be learned from them."""

    def learned_from(segments, codes, readings, **options):
        judgements = judgements_of_tables(segments, codes, readings, book)
        return training_set(judgements, segments, book, level="sub-theme", **options)

    return learned_from


@pytest.fixture(scope="session")
def data(study_tables, learned_from):
    return learned_from(*study_tables)


@pytest.fixture(scope="session")
def trained(data, vectors, book):
    from subtheme.classifier.training import train

    return train(data, vectors, book, level="sub-theme", name="model")
