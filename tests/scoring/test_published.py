"""The scorer gives every figure of the published table, whatever the unknown numbers of participants were."""

import json

import numpy as np
import pytest

from subtheme.scoring import score

SIZES = [
    {"MHO1": 14, "CO1": 14, "PDO1": 14, "HO1": 13},
    {"MHO1": 16, "CO1": 14, "PDO1": 13, "HO1": 12},
    {"MHO1": 2, "CO1": 1, "PDO1": 3, "HO1": 4},
]
WAYS = ["margin", "whole", "drawn"]
BELOW = {"working-time": "sleepovers", "training": "training-cuts", "administrative-issues": "paperwork"}


@pytest.fixture(params=[(s, w) for s in range(len(SIZES)) for w in WAYS], ids=lambda p: f"{p[1]}-{p[0]}")
def case_of_study(request):
    sizes, how = request.param
    return SIZES[sizes], how, np.random.default_rng(sizes)


def test_every_stated_total(case_of_study, published, people, coded_like, cob):
    sizes, how, rng = case_of_study
    codings = coded_like(published, sizes, how, rng=rng, codes_below=BELOW)

    table = score(codings, people(**sizes), cob, cases=list(sizes)).as_dict()

    assert (table["overall"]["present"], table["overall"]["of"], table["overall"]["percent"]) == (48, 60, 80.0)
    assert [(t["id"], t["present"], t["of"], t["percent"]) for t in table["themes"]] == [
        ("policies-and-procedures", 14, 20, 70.0),
        ("terms-and-conditions", 10, 12, 83.3),
        ("work-organisation", 24, 28, 85.7),
    ]
    assert [(c["id"], c["present"], c["of"], c["percent"]) for c in table["cases"]] == [
        ("MHO1", 12, 15, 80.0),
        ("CO1", 12, 15, 80.0),
        ("PDO1", 11, 15, 73.3),
        ("HO1", 13, 15, 86.7),
    ]
    assert [t["present"] for t in table["sub_themes"]] == [3, 2, 4, 4, 1, 2, 4, 4, 4, 4, 4, 1, 3, 4, 4]
    assert {(c["case"], c["sub_theme"]): c["present"] for c in table["cells"]} == published


@pytest.mark.shared
def test_every_figure_of_the_results_on_this_machine(shared, case_of_study, people, coded_like, cob):
    results = json.loads((shared / "cob" / "results.json").read_text(encoding="utf-8"))
    sizes, how, rng = case_of_study
    rows = {s["id"]: s for t in results["themes"] for s in t["sub_themes"]}
    cells = {(case, row): present for row, s in rows.items() for case, present in s["present"].items()}

    table = score(coded_like(cells, sizes, how, rng=rng), people(**sizes), cob, cases=results["organisations"])

    assert {t.id: t.present for t in table.sub_themes} == {i: s["row_total"] for i, s in rows.items()}
    for theme, expected in zip(table.themes, results["themes"], strict=True):
        assert (theme.id, theme.present, theme.of, theme.percent) == (
            expected["id"],
            expected["present"],
            expected["instances"],
            expected["percent"],
        )
        for case, (present, of) in expected["by_organisation"].items():
            found = [c.present for c in table.cells if c.case == case and table.theme_of[c.sub_theme] == theme.id]
            assert (sum(found), len(found)) == (present, of)
    for case in table.cases:
        expected = results["organisation_totals"][case.id]
        assert (case.present, case.of, case.percent) == (expected["present"], expected["of"], expected["percent"])
    overall = results["overall"]
    assert (table.overall.present, table.overall.of, table.overall.percent) == (
        overall["present"],
        overall["of"],
        overall["percent"],
    )
    assert {(c.case, c.sub_theme): c.present for c in table.cells} == cells
