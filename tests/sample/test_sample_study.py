"""The sample study: synthetic to the last file, made again byte for byte, and no easier than real interviews."""

import csv
import json
import subprocess
import sys

import numpy as np
import pytest

from subtheme.files import read_roster
from subtheme.study import Codebook
from subtheme.transcripts import read_transcripts, transcript_files

PUBLISHED = {"policies-and-procedures": 14, "terms-and-conditions": 10, "work-organisation": 24}


@pytest.fixture(scope="module")
def sample(root):
    return root / "data" / "sample"


@pytest.fixture(scope="module")
def transcripts(sample):
    return {t.id: t for p in transcript_files(sample / "transcripts").files for t in read_transcripts(p)}


def _rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_generator_gives_the_same_bytes(root, sample, tmp_path):
    command = [sys.executable, str(root / "data" / "generator" / "generate.py"), "--out", str(tmp_path / "again")]
    subprocess.run(command, check=True, capture_output=True)
    files = {p.relative_to(sample) for p in sample.rglob("*") if p.is_file()}
    assert files == {p.relative_to(tmp_path / "again") for p in (tmp_path / "again").rglob("*") if p.is_file()}
    for name in files:
        assert (sample / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_everything_says_synthetic(sample, transcripts):
    assert json.loads((sample / "manifest.json").read_text())["synthetic"] is True
    book = Codebook.read(sample / "codebook.toml")
    assert book.synthetic
    assert "SYNTHETIC" in book.title
    assert "SYNTHETIC" in (sample / "README.md").read_text().splitlines()[0]
    for path in (sample / "transcripts").iterdir():
        if path.suffix == ".docx":
            assert "SYNTHETIC" in transcripts[path.stem].text.splitlines()[0]
        else:
            assert "SYNTHETIC" in "\n".join(path.read_text(encoding="utf-8").splitlines()[:3])


def test_four_cases_of_plain_invention(sample):
    people = read_roster(sample / "participants.csv").participants
    assert people["case"].value_counts().to_dict() == {"SYN-A": 16, "SYN-B": 14, "SYN-C": 13, "SYN-D": 12}
    assert people["level"].nunique() == 3
    book = Codebook.read(sample / "codebook.toml")
    assert [len(book.children(t.id)) for t in book.at_level("theme")] == [5, 3, 7]


def test_interviews_are_long_enough(transcripts):
    assert len(transcripts) == 55
    assert min(len(t.text.split()) for t in transcripts.values()) >= 700


def test_no_fragment_is_said_twice(root, transcripts):
    said = "\n".join(" ".join(t.text.split()) for t in transcripts.values())
    for path in sorted((root / "data" / "generator" / "fragments").glob("*.tsv")):
        if path.stem in {"questions", "interjections"}:
            continue
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            opening = " ".join(line.split("\t")[-1].split()[:9])
            assert said.count(opening) <= 1, path.name


@pytest.mark.parametrize("coder", ["coder-1", "coder-2"])
def test_codings_lie_in_participants_words(sample, transcripts, coder):
    rows = _rows(sample / "codings" / f"{coder}.csv")
    assert rows
    for row in rows:
        transcript = transcripts[row["transcript"]]
        start, end = int(row["start_char"]), int(row["end_char"])
        assert 0 <= start < end <= len(transcript.text)
        if row.get("quote"):
            assert transcript.text[start:end] == row["quote"]
        spoken = [t for t in transcript.turns if t.role == "participant" and t.start_char < end and t.end_char > start]
        assert spoken


def test_its_table_is_not_the_published_one(sample):
    import pandas as pd

    from subtheme.scoring import score
    from subtheme.study import CODINGS

    people = read_roster(sample / "participants.csv").participants
    plan = pd.DataFrame(_rows(sample / "truth" / "plan.csv"))
    described = plan[plan["planned"] == "describes"].rename(columns={"sub_theme": "code"})
    codings = CODINGS.check(described[["participant", "code"]], source="planted")
    table = score(codings, people, Codebook.read(sample / "codebook.toml"))
    assert {t.id: t.present for t in table.themes} != PUBLISHED
    assert table.overall.present != 48


def test_it_is_no_easier_than_real_interviews(sample, transcripts):
    """Macro average precision of TF-IDF and logistic regression on planted excerpts, folds by participant.

    On two sets of real interviews it is .48 and .36; on this one it must not be higher than .65, and it is harder than those.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import average_precision_score
    from sklearn.model_selection import GroupKFold

    book = Codebook.read(sample / "codebook.toml")
    excerpts: dict[tuple[str, int, int], set[str]] = {}
    for row in _rows(sample / "truth" / "planted.csv"):
        if row["kind"] == "supports":
            place = (row["transcript"], int(row["start_char"]), int(row["end_char"]))
            also = [book.roll_up(row["also"], "sub-theme")] if row["also"] else []
            excerpts.setdefault(place, set()).update([row["sub_theme"], *also])
    places = sorted(excerpts)
    texts = [" ".join(transcripts[t].text[a:b].split()) for t, a, b in places]
    groups = np.array([t for t, _, _ in places])
    codes = [c.id for c in book.at_level("sub-theme")]
    Y = np.array([[code in excerpts[p] for code in codes] for p in places])
    scores, nearest = np.zeros(Y.shape), []
    for train, test in GroupKFold(n_splits=5).split(texts, groups=groups):
        vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        known, unknown = (
            vectorizer.fit_transform([texts[i] for i in train]),
            vectorizer.transform([texts[i] for i in test]),
        )
        for column in range(len(codes)):
            if Y[train, column].any():
                learner = LogisticRegression(C=10, max_iter=1000).fit(known, Y[train, column])
                scores[test, column] = learner.decision_function(unknown)
        long = [k for k, i in enumerate(test) if len(texts[i].split()) >= 8]
        nearest += list((unknown[long] @ known.T).max(axis=1).toarray().ravel())
    used = [i for i in range(len(codes)) if Y[:, i].sum() >= 3]
    value = np.mean([average_precision_score(Y[:, i], scores[:, i]) for i in used])
    assert 0.2 <= value <= 0.65
    assert np.mean(np.array(nearest) > 0.8) <= 0.02
    assert np.median(nearest) <= 0.40
