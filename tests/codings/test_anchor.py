"""Anchoring of quotations: all places, white space folded, nothing guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtheme.codings.anchor import PlacesIn, anchor

TEXT = "P1: It’s split shifts 😀 mostly\n— café mornings,\tthen back at six. Back at six, aye."
words = st.lists(st.text("abé😀́.'", min_size=1, max_size=4), min_size=1, max_size=6)


def test_one_place_is_a_span_of_code_points():
    found = anchor("split shifts 😀 mostly", TEXT)
    assert found.is_unique
    assert found.reason == ""
    assert TEXT[slice(*found.spans[0])] == "split shifts 😀 mostly"


def test_white_space_is_folded_in_both():
    found = anchor("  mostly —  café mornings, then\n", TEXT)
    assert [TEXT[s:e] for s, e in found.spans] == ["mostly\n— café mornings,\tthen"]


def test_several_places_are_all_given_and_said():
    found = anchor("back at", "back at back at")
    assert found.spans == ((0, 7), (8, 15))
    assert not found.is_unique
    assert found.reason == "the quotation stands at 2 places"


def test_overlapping_places_count():
    assert anchor("aa", "aaa").spans == ((0, 2), (1, 3))
    assert anchor("a a", "a a a").spans == ((0, 3), (2, 5))


def test_no_place_is_said():
    for quote in ("Split shifts", "nowhere", "", " \n"):
        found = anchor(quote, TEXT)
        assert found.spans == ()
        assert found.reason == "the quotation is not in the text"


def test_signs_of_regular_expressions_are_only_signs():
    assert anchor("six. Back", TEXT).is_unique
    assert anchor(".* (", TEXT).spans == ()


@given(
    before=words, quote=words, after=words, gaps=st.lists(st.sampled_from([" ", "\n", "\t ", "\u00a0"]), min_size=20)
)
def test_what_was_put_in_is_found(before, quote, after, gaps):
    parts = [*before, *quote, *after]
    text, starts = "", []
    for number, part in enumerate(parts):
        starts.append(len(text))
        text += part + gaps[number % len(gaps)]
    first, last = len(before), len(before) + len(quote) - 1
    span = (starts[first], starts[last] + len(parts[last]))
    found = anchor(" ".join(quote), text)
    assert span in found.spans
    assert all(text[s:e].split() == quote for s, e in found.spans)


TALK = (
    "Ann: I begin at six – and then there is nothing until four… They call it a “split” shift.\n\n"
    "Ben: Zoë’s café is too\u00a0far, so I sit in the car. Yes.\n\nAnn: Yes. Yesterday it was the same as on Monday.\n"
)
PLACED = {
    "signs": ("I begin at six - and then", "I begin at six – and then"),
    "marks around": ('"Zoe\u0308\'s café is too far"', "Zoë’s café is too\u00a0far"),
    "stop at the end": ("so I sit in the car!", "so I sit in the car"),
    "cut with three dots": ("and then there is noth...", "and then there is noth"),
    "cut at both ends": ("[…] sit in the c …", "sit in the c"),
    "case and accents": ("ZOES CAFE IS TOO FAR", "Zoë’s café is too\u00a0far"),
    "marks within left out": ("They call it a split shift", "They call it a “split” shift"),
    "left out": (
        "I begin at six [...] They call it",
        "I begin at six – and then there is nothing until four… They call it",
    ),
    "words put in": ("They call [the gap] it a split", "They call it a “split"),
    "label of another kind": ("Interviewee 3: I sit in the car", "I sit in the car"),
    "html": ("Zo&euml;&rsquo;s caf&eacute; is <b>too</b> far", "Zoë’s café is too\u00a0far"),
    "one word": ("“Zoë's”", "Zoë’s"),
    "whole words before others": ("Yesterday", "Yesterday"),
}


@pytest.mark.parametrize("kind", PLACED)
def test_a_quotation_that_is_written_otherwise_has_its_place(kind):
    quote, expected = PLACED[kind]
    found = anchor(quote, TALK)
    assert [TALK[s:e] for s, e in found.spans] == [expected]


@pytest.mark.parametrize(
    "quote", ["Yes.", "“yes”… ", "I begin at seven", "ann", "car … six", "Zoe's", "begin [...] nowhere at all"]
)
def test_what_is_not_sure_has_none(quote):
    assert not anchor(quote, TALK).is_unique


def test_places_inside_of_words_do_not_count_where_others_are_left():
    assert anchor("on", "on Monday").spans == ((0, 2),)
    assert anchor("ond", "on Monday").spans == ((4, 7),)


def test_the_nearest_place_and_what_differs():
    near = PlacesIn(TALK).nearest("so I sat in the car, yes, and waited")
    assert near is not None
    assert TALK[near.start_char : near.end_char] == "so I sit in the car. Yes"
    assert (near.line, near.words, near.differing) == (3, 9, (3, 8, 9))
    assert near.as_text() == (
        f"nearest at line 3, characters {near.start_char}-{near.end_char}: 3 of 9 words differ (no. 3, 8, 9 of the quotation)"
    )
    assert PlacesIn(TALK).nearest("nobody ever came along here") is None
    assert PlacesIn(TALK).nearest("") is None
    assert PlacesIn("").nearest("nobody") is None
    same = PlacesIn("Split shifts").nearest("split shifts")
    assert same is not None
    assert "only letter case, accents, punctuation" in same.as_text()


def test_a_quotation_at_its_span():
    places = PlacesIn(TALK)
    start = TALK.index("Zoë")
    end = TALK.index(", so")
    assert places.is_at("Zoe\u0308's café is too far", start, end)
    assert places.is_at("Zoë’s café...", start, end)
    assert not places.is_at("Zoë’s café is too far", start + 1, end)
    assert not places.is_at("Zoë’s café", start, end)


@given(st.text("ab ’.…", min_size=1, max_size=20), st.text("ab ’.…", max_size=12))
def test_a_place_holds_the_words_of_the_quotation(text, quote):
    from subtheme.codings.folding import as_words

    for start, end in anchor(quote, text).spans:
        assert 0 <= start < end <= len(text)
        if "…" not in quote and ".." not in quote:
            assert as_words(text[start:end]).text.replace(" ", "") == as_words(quote).text.replace(" ", "")
