"""Picture: the case × sub-theme table as one looks at it."""

from typing import TYPE_CHECKING

from subtheme.reports.drawing import ACCENT, INK, LINE, SHADES, SOFT, Drawing, drawing, shortened
from subtheme.scoring import Cell, ResultTable, State, Total

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKS = {State.PRESENT: "●", State.ABSENT: "○", State.OPEN: "◐"}
"""A sign beside the word, so that a cell is told apart at a glance and never by colour alone."""

_LABEL, _COLUMN, _TOTAL = 2.6, 1.4, 1.6
_ROW, _THEME, _HEAD, _FOOT = 0.46, 0.32, 0.34, 0.95
_HEADING = 0.19


def table_picture(table: ResultTable, *, headings: tuple[str, ...]) -> Drawing:
    """Return the table as a picture: shaded by share, words and margins written in, open cells hatched."""
    rows, themes, cases = len(table.sub_themes), len(table.themes), len(table.cases)
    width = _LABEL + _COLUMN * cases + _TOTAL
    height = _HEADING * len(headings) + _HEAD + _THEME * themes + _ROW * rows + _FOOT

    def draw(figure: "Figure") -> None:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.set_axis_off()
        _draw_table(axes, table, top=_HEADING * len(headings))

    by_case = "; ".join(f"{t.name} {t.present} of {t.of}{f', {t.open} open' if t.open else ''}" for t in table.cases)
    return drawing(
        draw,
        name="picture",
        title=f"Which {table.presence.level}s are present in which case",
        description=f"A grid of {rows} rows and {cases} columns, each cell shaded by the share of participants who "
        f"describe the {table.presence.level}, with the count, the answer and the margin written in. Present by case: "
        f"{by_case}. Overall {table.overall.present} of {table.overall.of}. The table below holds every number.",
        inches=(width, height),
        headings=headings,
    )


def _draw_table(axes: "Axes", table: ResultTable, *, top: float) -> None:
    right = _LABEL + _COLUMN * len(table.cases)
    y = top + _HEAD
    for i, case in enumerate(table.cases):
        people = len(table.presence.members(case.id))
        axes.text(
            _LABEL + _COLUMN * (i + 0.5), y - 0.1, f"{shortened(case.name, 14)} ({people})", ha="center", weight="bold"
        )
    axes.text(right + _TOTAL / 2, y - 0.1, "present in", ha="center", weight="bold")
    for theme in table.themes:
        y += _THEME
        axes.text(0.05, y - 0.09, shortened(theme.name, 60), weight="bold", color=ACCENT)
        axes.text(right + _TOTAL / 2, y - 0.09, _of(theme), ha="center", weight="bold", color=ACCENT)
        for row in (t for t in table.sub_themes if table.theme_of[t.id] == theme.id):
            _draw_label(axes, row.name, y)
            for i, case in enumerate(table.cases):
                _draw_cell(axes, table.cell(case.id, row.id), _LABEL + _COLUMN * i, y)
            axes.text(right + _TOTAL / 2, y + _ROW / 2, _of(row), ha="center", va="center")
            y += _ROW
    axes.plot([0.05, right + _TOTAL - 0.05], [y + 0.08] * 2, color=LINE, linewidth=0.8)
    axes.text(0.05, y + 0.3, "Present, of all rows", weight="bold")
    for i, case in enumerate(table.cases):
        axes.text(_LABEL + _COLUMN * (i + 0.5), y + 0.3, _of(case), ha="center", weight="bold")
    axes.text(right + _TOTAL / 2, y + 0.3, _of(table.overall), ha="center", weight="bold")
    _draw_key(axes, y + 0.52)


def _draw_label(axes: "Axes", name: str, y: float) -> None:
    """Write the name of a row on one line, or on two where it is long."""
    first, second = name, ""
    if len(name) > 36:
        cut = name.rfind(" ", 0, 36)
        first, second = (name[:cut], name[cut + 1 :]) if cut > 0 else (name[:36], name[36:])
    lines = [shortened(first, 36), shortened(second, 36)] if second else [shortened(first, 36)]
    axes.text(0.15, y + _ROW / 2, "\n".join(lines), va="center", fontsize=9, linespacing=1.15)


def _draw_cell(axes: "Axes", cell: Cell, x: float, y: float) -> None:
    from matplotlib.patches import Rectangle

    step = 10 * cell.describing // cell.participants if cell.participants else 0
    shade = SHADES[step]
    is_open = cell.state is State.OPEN
    axes.add_patch(
        Rectangle(
            (x + 0.03, y + 0.03),
            _COLUMN - 0.06,
            _ROW - 0.06,
            facecolor=shade,
            edgecolor=INK if cell.state is State.PRESENT else LINE,
            linewidth=1.6 if cell.state is State.PRESENT else 0.6,
        )
    )
    if is_open:
        axes.add_patch(
            Rectangle((x + 0.03, y + 0.03), _COLUMN - 0.06, _ROW - 0.06, fill=False, hatch="////", linewidth=0)
        )
    box = {"facecolor": shade, "edgecolor": "none", "pad": 1.2} if is_open else None
    words = f"{MARKS[cell.state]} {cell.state.value} {cell.describing}/{cell.participants}"
    middle = x + _COLUMN / 2
    axes.text(middle, y + 0.17, words, ha="center", va="center", fontsize=9, bbox=box)
    axes.text(middle, y + 0.33, margin_in_short(cell), ha="center", va="center", fontsize=8, bbox=box)


def margin_in_short(cell: Cell) -> str:
    """Return the margin of `cell` in a few words, such as ``flips if 1 changes`` or ``3 not read``."""
    to_flip = cell.margin.to_flip
    if to_flip is None:
        return "no participants"
    if cell.state is State.OPEN:
        return f"{cell.unread} not read"
    return f"flips if {to_flip} {'changes' if to_flip == 1 else 'change'}"


def _draw_key(axes: "Axes", y: float) -> None:
    from matplotlib.patches import Rectangle

    x = 0.15
    for step, words in ((0, "under 10 %"), (5, "50 %"), (10, "100 % describe it")):
        axes.add_patch(Rectangle((x, y), 0.3, 0.2, facecolor=SHADES[step], edgecolor=LINE, linewidth=0.6))
        axes.text(x + 0.36, y + 0.1, words, va="center", fontsize=8, color=SOFT)
        x += 1.2 if step < 10 else 1.65
    axes.add_patch(Rectangle((x, y), 0.3, 0.2, facecolor="none", edgecolor=LINE, hatch="////", linewidth=0.6))
    axes.text(x + 0.36, y + 0.1, "open: reading can still change it", va="center", fontsize=8, color=SOFT)


def _of(total: Total) -> str:
    return f"{total.present} of {total.of}" + (f", {total.open} open" if total.open else "")
