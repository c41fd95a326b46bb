"""The precision of a study: asked for in its settings, kept by its models, said by its report."""

from itertools import cycle, islice
from pathlib import Path

import pytest
from hashing_encoder import HashingEncoder
from small_study import invoke, small_book

from subtheme.embeddings import Precision, load_encoder

SAID = {
    "hours": "We start early and the rota changes with her morning shift, number {n} of the week.",
    "pay": "The wage stands still because the budget does, for the {n} year in a row now.",
    "": "The building was cold and the kettle took its time again, cup {n} of the day.",
}
PEOPLE = [f"P{i}" for i in range(7)]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return a study of seven people, of whom six were coded, on the folder above it."""
    folder = tmp_path_factory.mktemp("precision")
    rows = ["participant,code,transcript,quote"]
    (folder / "talks").mkdir()
    for person in PEOPLE:
        codes = list(islice(cycle(SAID), 12))
        lines = [SAID[code].format(n=n) for n, code in enumerate(codes)]
        talk = "\n\n".join(f"Interviewer: And then?\n\n{person}: {line}" for line in lines)
        (folder / "talks" / f"{person}.txt").write_text(talk + "\n", encoding="utf-8")
        if person != PEOPLE[-1]:
            rows += [f'{person},{code},{person},"{line}"' for line, code in zip(lines, codes, strict=True) if code]
    (folder / "book.toml").write_text(small_book("Work", "Hours", "Pay"), encoding="utf-8")
    (folder / "people.csv").write_text("\n".join(["participant,case", *(f"{p},A" for p in PEOPLE)]), encoding="utf-8")
    (folder / "codings.csv").write_text("\n".join(rows), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("SUBTHEME_STUDY", "study")
        invoke("new", "study", "--codebook", "book.toml")
        invoke("import", "talks", "--participants", "people.csv")
        invoke("codings", "codings.csv", "--coder", "anna")
        yield folder


def test_whole_numbers_on_a_processor_without_them_are_one_clear_error(study, monkeypatch):
    monkeypatch.setattr("subtheme.study.vectors.load_encoder", load_encoder)
    monkeypatch.setattr("subtheme.embeddings.openvino_encoder.multiplies_whole_numbers", lambda: False)
    monkeypatch.setenv("SUBTHEME_PRECISION", "fast")
    refused = invoke("train", code=1).stderr
    assert refused.count("Error:") == 1
    assert "precision 'fast' cannot be had here" in refused
    assert 'Set precision = "exact" under [embeddings] in study.toml, which works everywhere' in refused


@pytest.mark.parametrize(("arithmetic", "name"), [("exact", "exact"), ("fast-int8-g128", "fast")])
def test_report_and_its_manifest_say_the_precision_of_the_model_and_not_of_the_settings(
    study, monkeypatch, arithmetic, name
):
    encoder = HashingEncoder()
    encoder.fingerprint = f"words:1/{arithmetic}/9-split"
    monkeypatch.setattr("subtheme.study.vectors.load_encoder", lambda *_, **__: encoder)
    monkeypatch.setenv("SUBTHEME_PRECISION", name)
    told = invoke("train", "--name", name).stderr
    assert ("Precision fast (whole numbers" in told) == (name == "fast")
    other = {"exact": "fast", "fast": "exact"}[name]
    monkeypatch.setenv("SUBTHEME_PRECISION", other)
    told = invoke("precode", "--model", name).stderr
    assert f"The model was trained with precision {name}; '{other}' holds when it is trained again" in told
    invoke("report")
    page = Path("study/exports/report.html").read_text(encoding="utf-8")
    assert f'<th scope="row">Precision of the vectors</th><td>{Precision(name).promise}</td>' in page
    assert "precision of the vectors" in page
