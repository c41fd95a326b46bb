"""The table by majority rule."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_study import outline_book

from subtheme.errors import InputError
from subtheme.nouns import Codebook
from subtheme.scoring import State, score

CODEBOOK = Codebook.from_toml(
    outline_book(
        """
t: T
  s1: S1
    s1-a: S1 a
  s2: S2
"""
    ),
    where="inline",
)
PEOPLE = pd.DataFrame({"participant": [f"P{i}" for i in range(7)], "case": ["A"] * 4 + ["B"] * 3})

coding_rows = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE["participant"].tolist()),
        st.sampled_from(["s1", "s1-a", "s2", "t"]),
        st.sampled_from(["supports", "supports", "counters"]),
    ),
    max_size=25,
)
read_pairs = st.sets(st.tuples(st.sampled_from(PEOPLE["participant"].tolist()), st.sampled_from(["s1", "s2"])))


def codings_of(rows):
    return pd.DataFrame(rows, columns=["participant", "code", "direction"])


def readings_of(pairs):
    return pd.DataFrame(sorted(pairs), columns=["participant", "code"])


def test_exactly_half_is_not_a_majority(small, people, coded):
    table = score(coded("A-1 wages", "A-2 wages", "B-1 wages", "B-2 wages"), people(A=4, B=3), small)

    assert not table.cell("A", "wages").present
    assert table.cell("B", "wages").present
    assert str(table.margin("A", "wages")) == "2 of 4 participants, absent, flips if 1 changes"
    assert str(table.margin("B", "wages")) == "2 of 3 participants, present, flips if 1 changes"
    assert str(table.margin("B", "travel")) == "0 of 3 participants, absent, flips if 2 change"


def test_placeholder_rows_count_like_any_other(small, people, coded):
    table = score(coded(), people(A=1), small)

    assert [t.id for t in table.sub_themes] == ["wages", "travel", "unnamed"]
    assert (table.overall.present, table.overall.of, table.overall.percent) == (0, 3, 0.0)


def test_the_shape_of_the_json(small, people, coded):
    data = score(coded("A-1 wages", "A-2 wages counters"), people(A=2, B=1), small).as_dict()

    assert json.loads(json.dumps(data)) == data
    for total in [data["overall"], *data["themes"], *data["cases"], *data["sub_themes"]]:
        assert {"id", "present", "of", "percent", "open"} <= set(total)
    cell = data["cells"][0]
    assert cell == {
        "sub_theme": "wages",
        "case": "A",
        "present": False,
        "state": "absent",
        "participants_describing": 1,
        "participants": 2,
        "percent": 50.0,
        "unread": 0,
        "margin": {"to_flip": 1, "text": "1 of 2 participants, absent, flips if 1 changes"},
        "counter_examples": 1,
        "levels": [
            {"level": "front-line-worker", "participants_describing": 0, "participants": 1},
            {"level": "senior-manager", "participants_describing": 1, "participants": 1},
        ],
    }
    assert (data["denominator"], data["suggestion"], data["synthetic"]) == ("all", False, False)
    assert data["rule"].startswith("present when more than half")


def test_headings_of_invented_and_unconfirmed_tables_stand_in_every_form(small, people, coded):
    codings = coded("A-1 wages").assign(origin="auto")

    table = score(codings, people(A=1), small, include_auto=True, synthetic=True)

    assert table.as_text().splitlines()[:2] == [
        "SYNTHETIC: made from an invented study",
        "SUGGESTION, NOT CONFIRMED: counts codings that nobody has confirmed",
    ]
    assert table.as_frame()["heading"].str.contains("SYNTHETIC.*SUGGESTION, NOT CONFIRMED").all()
    assert table.as_dict()["suggestion"]
    assert table.as_dict()["synthetic"]


def test_text_has_every_row_total_rule_and_note(small, people, coded):
    text = score(coded("A-1 wages", "A-1 terms"), people(A=1, B=2), small, cases=["B", "A"]).as_text()

    lines = text.splitlines()
    assert lines[0].split() == ["B", "A", "total"]
    assert lines[1].split("  ")[0] == "TERMS"
    assert lines[1].endswith("1 of 4 = 25.0 %")
    assert lines[2].split() == ["Wages", "no", "(0/2)", "yes", "(1/1)", "1", "of", "2"]
    assert "Note: 1 codings with 'terms' (theme) stand above the level" in text
    assert "Rule: present when more than half" in text


def test_unread_participants_keep_a_cell_open_until_they_cannot_change_it(small, people, coded):
    who = people(A=5)
    read_two = pd.DataFrame({"participant": ["A-1", "A-2"]})

    half_way = score(coded("A-1 wages", "A-2 wages"), who, small, readings=read_two)
    assert half_way.cell("A", "wages").state is State.OPEN
    assert str(half_way.margin("A", "wages")) == "2 of 5 participants, open, 3 not read for it"
    assert half_way.cell("A", "travel").state is State.OPEN
    assert half_way.overall.open == 3
    assert "open (2/5)" in half_way.as_text()

    read_three = pd.DataFrame({"participant": ["A-1", "A-2", "A-3"]})
    settled = score(coded("A-1 wages", "A-2 wages", "A-3 wages"), who, small, readings=read_three)
    assert settled.cell("A", "wages").state is State.PRESENT
    assert settled.cell("A", "travel").state is State.ABSENT


def test_denominator_read_counts_the_read_on_both_sides(small, people, coded):
    readings = pd.DataFrame({"participant": ["A-1", "A-2", "A-3"]})
    codings = coded("A-1 wages", "A-2 wages", "A-5 wages")

    table = score(codings, people(A=5), small, denominator="read", readings=readings)

    cell = table.cell("A", "wages")
    assert (cell.describing, cell.participants, cell.unread) == (2, 3, 2)
    assert cell.present
    assert cell.state is State.OPEN
    assert "codings of 1 participants are left out where their interviews were not read" in table.notes
    assert "denominator: participants whose interviews have been read" in table.rule


def test_nobody_read_has_no_percent(small, people, coded):
    nobody = pd.DataFrame({"participant": pd.Series([], dtype="str")})

    table = score(coded(), people(A=2), small, denominator="read", readings=nobody)

    cell = table.cell("A", "wages")
    assert (cell.participants, cell.percent, cell.margin.to_flip, cell.present) == (0, None, None, False)
    assert str(cell.margin) == "0 of 0 participants, open, no participants to count"


def test_unknown_cell_names_the_nearest(small, people, coded):
    table = score(coded(), people(HO1=1), small)

    with pytest.raises(InputError) as caught:
        table.cell("H01", "wage")
    assert "no case 'H01' in the table; expected one of HO1. Did you mean 'HO1'?" in str(caught.value)
    assert "no row 'wage' in the table; expected one of wages, travel, unnamed. Did you mean 'wages'?" in str(
        caught.value
    )


def test_unknown_denominator_is_refused(small, people, coded):
    with pytest.raises(InputError, match=r"unknown denominator 'reed'; expected one of all, read. Did you mean 'read'"):
        score(coded(), people(A=1), small, denominator="reed")


def test_denominator_read_needs_readings(small, people, coded):
    with pytest.raises(InputError, match=r"the denominator 'read' without readings; expected a table of what has been"):
        score(coded(), people(A=1), small, denominator="read")


@settings(max_examples=40)
@given(coding_rows, st.randoms(use_true_random=False), read_pairs)
def test_order_of_rows_is_irrelevant(rows, random, pairs):
    shuffled = list(rows)
    random.shuffle(shuffled)
    people = PEOPLE.sample(frac=1, random_state=random.randrange(1000))

    one = score(codings_of(rows), PEOPLE, CODEBOOK, readings=readings_of(pairs))
    other = score(codings_of(shuffled), people, CODEBOOK, readings=readings_of(pairs))

    assert one.as_dict() == other.as_dict()


@settings(max_examples=40)
@given(coding_rows, coding_rows, st.sampled_from(["all", "read"]), read_pairs)
def test_more_confirmed_codings_never_lower_a_count(rows, more, denominator, pairs):
    def counts(all_rows):
        table = score(codings_of(all_rows), PEOPLE, CODEBOOK, denominator=denominator, readings=readings_of(pairs))
        return [(c.describing, c.present) for c in table.cells]

    for (before, was), (after, is_now) in zip(counts(rows), counts(rows + more), strict=True):
        assert after >= before
        assert is_now >= was


@settings(max_examples=40)
@given(coding_rows, coding_rows, read_pairs, read_pairs)
def test_open_cells_only_ever_settle(rows, more, pairs, more_pairs):
    """New codings come from what is newly read: what was read and not coded stays not coded."""
    of_row = {"s1": "s1", "s1-a": "s1", "s2": "s2"}
    fresh = [r for r in more if (r[0], of_row.get(r[1])) not in pairs]

    before = score(codings_of(rows), PEOPLE, CODEBOOK, readings=readings_of(pairs))
    after = score(codings_of(rows + fresh), PEOPLE, CODEBOOK, readings=readings_of(pairs | more_pairs))

    for was, now in zip(before.cells, after.cells, strict=True):
        assert was.state is State.OPEN or now.state is was.state


@settings(max_examples=40)
@given(coding_rows)
def test_totals_are_sums_of_cells_and_margins_flip(rows):
    table = score(codings_of(rows), PEOPLE, CODEBOOK)

    assert table.overall.present == sum(c.present for c in table.cells) == sum(t.present for t in table.cases)
    assert table.overall.present == sum(t.present for t in table.themes) == sum(t.present for t in table.sub_themes)
    for cell in table.cells:
        step = -1 if cell.present else 1
        flipped = cell.describing + step * cell.margin.to_flip
        nearly = flipped - step
        assert (2 * flipped > cell.participants) is not cell.present
        assert (2 * nearly > cell.participants) is cell.present
        assert 0 <= flipped <= cell.participants
        assert sum(x.describing for x in cell.levels) == cell.describing
