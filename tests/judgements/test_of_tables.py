"""Judgements from tables are those of the log that says the same."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judgements.cases import BOOK, Log, segments

from subtheme.errors import InputError
from subtheme.judgements import judgements_of, judgements_of_tables
from subtheme.nouns import READINGS, SEGMENT_CODES, EventKind

SEGMENTS = pd.concat([segments(), segments("U", "q")], ignore_index=True)
_CODES = ("theme", "A", "a1", "a2", "B")


def tables(coded=(), read=()):
    return (
        SEGMENTS,
        SEGMENT_CODES.check(pd.DataFrame(list(coded), columns=list(SEGMENT_CODES.names)), source="c"),
        READINGS.check(pd.DataFrame(list(read), columns=list(READINGS.names)), source="r"),
        BOOK,
    )


def held(judgements):
    return {(r.coder, r.segment, r.code): (r.value, r.origin) for r in judgements.frame.itertuples()}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["anna", "ben"]),
            st.integers(1, 4),
            st.sampled_from(_CODES),
            st.sampled_from(["supports", "counters"]),
        ),
        max_size=10,
        unique_by=lambda row: row[:3],
    ),
    st.dictionaries(
        st.tuples(st.sampled_from(["anna", "ben"]), st.sampled_from(["T", "U"])),
        st.tuples(st.sampled_from(["blind", "assisted", "agreed"]), st.sets(st.sampled_from(_CODES))),
        max_size=4,
    ),
)
def test_tables_and_the_log_that_says_the_same_give_the_same_judgements(coded, readings) -> None:
    log = Log()
    for coder, number, code, direction in coded:
        log.coded(coder, number, code, direction)
    for (coder, transcript), (origin, codes) in readings.items():
        wanted = {c: BOOK.definitions[c] for c in codes or _CODES}
        log.add(EventKind.READ, coder, codes=wanted, transcript=transcript, origin=origin)
    found = judgements_of_tables(
        *tables(
            [(f"s{n}", code, coder, direction, "blind") for coder, n, code, direction in coded],
            [(c, t, origin, ";".join(sorted(codes))) for (c, t), (origin, codes) in readings.items()],
        )
    )
    assert held(found) == held(judgements_of(log.events, SEGMENTS, BOOK))


def test_the_order_of_rows_does_not_matter_and_blind_stands_before_assisted() -> None:
    coded = [
        ("s1", "B", "anna", "counters", "blind"),
        ("s1", "B", "anna", "supports", "assisted"),
        ("s2", "B", "anna", "counters", "blind"),
        ("s2", "B", "anna", "supports", "blind"),
    ]
    one, two = (held(judgements_of_tables(*tables(rows))) for rows in (coded, coded[::-1]))
    assert one == two
    assert one["anna", "s1", "B"] == ("counter", "blind")
    assert one["anna", "s2", "B"] == ("present", "blind")


def test_a_reading_with_nothing_but_assisted_codings_is_assisted() -> None:
    read = [("anna", "T", "blind", ""), ("anna", "U", "blind", "")]
    only = held(judgements_of_tables(*tables([("s1", "A", "anna", "supports", "assisted")], read)))
    assert only["anna", "s2", "B"] == ("absent", "assisted")
    assert only["anna", "U:1", "B"] == ("absent", "blind")
    more = [("s1", "A", "anna", "supports", "assisted"), ("s3", "B", "anna", "supports", "blind")]
    both = held(judgements_of_tables(*tables(more, read)))
    assert both["anna", "s2", "B"] == ("absent", "blind")
    assert both["anna", "s1", "A"] == ("present", "assisted")


def test_every_problem_of_the_tables_comes_at_once() -> None:
    with pytest.raises(InputError) as refused:
        judgements_of_tables(
            *tables(
                [
                    ("s1", "bee", "anna", "supports", "blind"),
                    ("s9", "B", "anna", "supports", "blind"),
                    ("s1", "B", "model", "supports", "auto"),
                ],
                [("anna", "V", "blind", ""), ("ben", "T", "blind", "B; C")],
            )
        )
    said = str(refused.value)
    assert "coded segments: unknown code 'bee'; expected a code of the codebook" in said
    assert "coded segments: 1 unknown segments, the first is 's9'; expected segments of this study. Carry" in said
    assert "coded segments: codings of 'model' that nobody has confirmed; expected codings by people" in said
    assert "readings: unknown transcript 'V'; expected a transcript with segments" in said
    assert "readings: unknown code 'C'; expected a code of the codebook" in said


def test_nothing_at_all_is_no_judgement() -> None:
    nothing = judgements_of_tables(*tables())
    assert nothing.coders == ()
    assert nothing.frame.empty
    assert (nothing.together == -1).all()
