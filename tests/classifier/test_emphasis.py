"""Words and runs of characters count by the language, and the model that comes of it multiplies plain features."""

from dataclasses import replace

import numpy as np

from subtheme.classifier.emphasis import PLAIN, Emphasis, emphasis_of
from subtheme.classifier.features import Features
from subtheme.classifier.learner import ThemeClassifier
from subtheme.classifier.terms import TermTable

GERMAN = [
    "Die Pflegedienstleitung hat uns den neuen Dienstplan erst am Freitagabend gezeigt, und da war er schon fertig."
]
ENGLISH = ["Nobody had shown us the new rota until Friday evening, and by then it was already finished, as ever."]


def test_runs_of_characters_count_more_where_compounds_are_one_word():
    assert emphasis_of(ENGLISH) == emphasis_of(["Yes."]) == emphasis_of([]) == PLAIN
    german = emphasis_of(GERMAN)
    assert german.characters > 1 > german.words


def test_the_emphasis_of_learning_is_in_the_coefficients_of_the_model():
    rng = np.random.default_rng(0)
    Y = (rng.random((80, 2)) < 0.4).astype(float)
    texts = [" ".join(["pay" * int(a), "night" * int(b), *rng.choice(["so", "well", "then"], 4)]) for a, b in Y]
    features = Features(
        dense=rng.standard_normal((80, 4)),
        words=TermTable.of(texts, kind="words").counts,
        characters=TermTable.of(texts, kind="characters").counts,
        emphasis=Emphasis(words=0.5, characters=3.0),
    )
    groups = np.repeat([f"P{i}" for i in range(8)], 10)
    learner = ThemeClassifier().fit(features, Y, groups=groups)
    plain = replace(features, emphasis=PLAIN)
    assert np.array_equal(learner.predict_proba(features), learner.predict_proba(plain))
    other = ThemeClassifier().fit(plain, Y, groups=groups)
    assert not np.allclose(other.predict_proba(plain), learner.predict_proba(plain))
    scores = learner.weights_.raw_scores(plain)
    assert np.mean((scores > 0) == (Y > 0)) > 0.8
