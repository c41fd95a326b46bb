"""Summary: what the table says, in sentences."""

from subtheme.reports.content import ReportContent
from subtheme.scoring import ResultTable, State, Total


def summary(content: ReportContent) -> tuple[str, ...]:
    """Return the findings of the table in words, each sentence from its numbers alone."""
    table = content.table
    people = len(table.presence.participants)
    lines = [
        f"{_count(people, 'participant')} in {_count(len(table.cases), 'case')}, "
        f"{_count(len(table.sub_themes), table.presence.level)} in {_count(len(table.themes), 'theme')}: "
        f"{_count(table.overall.of, 'cell')}.",
        _states(table),
        *_by_theme(table),
        *_by_case(table),
        *_everywhere(table),
        _firmness(table),
    ]
    counters = sum(c.counter_examples for c in table.cells)
    if counters:
        lines.append(
            f"{_count(counters, 'counter-example')} {'is' if counters == 1 else 'are'} shown beside the cells and "
            "counted in none."
        )
    return tuple(line for line in lines if line)


def in_percent(total: Total) -> str:
    """Return a total such as ``48 of 60 (80.0 %)``."""
    text = f"{total.present} of {total.of}"
    return text if total.percent is None else f"{text} ({total.percent:.1f} %)"


def listed(names: list[str]) -> str:
    """Return names as one says them: ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else f'{noun}s'}"


def _states(table: ResultTable) -> str:
    open_cells = sum(c.state is State.OPEN for c in table.cells)
    text = f"Present by majority: {in_percent(table.overall)}."
    if open_cells:
        is_one = open_cells == 1
        text += (
            f" {_count(open_cells, 'cell')} {'is' if is_one else 'are'} still open: participants whose interviews have "
            f"not been read for {'it' if is_one else 'them'} could change {'it' if is_one else 'them'}."
        )
    elif table.cells:
        text += " No cell is open."
    return text


def _by_theme(table: ResultTable) -> list[str]:
    if len(table.themes) < 2:
        return []
    return ["By theme: " + "; ".join(f"{t.name} {in_percent(t)}" for t in table.themes) + "."]


def _by_case(table: ResultTable) -> list[str]:
    """Name the cases with the most and the fewest, all of them where several share that place."""
    if len(table.cases) < 2:
        return []
    most = max(t.present for t in table.cases)
    least = min(t.present for t in table.cases)
    rows = len(table.sub_themes)
    so_far = " so far" if table.overall.open else ""
    if most == least:
        return [f"Every case has {most} of {rows}{so_far}."]
    top = listed([t.name for t in table.cases if t.present == most])
    low = listed([t.name for t in table.cases if t.present == least])
    return [f"The most are present{so_far} in {top} ({most} of {rows}), the fewest in {low} ({least} of {rows})."]


def _everywhere(table: ResultTable) -> list[str]:
    lines = []
    everywhere = [t.name for t in table.sub_themes if t.of and t.present == t.of]
    nowhere = [t.name for t in table.sub_themes if t.present == 0 and not t.open]
    if everywhere:
        lines.append(f"Present in every case: {listed(everywhere)}.")
    if nowhere:
        lines.append(f"Present in no case: {listed(nowhere)}.")
    return lines


def _firmness(table: ResultTable) -> str:
    settled = [c for c in table.cells if c.state is not State.OPEN]
    narrow = sum(c.margin.to_flip == 1 for c in settled)
    if not settled:
        return ""
    if not narrow:
        return "No settled cell hangs on a single participant."
    return (
        f"{narrow} of {_count(len(settled), 'settled cell')} {'hangs' if narrow == 1 else 'hang'} on a single "
        "participant: one answer more or less would change "
        f"{'it' if narrow == 1 else 'them'}."
    )
