"""Anchoring of quotations: all places, white space folded, nothing guessed."""

from hypothesis import given
from hypothesis import strategies as st

from subtheme.codings.anchor import anchor

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
