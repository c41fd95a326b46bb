"""The files of the sample study beside its transcripts."""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from coders import Mark
from expectation import Expected, expected_kappa
from formats import file_name
from plan import Parameters
from study import FIRST, REVIEWER, SECOND, Study

HERE = Path(__file__).parent
_INVENTED = """[[code.code]]
id = "complaints-handling"
name = "Complaints handling (invented for the sample)"
definition = "How complaints about staff are taken, looked into and settled follows what customers expect."
when_to_use = "A complaint procedure, its pace or its outcome for a worker is set by a service user, family or funder."
when_not = "Staff complain themselves, or a complaint is dealt with as it would be without any customer."
examples = ["They wrote the letter to me with him sitting there, and he changed two of the words."]
"""
_NOTE = (
    "SYNTHETIC: invented for the sample study. The sub-theme complaints-handling stands in for a policy without a name."
)


def write_tables(study: Study, parameters: Parameters, folder: Path) -> None:
    """Write everything but the transcripts into `folder`."""
    people = study.plan.people
    _rows(
        folder / "participants.csv",
        ["participant", "case", "level", "transcript"],
        ([p.id, p.case, p.level, p.id] for p in people),
    )
    _rows(
        folder / "readings.csv",
        ["coder", "transcript"],
        ([coder, t] for coder in (FIRST, SECOND) for t in sorted(study.readings[coder])),
    )
    for coder in (FIRST, SECOND):
        _rows(
            folder / "codings" / f"{coder}.csv",
            "participant code coder origin direction transcript start_char end_char quote".split(),
            (
                [
                    m.transcript,
                    m.code,
                    coder,
                    "blind",
                    m.direction,
                    m.transcript,
                    m.start_char,
                    m.end_char,
                    _quote(study, m),
                ]
                for m in sorted(study.marks[coder], key=_in_order)
            ),
        )
    _rows(
        folder / "decisions" / "prepared.csv",
        ["transcript", "start_char", "end_char", "code", "direction"],
        (
            [m.transcript, m.start_char, m.end_char, m.code, m.direction]
            for m in sorted(study.marks[REVIEWER], key=_in_order)
        ),
    )
    _write(folder / "codebook.toml", codebook_text())
    _write_truth(study, parameters, folder / "truth")
    counts = _counts(study, parameters)
    _write(folder / "manifest.json", json.dumps(_manifest(study, parameters, counts), indent=2) + "\n")
    template = (HERE / "templates" / "sample.md").read_text(encoding="utf-8")
    _write(folder / "README.md", _filled(template, counts, seed=study.seed))


def codebook_text() -> str:
    """Return the codebook of the study with an invented policy in place of the one without a name.

    Raises
    ------
    ValueError
        If the codebook it is made from no longer has the lines that are replaced.
    """
    text = (HERE.parents[1] / "configs" / "cob.codebook.toml").read_text(encoding="utf-8")
    begin = text.find('[[code.code]]\nid = "unnamed-policy"')
    end = text.find("\n# ---", begin)
    start = text.find("format = ")
    fields = {"title": "", "note": ""}
    for line in text[start:begin].splitlines():
        key, _, value = line.partition(" = ")
        if key in fields and not fields[key]:
            fields[key] = value.strip('"')
    if min(begin, end, start) < 0 or not all(fields.values()):
        raise ValueError("configs/cob.codebook.toml: the head, or the policy without a name, is not where it was")
    body = text[start:begin] + _INVENTED + text[end:]
    body = body.replace(
        f'title = "{fields["title"]}"', f'title = "SYNTHETIC sample study: {fields["title"]}"\nsynthetic = true'
    )
    body = body.replace(f'note = "{fields["note"]}"', f'note = "{_NOTE}"')
    return f"# SYNTHETIC: the codebook of an invented study. Made by data/generator from configs/cob.codebook.toml.\n\n{body}"


def expected_agreement(study: Study, parameters: Parameters) -> dict[str, Expected]:
    """Return the agreement to expect of the two coders by sub-theme, and pooled under ``all``."""
    units = study.read_by_both()
    pair = (study.coders[FIRST], study.coders[SECOND])
    names = list(parameters["sub_themes"])
    return {n: expected_kappa(units, pair, [n]) for n in names} | {"all": expected_kappa(units, pair, names)}


def digest(paths: Iterable[Path]) -> str:
    """Return the SHA-256 over names and bytes of files, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(paths, key=lambda p: p.name):
        total.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()


def _write_truth(study: Study, parameters: Parameters, folder: Path) -> None:
    _rows(
        folder / "planted.csv",
        "transcript fragment kind wording sub_theme code also part start_char end_char".split(),
        (
            [p.id, f.id, f.kind, f.wording, f.sub_theme, f.code, f.also, place.part, place.start_char, place.end_char]
            for p in study.plan.people
            for place in study.places[p.id]
            for f in (place.fragment,)
        ),
    )
    _rows(
        folder / "plan.csv",
        ["participant", "sub_theme", "drawn", "planned"],
        ([d.participant, d.sub_theme, d.drawn, d.planned] for d in study.plan.draws),
    )
    _rows(
        folder / "agreement.csv",
        ["sub_theme", "expected_kappa", "expected_observed", "expected_by_chance", "standard_error", "units"],
        (
            [name, *(f"{v:.6f}" for v in (e.kappa, e.observed, e.by_chance, e.standard_error)), e.units]
            for name, e in expected_agreement(study, parameters).items()
        ),
    )
    _write(folder / "README.md", (HERE / "templates" / "truth.md").read_text(encoding="utf-8"))


def _counts(study: Study, parameters: Parameters) -> dict[str, Any]:
    people = study.plan.people
    said = {p.id: study.words_of_participant(p.id) for p in people}
    pieces = [place.fragment for p in people for place in study.places[p.id] if place.part == 0]
    on_theme = sum(f.words for f in pieces if f.kind in ("supports", "counters"))
    planted = {(p.id, t) for p in people for f in study.plan.fragments[p.id] for t in f.truths}
    cells = Counter((case, t) for person, t in planted for case in (person.rsplit("-", 1)[0],))
    size = Counter(p.case for p in people)
    return {
        "participants": len(people),
        "participants_by_case": dict(size),
        "transcripts_by_form": dict(sorted(Counter(study.forms.values()).items())),
        "words_of_participants": sum(said.values()),
        "words_of_participants_least": min(said.values()),
        "words_of_participants_most": max(said.values()),
        "words_on_sub_themes_percent": round(100 * on_theme / sum(f.words for f in pieces), 1),
        "pieces_by_kind": dict(sorted(Counter(f.kind for f in pieces).items())),
        "pieces_repeated": study.plan.repeated,
        "codings": {coder: len(study.marks[coder]) for coder in (FIRST, SECOND)},
        "prepared_decisions": len(study.marks[REVIEWER]),
        "planted_cells_present": sum(2 * n > size[case] for (case, _), n in cells.items()),
        "planted_cells_exactly_half": sum(2 * n == size[case] for (case, _), n in cells.items()),
        "planted_cells_one_over_half": sum(n == size[case] // 2 + 1 for (case, _), n in cells.items()),
        "planted_cells": len(parameters["cases"]) * len(parameters["sub_themes"]),
    }


def _manifest(study: Study, parameters: Parameters, counts: dict[str, Any]) -> dict[str, Any]:
    coded = sorted(study.readings[FIRST])
    return {
        "format": "subtheme-sample/1",
        "synthetic": True,
        "title": parameters["study"]["title"],
        "seed": study.seed,
        "parameters_sha256": digest([HERE / "parameters.toml"]),
        "banks_sha256": digest((HERE / "fragments").glob("*.tsv")),
        "cases": {case: entry["name"] for case, entry in parameters["cases"].items()},
        "coded": coded,
        "coded_twice": sorted(study.readings[SECOND]),
        "new": sorted(study.readings[REVIEWER]),
        "transcripts": {p.id: f"transcripts/{file_name(p, study.forms[p.id])}" for p in study.plan.people},
        "counts": counts,
    }


def _filled(template: str, counts: dict[str, Any], *, seed: int) -> str:
    text = template.replace("{seed}", str(seed))
    for name, value in counts.items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else f"{value:,}"
        text = text.replace(f"{{{name}}}", shown)
    return text


def _quote(study: Study, mark: Mark) -> str:
    return study.texts[mark.transcript][mark.start_char : mark.end_char]


def _in_order(mark: Mark) -> tuple[str, int, int, str]:
    return mark.transcript, mark.start_char, mark.end_char, mark.code


def _rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
