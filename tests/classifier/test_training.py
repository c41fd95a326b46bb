"""What is learned from, and what a model does with it."""

import errno
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_study import outline_book

from subtheme.classifier import load_model, save_model
from subtheme.classifier.evaluation import evaluate
from subtheme.classifier.folds import grouped_folds
from subtheme.classifier.model_file import content_hash
from subtheme.classifier.training import train
from subtheme.embeddings import SegmentVectors
from subtheme.errors import InputError, ModelError
from subtheme.nouns import READINGS, SEGMENT_CODES, Codebook


def test_codes_roll_up_and_rare_ones_are_named(data):
    assert data.codes == ("hours", "pay")
    assert [e.code for e in data.too_few] == ["dog"]
    assert data.Y.sum() == 60
    assert data.counters.sum() == 1


def test_only_read_transcripts_count(study_tables, learned_from):
    segments, codes, readings = study_tables
    fewer = learned_from(segments, codes, readings[readings["transcript"] != "P9"])
    assert set(fewer.segments["participant"]) == {f"P{i}" for i in range(9)}
    assert fewer.answered.participants == ("P9",)
    nothing = fewer.answered.Y[~np.isnan(fewer.answered.Y).all(axis=1)]
    assert np.nanmin(nothing) == 1  # what was coded there is known, and nothing is absent


def test_unconfirmed_proposals_teach_nothing(study_tables, learned_from):
    segments, codes, readings = study_tables
    with pytest.raises(InputError, match="codings of 'A' that nobody has confirmed"):
        learned_from(segments, codes.assign(origin="auto"), readings)


def test_too_little_is_refused_with_what_is_missing(study_tables, learned_from):
    segments, codes, readings = study_tables
    with pytest.raises(InputError, match="no transcript has been read by any coder"):
        learned_from(segments, SEGMENT_CODES.empty(), READINGS.empty())
    with pytest.raises(InputError, match="only one participant was read"):
        learned_from(segments, codes, readings[readings["transcript"] == "P0"])
    with pytest.raises(InputError, match="no code has enough coded segments"):
        learned_from(segments, codes[codes["code"] == "dog"], readings)
    with pytest.raises(InputError, match="no transcript has been read by eve"):
        learned_from(segments, codes, readings, coders=["eve"])


def test_words_shared_between_participants_are_noted(study_tables, learned_from):
    segments, codes, readings = study_tables
    same = segments.assign(
        text=[
            t if o else "one long sentence that everybody says in the same words"
            for t, o in zip(segments["text"], segments["order"], strict=True)
        ]
    )
    assert any("word for word" in n for n in learned_from(same, codes, readings).notes)


def test_what_cannot_teach_is_named(study_tables, learned_from):
    segments, codes, readings = study_tables
    apart = codes[codes["direction"] == "supports"].drop_duplicates("segment")
    against = apart.head(2).assign(direction="counters", coder="B")
    both = SEGMENT_CODES.check(pd.concat([codes, against]), source="c")
    bare = segments.loc[~segments["segment"].isin(codes["segment"]), "segment"].iloc[0]
    themes = codes.head(1).assign(code="work", segment=bare)
    above = SEGMENT_CODES.check(pd.concat([both, themes, codes.head(1).assign(code="work")]), source="c")
    fewer = readings[readings["transcript"] != "P9"]
    notes = learned_from(segments, above, fewer).notes
    assert "1 codings above level 'sub-theme' teach nothing" in notes
    assert any(n.startswith("2 segments are coded both for and against") for n in notes)


def test_a_code_of_one_participant_is_named_and_not_learned(study_tables, learned_from):
    segments, codes, readings = study_tables
    own = segments.loc[segments["participant"] == "P1", "segment"].head(9)
    rows = pd.DataFrame({"segment": own, "code": "dog", "coder": "A", "direction": "supports", "origin": "blind"})
    more = SEGMENT_CODES.check(pd.concat([codes, rows]).drop_duplicates(list(SEGMENT_CODES.key)), source="c")
    found = learned_from(segments, more, readings)
    dog = next(e for e in found.too_few if e.code == "dog")
    assert (dog.segments, dog.participants) == (10, 2)
    assert "dog" not in found.codes


def test_a_focus_group_counts_as_one_participant(study_tables, learned_from):
    segments, codes, _ = study_tables
    met = segments.assign(transcript=segments["transcript"].replace({"P0": "F", "P1": "F", "P2": "F", "P3": "F"}))
    read = READINGS.check(
        pd.DataFrame([{"coder": "A", "transcript": t} for t in met["transcript"].unique()]), source="r"
    )
    own = met.loc[met["transcript"] == "F", "segment"].iloc[::5]
    rows = pd.DataFrame({"segment": own, "code": "dog", "coder": "A", "direction": "supports", "origin": "blind"})
    more = SEGMENT_CODES.check(pd.concat([codes, rows]).drop_duplicates(list(SEGMENT_CODES.key)), source="c")
    found = learned_from(met, more, read)
    dog = next(e for e in found.too_few if e.code == "dog")
    assert (dog.segments, dog.participants, dog.groups) == (10, 4, 1)
    assert dog.in_words() == "dog (10 segments of 4 participants in one group)"
    with pytest.raises(InputError, match="only one participant was read, or one focus group"):
        learned_from(met, more, read[read["transcript"] == "F"])


def test_the_card_says_what_it_was_trained_on_and_no_words(trained, study_tables, tmp_path):
    save_model(trained.model, tmp_path / "m")
    card = (tmp_path / "m" / "model-card.md").read_text(encoding="utf-8")
    assert "10 participants, 120 segments, 60 of them coded" in card
    assert "hours: 30 segments of 10 participants" in card
    assert "Too few to learn, never proposed: dog" in card
    assert "rota" not in card


def test_a_trained_model_finds_what_was_planted(trained, study_tables, vectors):
    segments = study_tables[0]
    probabilities = trained.model.probabilities(segments, vectors)
    hours = segments["text"].str.contains("rota").to_numpy()
    assert probabilities[hours, 0].min() > probabilities[~hours, 0].max()
    assert ((probabilities > 0) & (probabilities < 1)).all()


def test_training_twice_gives_the_same_numbers(trained, data, vectors, book):
    again = train(data, vectors, book, level="sub-theme", name="model").model
    np.testing.assert_array_equal(again.weights.dense, trained.model.weights.dense)
    np.testing.assert_array_equal(again.weights.thresholds, trained.model.weights.thresholds)


def test_round_trip_is_bit_equal_and_bytes_are_stable(trained, study_tables, vectors, tmp_path):
    model = trained.model
    first, second = save_model(model, tmp_path / "a"), save_model(model, tmp_path / "b")
    assert first == second
    for name in ("manifest.json", "terms.json", "weights.safetensors"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    back = load_model(tmp_path / "a")
    np.testing.assert_array_equal(
        back.probabilities(study_tables[0], vectors), model.probabilities(study_tables[0], vectors)
    )
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == [
        "manifest.json",
        "model-card.md",
        "terms.json",
        "weights.safetensors",
    ]


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("weights.safetensors", lambda b: b[:-1] + bytes([b[-1] ^ 1]), "weights.safetensors was changed"),
        ("terms.json", lambda b: b.replace(b"rota", b"rotb"), "terms.json was changed"),
        ("manifest.json", lambda b: b.replace(b'"pay"', b'"pax"', 1), "manifest.json was changed"),
        ("manifest.json", lambda b: b.replace(b"subtheme-model/2", b"subtheme-model/9"), "a model of another format"),
        ("manifest.json", lambda b: b[:50], "manifest.json cannot be read"),
    ],
)
def test_a_changed_model_is_refused(trained, tmp_path, name, change, words):
    save_model(trained.model, tmp_path / "m")
    file = tmp_path / "m" / name
    changed = change(file.read_bytes())
    assert changed != file.read_bytes()
    file.write_bytes(changed)
    with pytest.raises(ModelError, match=words):
        load_model(tmp_path / "m")


def test_missing_parts_are_named(trained, tmp_path):
    with pytest.raises(ModelError, match="no model here"):
        load_model(tmp_path)
    save_model(trained.model, tmp_path / "m")
    (tmp_path / "m" / "terms.json").unlink()
    with pytest.raises(ModelError, match=r"terms\.json is missing"):
        load_model(tmp_path / "m")


@pytest.mark.parametrize("lost", ["files", "facts", "code_hashes", "encoder", "competition"])
def test_a_manifest_that_lacks_a_part_is_refused_although_its_hash_fits(trained, tmp_path, lost):
    save_model(trained.model, tmp_path / "m")
    path = tmp_path / "m" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest[lost]
    path.write_text(json.dumps(manifest | {"content_hash": content_hash(manifest)}), encoding="utf-8")
    with pytest.raises(ModelError, match="the model is refused"):
        load_model(tmp_path / "m")


def test_two_writers_of_one_model_leave_it_whole(trained, tmp_path, monkeypatch):
    replace_path, folder = Path.replace, tmp_path / "m"

    def replace_beside_another(self, target):
        monkeypatch.setattr(Path, "replace", replace_path)
        save_model(trained.model, folder)
        return self.replace(target)

    monkeypatch.setattr(Path, "replace", replace_beside_another)
    save_model(trained.model, folder)
    assert load_model(folder).codes == trained.model.codes
    assert len(list(folder.iterdir())) == 4


def test_a_model_that_could_not_be_written_leaves_nothing_half_written(trained, tmp_path, monkeypatch):
    def no_space(self, data):
        self.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", no_space)
    with pytest.raises(OSError, match="No space"):
        save_model(trained.model, tmp_path / "m")
    assert list((tmp_path / "m").iterdir()) == []


def test_another_codebook_or_encoder_is_refused(trained, study_tables, vectors, book):
    other = outline_book(
        """
work: Work
  hours: Hours
    nights: Nights
  pay: Pay and more
  cat: Cat
""",
        more={"hours": 'definition = "When people work."'},
    )
    trained.model.check_codebook(book)
    with pytest.raises(ModelError) as caught:
        trained.model.check_codebook(Codebook.from_toml(other, where="b"))
    assert "added: cat" in str(caught.value)
    assert "removed: dog" in str(caught.value)
    assert "changed: pay" in str(caught.value)
    strange = SegmentVectors(
        segments=vectors.segments, text=vectors.text, question=vectors.question, fingerprint="another"
    )
    with pytest.raises(ModelError, match="vectors of another encoder"):
        trained.model.probabilities(study_tables[0], strange)


def test_folds_never_share_a_participant(data):
    folds = grouped_folds(data.Y, data.groups, n_folds=4)
    for participant in set(data.groups):
        assert len(set(folds[data.groups == participant])) == 1
    assert set(folds) == {0, 1, 2, 3}
    for fold in range(4):
        assert (data.Y[folds == fold].sum(axis=0) > 0).all()


def test_evaluation_is_of_unseen_participants_and_leaves_cases_out(data, vectors):
    case_of = {f"P{i}": "A" if i < 5 else "B" for i in range(10)}
    result = evaluate(data, vectors, case_of=case_of, n_folds=3)
    assert result.overall[0].value > 0.9
    assert result.overall[0].low <= result.overall[0].value <= result.overall[0].high
    assert [c.case for c in result.cases_left_out] == ["A", "B"]
    assert [e.code for e in result.too_few] == ["dog"]
    assert "share no participant" in result.as_text()
    assert result.as_dict()["macro_average_precision"] == result.overall[0].value
    again = evaluate(data, vectors, case_of=case_of, n_folds=3)
    assert again.as_dict() == result.as_dict()


def test_codes_without_signal_are_not_found(study_tables, learned_from, vectors):
    """Random codes give an average precision near their share: no information leaks between folds."""
    segments, _, readings = study_tables
    rng = np.random.default_rng(5)
    chosen = segments["segment"].to_numpy()[rng.random(len(segments)) < 0.3]
    codes = SEGMENT_CODES.check(
        pd.DataFrame({"segment": chosen, "code": "pay", "coder": "A", "direction": "supports", "origin": "blind"}),
        source="c",
    )
    data = learned_from(segments, codes, readings)
    result = evaluate(data, vectors, case_of={f"P{i}": "A" for i in range(10)}, n_folds=5)
    assert result.overall[0].value < 0.5
    assert result.cases_left_out == ()
