"""The stated folding, and that a place in a folded text is a place in the text itself."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtheme.codings.folding import as_folded, as_words

ALIKE = {
    "apostrophes": ("It's Ann`s", "It’s Annʼs"),
    "quotation marks": ('"so" he said', "„so“ he said"),
    "spaced guillemets": ('"so" dit-il', "«\u00a0so\u00a0» dit-il"),
    "two marks for one": ("''so'' he said", "“so” he said"),
    "dashes": ("gap -- then - or not", "gap — then–or not"),
    "non-breaking hyphen": ("well-known", "well\u2011known"),
    "ellipsis": ("and ... then", "and… then"),
    "spaced dots": ("and . . . then", "and … then"),
    "accents": ("Zoë à la carte", "Zoe\u0308 a\u0300 la carte"),
    "hangul": ("밤에", unicodedata.normalize("NFD", "밤에")),
    "spaces": ("too far from it", "too\u00a0far\u2003from\u202f it"),
    "line ends": ("one two three", "one\r\ntwo_x000D_\nthree"),
    "control characters": ("six in", "six\x0bin"),
    "unseen": ("unseen", "un\u00ads\u200bee\ufeffn"),
    "ligatures": ("first office", "ﬁrst oﬃce"),
    "full width": ("ok: 12%", "ｏｋ：１２％"),
    "missing space": ("Yes. It is", "Yes.It is"),
    "french punctuation": ("Vraiment? Oui!", "Vraiment\u202f? Oui !"),
    "wrapped lines without blanks": ("我早上六点开始", "我早上\n六点开始"),
}


@pytest.mark.parametrize("kind", ALIKE)
def test_what_is_alike(kind):
    first, second = ALIKE[kind]
    assert as_folded(first).text == as_folded(second).text


@pytest.mark.parametrize(
    ("first", "second"),
    [("Yes", "yes"), ("cafe", "café"), ("the rapist", "therapist"), ("well-known", "well known"), ("a, b", "a b")],
)
def test_what_is_not(first, second):
    assert as_folded(first).text != as_folded(second).text


def test_words_are_letters_and_digits_only():
    assert as_words("“I’m 34”, she [the nurse] said – Straße; Café!").text == "im 34 she the nurse said strasse cafe"


def test_a_place_does_not_part_an_accent_from_its_letter():
    assert as_folded("cafe\u0301 cafe").places("cafe") == [(6, 10)]
    assert as_folded("oﬃce").places("ffi") == [(1, 2)]


@given(st.text(st.sampled_from("ab é\u0301.'’“-–…\n\u200b😀ﬁ한"), max_size=30))
def test_every_character_knows_where_it_stands(text):
    for fold in (as_folded, as_words):
        folded = fold(text)
        assert len(folded.text) == len(folded.starts) == len(folded.ends)
        assert all(0 <= s < e <= len(text) for s, e in zip(folded.starts, folded.ends, strict=True))
        assert folded.starts == sorted(folded.starts)
        assert fold(folded.text).text == folded.text
