"""Who describes what."""

import pandas as pd
import pytest

from subtheme.errors import InputError
from subtheme.nouns import Codebook
from subtheme.scoring import presence_by_participant


def test_codes_below_the_level_roll_up_and_counters_never_count(small, people, coded):
    codings = coded("A-1 pay-freeze", "A-2 five-years-frozen", "A-3 wages counters")

    presence = presence_by_participant(codings, people(A=3), small)

    assert presence.pairs == {("A-1", "wages"), ("A-2", "wages")}
    assert presence.describes("A-1", "wages")
    assert not presence.describes("A-3", "wages")
    frame = presence.as_frame().set_index(["participant", "sub_theme"])
    assert frame.loc[("A-3", "wages"), "counters"] == 1
    assert len(frame) == 3 * 3


def test_a_supporting_and_a_denying_excerpt_make_presence(small, people, coded):
    presence = presence_by_participant(coded("A-1 wages", "A-1 wages counters"), people(A=1), small)

    assert presence.pairs == {("A-1", "wages")}


def test_codings_above_the_level_are_noted_and_not_pushed_down(small, people, coded):
    presence = presence_by_participant(coded("A-1 terms", "A-2 terms", "A-1 travel"), people(A=2), small)

    assert presence.pairs == {("A-1", "travel")}
    assert presence.notes == ("2 codings with 'terms' (theme) stand above the level 'sub-theme' and count in no row",)


def test_level_theme_takes_everything_below(small, people, coded):
    presence = presence_by_participant(coded("A-1 pay-freeze", "A-2 work"), people(A=2), small, level="theme")

    assert presence.pairs == {("A-1", "terms"), ("A-2", "work")}


def test_rows_of_the_deepest_level_leave_out_what_rolls_up_to_them(small, people, coded):
    presence = presence_by_participant(coded("A-1 five-years-frozen"), people(A=1), small, level="code")

    assert [r.id for r in presence.rows] == ["pay-freeze"]
    assert presence.pairs == {("A-1", "pay-freeze")}


def test_participants_without_codings_and_several_coders_are_noted(small, people, coded):
    codings = coded("A-1 wages", "A-1 wages").assign(coder=["anna", "ben"])

    notes = presence_by_participant(codings, people(A=3), small).notes

    assert notes[0] == "2 of 3 participants have no coding: A-2, A-3"
    assert notes[1].startswith("codings of 2 coders are taken together")


def test_no_codings_at_all_is_a_table_of_nothing(small, people, coded):
    presence = presence_by_participant(coded(), people(A=2), small)

    assert presence.pairs == frozenset()
    assert presence.as_dict()["described"] == []


def test_auto_codings_are_refused_unless_asked_for(small, people, coded):
    codings = coded("A-1 wages", "A-2 wages").assign(origin=["auto", "blind"])

    with pytest.raises(InputError, match="1 of 2 codings have the origin 'auto': nobody confirmed them"):
        presence_by_participant(codings, people(A=2), small)
    presence = presence_by_participant(codings, people(A=2), small, include_auto=True)
    assert presence.suggestion
    assert presence.pairs == {("A-1", "wages"), ("A-2", "wages")}


def test_asking_for_automatic_codings_where_there_are_none_is_no_suggestion(small, people, coded):
    assert not presence_by_participant(coded("A-1 wages"), people(A=1), small, include_auto=True).suggestion


def test_unknown_participants_and_codes_are_told_together_with_rows_and_near_misses(small, people, coded):
    codings = coded("A-1 wages", "A-9 wagse", "Zoe travel")

    with pytest.raises(InputError) as caught:
        presence_by_participant(codings, people(A=1), small, source="C.csv", first_row=2)

    text = str(caught.value)
    assert "C.csv, row 3: unknown participant 'A-9'; expected a participant of the study. Did you mean 'A-1'?" in text
    assert "C.csv, row 3: unknown code 'wagse'" in text
    assert "Did you mean 'wages'?" in text
    assert "C.csv, row 4: unknown participant 'Zoe'" in text
    assert "Add the participant with a case, or correct the row" in text
    assert len(caught.value.problems) == 3


def test_unknown_level_names_the_levels(small, people, coded):
    with pytest.raises(
        InputError, match=r"no level 'subtheme' in the codebook; expected one of theme, sub-theme, code"
    ):
        presence_by_participant(coded(), people(A=1), small, level="subtheme")


def test_a_level_without_codes_is_refused(people, coded):
    flat = Codebook.from_toml(
        'format = "subtheme-codebook/1"\nlevels = ["theme", "sub-theme"]\n[[code]]\nid = "a"\nname = "A"',
        where="flat.toml",
    )

    with pytest.raises(InputError, match="no code stands on the level 'sub-theme'"):
        presence_by_participant(coded(), people(A=1), flat)


def test_a_case_without_participants_is_refused_by_name(small, people, coded):
    with pytest.raises(
        InputError, match=r"case 'HO1' has no participants.*Add its participants, or leave the case out"
    ):
        presence_by_participant(coded(), people(A=1), small, cases=["A", "HO1"])


def test_a_participant_of_an_unnamed_case_is_refused(small, people, coded):
    with pytest.raises(InputError, match="participants of the case 'CO1', which is not among the cases"):
        presence_by_participant(coded(), people(A=1, CO1=1), small, cases=["A"])


def test_a_participant_in_two_cases_is_refused(small, people, coded):
    twice = pd.concat([people(A=1), people(A=1).assign(case="B")])

    with pytest.raises(InputError, match="participants, row 2: the same participant again"):
        presence_by_participant(coded(), twice, small)


def test_nobody_is_refused(small, people, coded):
    with pytest.raises(InputError, match="no participants; expected at least one participant"):
        presence_by_participant(coded(), people(), small)
