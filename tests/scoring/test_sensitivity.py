"""Other rules, and one participant fewer."""

import pandas as pd
import pytest

from subtheme.scoring import RULES, score, sensitivity, stability


def test_every_rule_on_counts_around_its_threshold():
    def met(k, n):
        return [rule(k, n) for rule in RULES.values()]

    assert met(3, 6) == [False, True, False, True]
    assert met(4, 6) == [True, True, True, True]
    assert met(1, 6) == [False, False, False, True]
    assert met(0, 0) == [False, False, False, False]


def test_variants_count_and_name_what_they_change(small, people, coded):
    codings = coded("A-1 wages", "A-2 wages", "B-1 wages", "B-2 wages", "B-1 travel")
    table = score(codings, people(A=4, B=3), small)

    variants = {v.rule: v for v in sensitivity(table)}

    assert variants["more than half"].overall == table.overall
    assert variants["more than half"].changed == ()
    assert variants["half or more"].changed == (("A", "wages"),)
    assert variants["two thirds or more"].overall.present == 1
    assert variants["anybody"].changed == (("A", "wages"), ("B", "travel"))
    assert [t.present for t in variants["anybody"].cases] == [1, 2]
    assert [t.present for t in variants["anybody"].themes] == [3, 0]
    assert variants["half or more"].as_dict()["changed"] == [{"case": "A", "sub_theme": "wages"}]


def test_the_other_denominator_stands_beside(small, people, coded):
    readings = pd.DataFrame({"participant": ["A-1", "A-2", "A-3"]})
    codings, who = coded("A-1 wages", "A-2 wages"), people(A=5)
    whole = score(codings, who, small, readings=readings)
    read = score(codings, who, small, readings=readings, denominator="read")

    first, second = sensitivity(whole, read, rules={"more than half": RULES["more than half"]})

    assert (first.denominator, first.overall.present) == ("all", 0)
    assert (second.denominator, second.changed) == ("read", (("A", "wages"),))


def test_leaving_one_out_names_who_flips_a_cell(small, people, coded):
    codings = coded("A-1 wages", "A-2 wages", "A-3 wages", "A-1 travel", "A-2 travel", "B-1 wages", "B-2 wages")
    table = score(codings, people(A=4, B=3), small)

    stable = stability(table)

    assert stable.flips("A", "wages") == 0
    # 2 of 4 is no majority, 2 of 3 is one: leaving out a silent participant flips it
    assert stable.flips("A", "travel") == 2
    cells = stable.cells.set_index(["case", "sub_theme"])
    assert cells.loc[("A", "travel"), "participants_that_flip"] == "A-3 A-4"
    assert cells.loc[("B", "wages"), "participants_that_flip"] == "B-1 B-2"
    totals = stable.totals.set_index("id")
    assert totals.loc["A", ["present", "lowest", "highest"]].tolist() == [1, 1, 2]
    assert totals.loc["B", ["present", "lowest", "highest"]].tolist() == [1, 0, 1]
    assert totals.loc["overall", ["present", "lowest", "highest"]].tolist() == [2, 1, 3]


def test_a_case_of_one_participant_is_not_tried(small, people, coded):
    stable = stability(score(coded("A-1 wages"), people(A=1), small))

    assert stable.flips("A", "wages") is None
    assert stable.as_dict()["cells"][0]["flips"] is None
    assert stable.as_dict()["totals"][0] == {"id": "A", "present": 1, "lowest": 1, "highest": 1}


@pytest.mark.parametrize("left_out", range(4))
def test_stability_is_what_scoring_without_the_participant_gives(small, people, coded, left_out):
    codings = coded("A-1 wages", "A-2 wages", "A-3 wages", "A-1 travel", "A-2 travel")
    who = people(A=4)
    name = who["participant"][left_out]

    without = score(codings[codings["participant"] != name], who[who["participant"] != name], small)

    stable = stability(score(codings, who, small)).cells.set_index("sub_theme")
    for cell in without.cells:
        row = stable.loc[cell.sub_theme]
        assert (name in row["participants_that_flip"].split()) is (cell.present is not bool(row["present"]))
