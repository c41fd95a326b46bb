"""Proposals of a trained model, and their evidence."""

import json

import pandas as pd
import pytest

from subtheme.embeddings import CodeVectors, SegmentVectors
from subtheme.errors import ModelError
from subtheme.judgements import judgements_of_tables
from subtheme.nouns import SEGMENTS
from subtheme.proposals import CodedExcerpts, coded_segments, not_learned, propose


def _excerpts(study_tables, book, vectors) -> CodedExcerpts:
    judged = judgements_of_tables(*study_tables, book)
    return CodedExcerpts(codes=coded_segments(judged, book, level="sub-theme"), vectors=vectors)


@pytest.fixture(scope="module")
def proposed(trained, study_tables, vectors, book):
    segments, coded = study_tables[0], _excerpts(study_tables, book, vectors)
    return propose(trained.model, segments, vectors, coded=coded, version="model@1")


def test_what_reaches_its_threshold_carries_evidence(proposed, study_tables):
    over = proposed[proposed["probability"] >= proposed["threshold"]]
    assert len(over) > 0
    texts = dict(zip(study_tables[0]["segment"], study_tables[0]["text"], strict=True))
    word = {"hours": "rota", "pay": "wage"}
    for row in over.itertuples():
        evidence = json.loads(row.evidence)
        assert len(evidence["nearest"]) == 3
        assert all(e["segment"] != row.segment for e in evidence["nearest"])
        similarities = [e["similarity"] for e in evidence["nearest"]]
        assert similarities == sorted(similarities, reverse=True)
        assert word[row.code] in texts[evidence["nearest"][0]["segment"]]
        assert set(" ".join(evidence["words"]).split()) <= set(texts[row.segment].split())


def test_counter_examples_are_shown_where_there_are_any(proposed, study_tables):
    counter = study_tables[0]["segment"].iloc[2]
    shown = [json.loads(e).get("counter_example") for e in proposed.loc[proposed["code"] == "pay", "evidence"]]
    assert any(c and c[0]["segment"] == counter for c in shown)


def test_the_best_of_every_participant_are_kept(proposed):
    kept = proposed.merge(pd.DataFrame({"code": ["hours", "pay"]}), on="code").groupby("code")["segment"].count()
    assert (kept == 120).all()  # twelve segments each, fewer than are always kept


def test_evidence_holds_no_words_of_one_person_alone(proposed, trained):
    words = {w for e in proposed["evidence"] for w in json.loads(e).get("words", [])}
    assert words <= set(trained.model.words.terms)


def test_vectors_of_another_encoder_are_refused(trained, study_tables, vectors, book):
    other = SegmentVectors(segments=vectors.segments, text=vectors.text, question=vectors.question, fingerprint="x")
    coded = _excerpts(study_tables, book, other)
    with pytest.raises(ModelError, match="vectors of another encoder"):
        propose(trained.model, study_tables[0], other, coded=coded, version="m")


def test_codes_not_learned_are_ranked_without_a_probability(study_tables, vectors):
    segments = SEGMENTS.check(study_tables[0], source="s")
    description = vectors.text[[5]]
    codes = CodeVectors(codes=("dog",), description=description, fingerprint=vectors.fingerprint)
    ranked = not_learned(("dog",), segments, vectors, codes, most=4)
    assert list(ranked["rank"]) == [1, 2, 3, 4]
    assert ranked["segment"].iloc[0] == vectors.segments[5]
    assert "probability" not in ranked.columns
