"""Margins: which cells hang on few participants, and what other rules would say."""

from dataclasses import dataclass

from subtheme.reports.content import ReportContent
from subtheme.scoring import Cell, State


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginView:
    """How firm the table is.

    Attributes
    ----------
    names : dict of str to str
        Name of every row.
    narrow : tuple of Cell
        Settled cells that one participant would flip.
    open : tuple of Cell
    by_to_flip : tuple of (int, int)
        How many settled cells flip if so many participants change.
    counter_examples : tuple of Cell
        Cells that hold counter-examples.
    """

    names: dict[str, str]
    narrow: tuple[Cell, ...]
    open: tuple[Cell, ...]
    by_to_flip: tuple[tuple[int, int], ...]
    counter_examples: tuple[Cell, ...]


def margin_view(content: ReportContent) -> MarginView:
    """Return how firm the table of `content` is."""
    table = content.table
    settled = [c for c in table.cells if c.state is not State.OPEN]
    counts: dict[int, int] = {}
    for cell in settled:
        if cell.margin.to_flip is not None:
            counts[cell.margin.to_flip] = counts.get(cell.margin.to_flip, 0) + 1
    return MarginView(
        names={t.id: t.name for t in table.sub_themes},
        narrow=tuple(c for c in settled if c.margin.to_flip == 1),
        open=tuple(c for c in table.cells if c.state is State.OPEN),
        by_to_flip=tuple(sorted(counts.items())),
        counter_examples=tuple(c for c in table.cells if c.counter_examples),
    )
