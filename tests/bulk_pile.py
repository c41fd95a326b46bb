"""An invented pile of small interviews, and a model trained on some of them."""

import pandas as pd
from small_study import small_book

from subtheme.bulk import JobInputs
from subtheme.bulk.work import participants_of
from subtheme.classifier.training import train
from subtheme.classifier.training_set import training_set
from subtheme.embeddings import embed_segments
from subtheme.judgements import judgements_of_tables
from subtheme.nouns import READINGS, SEGMENT_CODES, Codebook
from subtheme.proposals import CodedExcerpts, coded_segments
from subtheme.segments import segment_transcript, segments_table
from subtheme.transcripts import read_transcripts

BOOK = small_book("Work", "Hours", "Pay")
SAID = {
    "hours": "We start early and the rota changes with her morning.",
    "pay": "The wage stands still because the budget does.",
    "": "The building was cold and the kettle took its time.",
}


def interview(number: int) -> str:
    """Return one interview of six answers; the words differ by number, the codes go round."""
    lines = []
    for turn in range(6):
        code = ("hours", "pay", "")[(turn + number) % 3]
        lines += ["Interviewer: And then?", f"P{number}: {SAID[code]} That was visit {number * 7 + turn}."]
    return "\n\n".join(lines) + "\n"


def segments_of(folder):
    found = []
    for path in sorted(folder.rglob("*.txt")):
        (transcript,) = read_transcripts(path)
        found += segment_transcript(transcript, participants=participants_of(transcript))
    return segments_table(found)


def inputs_from(segments, encoder, cache, *, name="model"):
    """Return a trained model and its coded excerpts, as the command gives them."""
    book = Codebook.from_toml(BOOK, where="book.toml")
    rows = [
        {"segment": s, "code": code, "coder": "A", "direction": "supports", "origin": "blind"}
        for s, text in zip(segments["segment"], segments["text"], strict=True)
        for code, said in SAID.items()
        if code and said in text
    ]
    codes = SEGMENT_CODES.check(pd.DataFrame(rows), source="codes")
    readings = READINGS.check(
        pd.DataFrame({"coder": "A", "transcript": segments["transcript"].unique()}), source="readings"
    )
    vectors = embed_segments(segments, encoder=encoder)
    judged = judgements_of_tables(segments, codes, readings, book)
    data = training_set(judged, segments, book, level="sub-theme")
    model = train(data, vectors, book, level="sub-theme", name=name).model
    return JobInputs(
        model=model,
        version=f"{name}@0123456789ab",
        coded=CodedExcerpts(codes=coded_segments(judged, book, level="sub-theme"), vectors=vectors),
        cases={"P01": "North"},
        cache=cache,
    )
