"""The published worked examples, and the command that runs them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from subtheme.agreement.cases import check_cases, main
from subtheme.errors import InputError

ALPHA = {
    "id": "two coders",
    "data": {"type": "ratings", "units": [["a", "a"], ["a", "b"], ["b", "b"], ["b", "b"]]},
    "expect": [{"metric": "percent_agreement", "params": {}, "value": 0.75, "tolerance": 1e-9}],
}


def written(path: Path, *cases: dict) -> Path:
    path.write_text(json.dumps({"format": "agreement-cases/1", "cases": list(cases)}), encoding="utf-8")
    return path


@pytest.mark.shared
def test_every_published_value_agrees(shared: Path) -> None:
    path = shared / "agreement" / "cases.json"
    checked = check_cases(json.loads(path.read_text(encoding="utf-8")), where=path.name)
    assert [str(v) for v in checked.differing] == []
    assert len(checked.values) == 213
    left = {v.metric for v in checked.values if v.outcome == "not offered"}
    assert left == {"gamma", "gamma_cat", "gamma_best_alignment_disorder"}
    assert str(checked).splitlines()[-1] == "208 of 208 values agree"


def test_the_command_ends_with_0_and_the_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(written(tmp_path / "cases.json", ALPHA))]) == 0
    assert capsys.readouterr().out == "1 of 1 values agree\n"


def test_a_value_that_differs_is_shown_and_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {**ALPHA, "expect": [{"metric": "scott_pi", "params": {}, "value": 0.9, "tolerance": 0.01}]}
    assert main([str(written(tmp_path / "cases.json", ALPHA, wrong))]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("differs: two coders, scott_pi: printed 0.9, ours 0.46666667")
    assert lines[-1] == "1 of 2 values agree"


def test_a_value_that_is_not_defined_differs_from_any_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alike = {
        "id": "alike",
        "data": {"type": "ratings", "units": [["a", "a"], ["a", "a"]]},
        "expect": [{"metric": "krippendorff_alpha", "params": {}, "value": 1.0, "tolerance": 0.1}],
    }
    assert main([str(written(tmp_path / "cases.json", alike)), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["differ"][0]["found"] == [None]


def test_what_is_not_offered_is_listed_and_not_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gamma = {
        "id": "g",
        "data": {"type": "spans_se", "coders": 2, "spans": []},
        "expect": [{"metric": "gamma", "params": {}, "value": 0.5, "tolerance": 0.1}],
    }
    assert main([str(written(tmp_path / "cases.json", ALPHA, gamma)), "--json"]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert (outcome["agree"], outcome["values"]) == (1, 1)
    assert [v["metric"] for v in outcome["not_offered"]] == ["gamma"]


def test_an_unknown_metric_counts_as_differing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strange = {**ALPHA, "expect": [{"metric": "kapa", "params": {}, "value": 0.9, "tolerance": 0.01}]}
    assert main([str(written(tmp_path / "cases.json", strange))]) == 1
    assert "unknown: two coders, kapa" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not json", "not JSON; expected a file of agreement cases"),
        ('{"format": "other"}', 'not a file of agreement cases; expected "format": "agreement-cases/1"'),
        ("[1]", "not a file of agreement cases"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str) -> None:
    path = tmp_path / "cases.json"
    path.write_text(text, encoding="utf-8")
    assert main([str(path)]) == 1
    assert message in capsys.readouterr().err


def test_a_missing_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.json")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_a_broken_case_is_named() -> None:
    with pytest.raises(InputError, match=r"cases.json, case 1: the case cannot be read \(KeyError: 'expect'\)"):
        check_cases({"format": "agreement-cases/1", "cases": [{"id": "x"}]}, where="cases.json")


def test_the_command_loads_no_heavy_library() -> None:
    code = (
        "import sys, subtheme.agreement.cases; "
        "print([m for m in ('sklearn', 'scipy', 'spacy', 'torch', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
