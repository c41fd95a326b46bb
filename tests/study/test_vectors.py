"""Which languages a study is in, for the encoders that it takes."""

from types import SimpleNamespace

import pandas as pd

from subtheme.study import vectors

GERMAN = "Wir haben damals nachts gearbeitet, und niemand hat uns etwas von dem neuen Plan gesagt."
ENGLISH = "We worked nights back then, and nobody had told us anything about the new plan at all."


def study(*texts: str, language: str = "auto", encoder: str = "auto"):
    table = pd.DataFrame({"transcript": [f"T{i}" for i in range(len(texts))], "text": list(texts)})
    settings = SimpleNamespace(language=language, encoder=encoder, precision="exact")
    return SimpleNamespace(segments=table, folder=SimpleNamespace(settings=settings), tell=print)


def test_encoders_are_taken_by_the_languages_that_are_set_or_told(monkeypatch):
    asked = []
    monkeypatch.setattr(vectors, "load_encoder", lambda name, **options: asked.append((name, options["languages"])))
    vectors.encoder_of(study(GERMAN, ENGLISH, "Ja."))
    vectors.encoder_of(study(GERMAN, language="fr, Danish"))
    vectors.encoder_of(study(GERMAN, encoder="all-MiniLM-L6-v2"))
    vectors.encoder_of(study(GERMAN), wanted="all-MiniLM-L6-v2:1/exact/256-split")
    assert asked == [("auto", {"de", "en"}), ("auto", {"fr", "da"}), ("all-MiniLM-L6-v2", ()), ("auto", ())]
