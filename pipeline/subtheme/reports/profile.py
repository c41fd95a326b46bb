"""Profile: everything the report says of one sub-theme."""

from collections import Counter
from dataclasses import dataclass

from subtheme.nouns import Code, Direction, Origin, rows_of
from subtheme.reports.content import ReportContent, level_in_words
from subtheme.reports.quotation import Quotation, all_quotations, chosen
from subtheme.scoring import Cell, Total


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Profile:
    """One sub-theme: definition, cells, finer codes, quotations and counter-examples.

    Attributes
    ----------
    code : Code
    theme : Total
    total : Total
    cells : tuple of Cell
    finer : tuple of (str, int)
        Names of the codes below it with the number of their confirmed codings; codes that nobody used are left out.
    supports, counters : int
        Confirmed codings of each direction, with or without words.
    quotations, counter_examples : tuple of Quotation
        The ones to print; empty in a report without quotations.
    quotable, quotable_counters : int
        How many there were to choose from.
    """

    code: Code
    theme: Total
    total: Total
    cells: tuple[Cell, ...]
    finer: tuple[tuple[str, int], ...]
    supports: int
    counters: int
    quotations: tuple[Quotation, ...]
    counter_examples: tuple[Quotation, ...]
    quotable: int
    quotable_counters: int


def profiles(content: ReportContent, *, quotations: bool, per_case: int) -> tuple[Profile, ...]:
    """Return the profile of every row of the table, in its order."""
    table, book = content.table, content.codebook
    themes = {t.id: t for t in table.themes}
    uses: Counter[tuple[str, str]] = Counter()
    for coding in rows_of(content.codings):
        if coding.origin != Origin.AUTO.value:
            uses[coding.code, coding.direction] += 1
    words = all_quotations(content) if quotations else ()
    found = []
    for total in table.sub_themes:
        below = [c for c in book.codes if total.id in book.lineage(c.id)]
        of_row = [q for q in words if q.sub_theme == total.id]
        supporting = tuple(q for q in of_row if not q.counters)
        countering = tuple(q for q in of_row if q.counters)
        found.append(
            Profile(
                code=book.by_id[total.id],
                theme=themes[table.theme_of[total.id]],
                total=total,
                cells=tuple(c for c in table.cells if c.sub_theme == total.id),
                finer=tuple(
                    (c.name, n)
                    for c in below
                    if c.id != total.id and (n := sum(uses[c.id, d.value] for d in Direction))
                ),
                supports=sum(uses[c.id, Direction.SUPPORTS.value] for c in below),
                counters=sum(uses[c.id, Direction.COUNTERS.value] for c in below),
                quotations=chosen(supporting, per_case=per_case),
                counter_examples=chosen(countering, per_case=per_case),
                quotable=len(supporting),
                quotable_counters=len(countering),
            )
        )
    return tuple(found)


def levels_in_words(cell: Cell) -> str:
    """Return the counts of `cell` by level of the participants, such as ``front-line worker 5 of 9``."""
    return ", ".join(
        f"{level_in_words(x.level) or 'level unknown'} {x.describing} of {x.participants}" for x in cell.levels
    )
