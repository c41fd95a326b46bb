"""A small study with proposals, made through the public functions, and a way into its page."""

import json
import random
import uuid
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pandas as pd
import pytest
from canary import CANARY
from served_page import Opened, Served

from subtheme.files import StudyFolder, create_study, read_all, read_roster, take_in
from subtheme.nouns import PROPOSALS, rows_of

_SUBJECTS = ("The rota", "Her mother", "My manager", "The council", "A neighbour", "The new lad", "Our union")
_VERBS = ("changed", "refused", "asked for", "cut", "signed off", "forgot", "paid for")
_OBJECTS = ("the morning visit", "two hours on Friday", "the training day", "a second worker", "my holiday", "the bus")


def interview(name: str, *, turns: int, seed: int, word: str = CANARY) -> str:
    """Return an invented interview."""
    rng = random.Random(f"{name}:{seed}")
    lines = []
    for number in range(turns):
        lines.append(f"Interviewer: And what happened then, number {number}?")
        said = [
            f"{rng.choice(_SUBJECTS)} {rng.choice(_VERBS)} {rng.choice(_OBJECTS)} {rng.choice(('again', 'twice', word))}."
            for _ in range(rng.randint(3, 9))
        ]
        lines.append(f"{name}: {' '.join(said)}")
    return "\n\n".join(lines) + "\n"


def proposals_of(segments: pd.DataFrame, codes: list[str], *, seed: int = 1, share: float = 0.15) -> pd.DataFrame:
    """Return invented proposals: most far below the threshold, some above it."""
    rng = random.Random(seed)
    names = list(segments["segment"])
    rows = []
    for row in rows_of(segments):
        for code in codes:
            over = rng.random() < share
            near = [
                {"segment": rng.choice(names), "similarity": round(rng.random(), 2), "code": code} for _ in range(3)
            ]
            evidence = {
                "nearest": near,
                "counter_case": {"segment": rng.choice(names), "similarity": 0.4},
                "top_terms": [["rota", 0.31], ["hours", 0.22]],
            }
            rows.append(
                {
                    "segment": row.segment,
                    "code": code,
                    "probability": round(rng.uniform(0.42, 0.97) if over else rng.uniform(0.0, 0.38), 4),
                    "threshold": 0.4,
                    "model": "m1",
                    "evidence": json.dumps(evidence),
                }
            )
    return PROPOSALS.check(pd.DataFrame(rows), source="invented")


def make_study(
    folder: Path, codebook: Path, *, people: int = 6, turns: int = 8, with_proposals: bool = True, word: str = CANARY
) -> StudyFolder:
    """Return a study of `people` participants in three cases.

    Its id, which draws the blind arm and the sample for double coding, is always the same.
    """
    texts = folder / "interviews"
    texts.mkdir(parents=True)
    rows = ["participant,case,level,transcript"]
    for number in range(people):
        name = f"P{number:02d}"
        (texts / f"{name}-{word}.txt").write_text(
            interview(name, turns=turns, seed=number, word=word), encoding="utf-8"
        )
        rows.append(f"{name},C{number % 3},worker,{name}-{word}")
    roster = folder / "participants.csv"
    roster.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with mock.patch("subtheme.files.migration.uuid.uuid4", return_value=uuid.UUID(int=1)):
        study = create_study(folder / "study", codebook=codebook, name="Invented", synthetic=True)
    take_in(study, read_all([texts]), read_roster(roster))
    if with_proposals:
        codes = [c.id for c in study.codebook.at_level("sub-theme")]
        with study.store() as store, store.writing():
            store.replace_proposals(proposals_of(store.segments(), codes))
    return study


@pytest.fixture(scope="session")
def codebook_file(root) -> Path:
    return root / "configs" / "cob.codebook.toml"


@pytest.fixture(scope="session")
def template_study(tmp_path_factory, codebook_file) -> Path:
    """A study made once; `review_study` copies it."""
    return make_study(tmp_path_factory.mktemp("template"), codebook_file).path


@pytest.fixture
def review_study(template_study, tmp_path) -> StudyFolder:
    import shutil

    from subtheme.files import open_study

    shutil.copytree(template_study, tmp_path / "study")
    return open_study(tmp_path / "study")


@pytest.fixture
def opened(review_study) -> Iterator[Opened]:
    from subtheme.review.desk import Desk
    from subtheme.review.material import load_material

    with review_study.store() as store, store.holding():
        yield Opened(
            desk=Desk(load_material(review_study, store), store, coder="anna"), study=review_study, store=store
        )


@pytest.fixture(scope="module")
def served(template_study, tmp_path_factory) -> Iterator[Served]:
    """One server for the tests of a module, on a copy of the study."""
    import shutil

    from subtheme.files import open_study
    from subtheme.review.desk import Desk
    from subtheme.review.material import load_material

    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(template_study, folder / "study")
    study = open_study(folder / "study")
    with study.store() as store, store.holding():
        desk = Desk(load_material(study, store), store, coder="anna")
        running = Served(Opened(desk=desk, study=study, store=store), folder / "entry.json")
        yield running
        running.stop()


@pytest.fixture
def door(opened, tmp_path) -> Iterator[Served]:
    """A server whose launch token nobody has used yet."""
    running = Served(opened, tmp_path / "entry.json")
    yield running
    running.stop()


@pytest.fixture
def client(served):
    with served.client() as signed_in:
        yield signed_in
