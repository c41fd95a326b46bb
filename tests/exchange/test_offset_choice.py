"""Deciding how a program counted."""

import pytest

from subtheme.exchange.offset_choice import DecidedBy, Selection, choose_offsets, habit_of
from subtheme.exchange.offsets import ByteOrderMark, End, LineEnds, Offsets, StoredText, Unit

STORED = "P1: one 😀\r\nP1: two halves — three\r\nP1: four four\r\n"
TEXT = STORED.replace("\r\n", "\n")
QUOTES = ["one", "two halves", "three\nP1: four", "four four"]


def text(*, has_bom=False, stored=STORED):
    return StoredText(stored, stored.replace("\r\n", "\n"), has_bom=has_bom)


def selections(offsets, *, names=True, known=None):
    known = known or text(has_bom=True)
    found = []
    for quote in QUOTES:
        start = known.text.index(quote)
        end = known.offset(start + len(quote), offsets) - (offsets.end is End.INCLUSIVE)
        found.append(
            Selection(start=known.offset(start, offsets), end=end, name=quote.replace("\n", " ") if names else "")
        )
    return found


def spans(known, found, offsets):
    placed = [known.place(s.start, s.end, offsets) for s in found]
    return [known.text[p.start_char : p.end_char] for p in placed]


@pytest.mark.parametrize(
    "offsets",
    [
        Offsets(),
        Offsets(unit=Unit.UTF_16),
        Offsets(unit=Unit.UTF_8),
        Offsets(line_ends=LineEnds.AS_ONE),
        Offsets(bom=ByteOrderMark.COUNTED),
        Offsets(end=End.INCLUSIVE),
        Offsets(unit=Unit.UTF_16, line_ends=LineEnds.AS_ONE, bom=ByteOrderMark.COUNTED, end=End.INCLUSIVE),
    ],
)
@pytest.mark.parametrize("origin", ["", "NVivo for Windows 12.6", "QualCoder 4.0"])
def test_quotations_decide_whatever_the_program_says_it_is(offsets, origin):
    known = text(has_bom=True)
    (choice,) = choose_offsets([(known, selections(offsets))], habit=habit_of(origin))
    assert choice.offsets == offsets
    assert choice.decided_by is DecidedBy.QUOTES
    assert (choice.quotes_confirmed, choice.quotes_known, choice.warning) == (4, 4, "")


def test_a_quotation_that_was_cut_still_decides():
    offsets = Offsets(line_ends=LineEnds.AS_ONE)
    cut = [Selection(start=s.start, end=s.end, name=s.name[:6] + "…") for s in selections(offsets)]
    (choice,) = choose_offsets([(text(), cut)], habit=habit_of("ATLAS.ti 8.4"))
    assert choice.offsets == offsets
    assert choice.decided_by is not DecidedBy.STANDARD
    assert choice.warning == ""


def test_comments_in_the_place_of_quotations_decide_nothing():
    offsets = Offsets(unit=Unit.UTF_16)
    named = [Selection(start=s.start, end=s.end, name="my thoughts") for s in selections(offsets, names=False)]
    (choice,) = choose_offsets([(text(), named)], habit=habit_of("NVivo for Windows 12.6"))
    assert choice.offsets == offsets
    assert choice.decided_by is DecidedBy.ORIGIN
    assert (choice.quotes_confirmed, choice.quotes_known, choice.warning) == (0, 0, "")


def test_without_quotations_those_of_other_sources_decide():
    offsets = Offsets(unit=Unit.UTF_16, line_ends=LineEnds.AS_ONE)
    sources = [(text(), selections(offsets)), (text(), selections(offsets, names=False))]
    first, second = choose_offsets(sources, habit=habit_of("NVivo"))
    assert first.decided_by is DecidedBy.QUOTES
    assert second.offsets == offsets
    assert second.decided_by is DecidedBy.OTHER_SOURCES
    assert second.warning == ""


def test_where_neither_quotation_nor_program_decides_there_is_a_warning():
    (choice,) = choose_offsets(
        [(text(has_bom=True), selections(Offsets(), names=False))], habit=habit_of("Quirkos 2.4")
    )
    assert choice.offsets == Offsets()
    assert choice.decided_by is DecidedBy.STANDARD
    assert "characters outside the basic plane and line ends of two characters and a byte order mark" in choice.warning
    assert "--offsets" in choice.warning


def test_a_habit_that_was_not_seen_proven_warns_only_where_it_matters():
    plain = text(stored="P1: one, two halves — three\nP1: four four\n")
    (choice,) = choose_offsets(
        [(plain, selections(Offsets(), names=False, known=plain))], habit=habit_of("ATLAS.ti 24")
    )
    assert choice.warning == ""
    (choice,) = choose_offsets([(text(), selections(Offsets(), names=False))], habit=habit_of("MAXQDA 24"))
    assert choice.decided_by is DecidedBy.ORIGIN
    assert "how they were counted" in choice.warning


def test_plain_text_needs_no_decision_but_the_end():
    plain = text(stored="P1: one, two halves - three\nP1: four four\n")
    (choice,) = choose_offsets([(plain, selections(Offsets(), names=False, known=plain))], habit=habit_of(""))
    assert choice.decided_by is DecidedBy.PRACTICE
    assert choice.offsets == Offsets()
    assert choice.warning == ""
    (choice,) = choose_offsets([(plain, [])], habit=habit_of(""))
    assert choice.decided_by is DecidedBy.NOTHING_TO_PLACE


def test_an_override_is_taken_and_its_failures_are_counted():
    known = text()
    found = selections(Offsets(unit=Unit.UTF_16))
    (choice,) = choose_offsets([(known, found)], habit=habit_of(""), override=Offsets())
    assert choice.offsets == Offsets()
    assert choice.decided_by is DecidedBy.OVERRIDE
    assert (choice.quotes_confirmed, choice.quotes_known) == (1, 4)
    assert spans(known, found, Offsets()) != QUOTES


def test_quotations_of_a_changed_text_are_told():
    moved = [Selection(start=s.start - 7, end=s.end - 7, name=s.name) for s in selections(Offsets())[1:]]
    (choice,) = choose_offsets([(text(), moved)], habit=habit_of("NVivo for Windows"))
    assert choice.warning == "only 0 of 3 quotations stand at their place"


@pytest.mark.parametrize(
    ("origin", "unit", "is_proven"),
    [
        ("NVivo for Windows 12.6", Unit.UTF_16, True),
        ("NVivo for Mac 15.0.0", Unit.UTF_16, False),
        ("ATLAS.ti 8.4.0", Unit.CODE_POINT, False),
        ("QualCoder 4.0", Unit.CODE_POINT, True),
    ],
)
def test_habits(origin, unit, is_proven):
    habit = habit_of(origin)
    assert (habit.offsets.unit, habit.is_proven) == (unit, is_proven)
    assert habit_of("Transana 4") is None
