"""The report as plain text."""

import math
from collections.abc import Iterable, Sequence

from subtheme.agreement.cells import CellAgreement
from subtheme.agreement.comparison import Comparison
from subtheme.agreement.levels import CodeAgreement, LevelAgreement, Overall
from subtheme.agreement.part import AgreementPart, ModelFigures
from subtheme.agreement.report import AgreementReport
from subtheme.agreement.wording import landis_koch, paradoxes, verdicts


def report_text(report: AgreementReport, *, with_landis_koch: bool = False, most_disagreements: int = 20) -> str:
    """Return the whole report as plain text.

    Parameters
    ----------
    report : AgreementReport
    with_landis_koch : bool
        Whether to add the words of Landis & Koch (1977) to kappa.
    most_disagreements : int
        How many disagreements to list, by place only; all of them, with their words, are in the table.
    """
    blocks = [report.paragraph]
    if report.assisted is not None:
        blocks.append(_beside(report))
    for part in report.parts:
        blocks += _part(part, with_landis_koch=with_landis_koch, most=most_disagreements)
    return "\n\n".join([*blocks, _titled("How it was computed", report.method_note)]) + "\n"


def level_text(level: LevelAgreement, *, with_landis_koch: bool = False) -> str:
    """Return one level's table with the sentences that explain it."""
    title = f"{level.level.capitalize()}s on {level.unit}s ({level.units} {level.unit}s judged by two or more)"
    header = ["", *(f"by {c}" for c in level.coders), "both" if len(level.coders) == 2 else "all"]
    kappa = "kappa (Landis & Koch 1977)" if with_landis_koch else "kappa"
    header += ["prev.", "agree", "positive", "alpha", "interval", kappa, "AC1", "flags"]
    rows: list[list[str]] = []
    theme = ""
    for row in level.rows:
        if row.theme not in (theme, row.name):
            rows.append([row.theme])
        theme = row.theme
        rows.append(_row(row, with_landis_koch=with_landis_koch))
    lines = [title, *_columns(header, rows), "", _overall(level.macro), _overall(level.pooled)]
    return "\n".join([*lines, *verdicts(level), *paradoxes(level)])


def cells_text(cells: CellAgreement) -> str:
    """Return which cells two coders decide differently, and how far the totals shift."""
    if cells.reason:
        return f"Cells, {cells.first} and {cells.second}: not defined ({cells.reason})."
    more = f"{cells.second} finds {_more(cells.shift)}"
    lines = [
        f"Cells of cases by {cells.level}s: {cells.first} and {cells.second} differ in {cells.flipped} of "
        f"{cells.cells}; {more}."
    ]
    flipped = cells.table[cells.table["flipped"]]
    lines += [
        f"  {row['case']}, {row['name']}: {row['described_first']} against {row['described_second']} of "
        f"{row['participants']} participants; {_votes(min(row['votes_first'], row['votes_second']))}"
        for row in flipped.to_dict("records")
    ]
    lines += _totals(cells)
    lines += [f"  {remark}" for remark in cells.remarks]
    return "\n".join(lines)


def _totals(cells: CellAgreement) -> list[str]:
    """Return how far the totals shift: every theme, and the cases and codes that do."""
    lines = []
    for kind, title in (("theme", "theme"), ("case", "case"), ("code", cells.level)):
        rows = cells.totals[cells.totals["total"] == kind]
        shifted = rows if kind == "theme" else rows[rows["shift"] != 0]
        words = ", ".join(
            f"{cells.name_of(row['of'])} {row['first']} and {row['second']} ({row['shift']:+d})"
            for row in shifted.to_dict("records")
        )
        if words:
            lines.append(f"  Present cells by {title}{'' if kind == 'theme' else ', where they differ'}: {words}.")
    return lines


def model_text(model: ModelFigures) -> str:
    """Return precision, recall, F1, MCC and average precision of a model against a person."""
    names = ["precision", "recall", "f1", "mcc", "average_precision"]
    header = ["", model.person, model.model, "both", "precision", "recall", "F1", "MCC", "av. prec."]
    rows = [
        [str(code), *(str(row[k]) for k in ("manual", "automatic", "both")), *(_number(row[k]) for k in names)]
        for code, row in zip(model.figures.table.index, model.figures.table.to_dict("records"), strict=True)
    ]
    rows.append(["all decisions", "", "", "", *(_number(model.figures.micro[k]) for k in names)])
    rows.append(["mean of codes", "", "", "", *(_number(model.figures.macro[k]) for k in names)])
    title = f"{model.model} against {model.person} on {model.figures.segments} segments"
    return "\n".join([title, *_columns(header, rows)])


def _part(part: AgreementPart, *, with_landis_koch: bool, most: int) -> list[str]:
    blocks = []
    if part.people is None:
        blocks.append(f"{part.heading}\nPeople are not compared: {part.reason}.")
    for comparison in part.comparisons:
        title = part.heading if comparison.kind == "coders" else _automatic_heading(part, comparison)
        blocks.append(f"{title}\n{'=' * len(title)}")
        blocks += [level_text(level, with_landis_koch=with_landis_koch) for level in comparison.levels]
        blocks.append(_overall(comparison.sets))
        blocks += [_matrix(comparison), _confusion(comparison)]
        blocks += [cells_text(cells) for cells in comparison.cells]
    blocks += [model_text(model) for model in part.models]
    blocks += _reference(part)
    return [*blocks, _disagreements(part, most)]


def _automatic_heading(part: AgreementPart, comparison: Comparison) -> str:
    return comparison.title + (" (assisted codings included)" if part.kind == "assisted" else "")


def _beside(report: AgreementReport) -> str:
    """Return blind and assisted side by side, each under its own head."""
    header = ["", "segments", "agree", "alpha", "interval", "| segments", "agree", "alpha", "interval"]
    rows = []
    for row in report.beside.to_dict("records"):
        cells = [row["name"]]
        for kind in ("blind", "assisted"):
            ends = f"{_number(row[f'{kind}_low'])} to {_number(row[f'{kind}_high'])}"
            values = [_percent(row[f"{kind}_percent"]), _number(row[f"{kind}_alpha"])]
            cells += [str(row[f"{kind}_n"]), *values, "-" if math.isnan(row[f"{kind}_low"]) else ends]
        rows.append(cells)
    title = "Agreement: blind codings on the left, on the right with assisted codings included (suggestions in view)"
    return "\n".join([title, *_columns(header, rows)])


def _row(row: CodeAgreement, *, with_landis_koch: bool) -> list[str]:
    cells = [row.name, *map(str, row.used), str(row.used_by_all)]
    if row.is_rare:
        return [*cells, "too rare to judge"]
    cells += [f"{row.prevalence:.1%}" if not math.isnan(row.prevalence) else "-", _percent(row.percent)]
    cells.append(_percent(row.positive))
    if math.isnan(row.alpha):
        return [*cells, f"not defined ({row.reason})"]
    kappa = _number(row.kappa) + (f" {landis_koch(row.kappa)}" if with_landis_koch else "")
    interval = str(row.interval) if row.interval.is_defined else "-"
    return [*cells, _number(row.alpha), interval, kappa, _number(row.ac1), " ".join(row.flags)]


def _overall(overall: Overall) -> str:
    name = overall.name[0].upper() + overall.name[1:]
    if math.isnan(overall.value):
        return f"{name}: not defined ({overall.reason})"
    if overall.codes < overall.of_codes:
        name += f" ({overall.codes} of {overall.of_codes}, the others are not defined)"
    interval = overall.interval
    if not interval.is_defined:
        return f"{name}: {_number(overall.value)}, {interval}"
    return (
        f"{name}: {_number(overall.value)}, {interval.confidence:.0%} interval {interval} "
        f"over {interval.clusters} interviews"
    )


def _matrix(comparison: Comparison) -> str:
    rows = [
        [
            f"{r['first']} and {r['second']}",
            str(r["units"]),
            _percent(r["percent"]),
            _number(r["kappa"]),
            _number(r["alpha"]),
            f"{_number(r['low'])} to {_number(r['high'])}",
            str(r["reason"]),
        ]
        for r in comparison.matrix.to_dict("records")
    ]
    return "\n".join(["Pairs of coders", *_columns(["", "segments", "agree", "kappa", "alpha", "interval", ""], rows)])


def _confusion(comparison: Comparison, *, most: int = 10) -> str:
    table = comparison.replacements
    if table.empty:
        return "No code stood where another coder had a different one."
    one, two = comparison.coders if len(comparison.coders) == 2 else ("one", "another")
    lines = [
        f"  {one} {row['first_name']}, {two} {row['second_name']}: {row['segments']}"
        for row in table.head(most).to_dict("records")
    ]
    return "\n".join(["Codes that stood for each other (segments)", *lines])


def _reference(part: AgreementPart) -> list[str]:
    lines = [
        f"  {r['model']} with {r['person']} {_number(r['alpha'])}, {r['person']} with {r['other']} "
        f"{_number(r['people_alpha'])}: difference {_signed(r['difference'])}"
        + (f", {_signed(r['low'])} to {_signed(r['high'])}" if not math.isnan(r["low"]) else f" ({r['reason']})")
        for r in part.reference.to_dict("records")
    ]
    title = "The model beside people (mean alpha on the same segments)"
    return ["\n".join([title, *lines])] if lines else []


def _disagreements(part: AgreementPart, most: int) -> str:
    table = part.disagreements
    if table.empty:
        return "No disagreements."
    coders = [c for c in table.columns if c.startswith("coded_by_")]
    lines = [
        f"  {r['segment']}, {r['code']}: " + ", ".join(f"{c.removeprefix('coded_by_')} {r[c]}" for c in coders if r[c])
        for r in table.head(most).to_dict("records")
    ]
    if len(table) > most:
        lines.append(f"  and {len(table) - most} more in the table of disagreements")
    return "\n".join([f"Disagreements: {len(table)}", *lines])


def _titled(title: str, text: str) -> str:
    return f"{title}\n{'=' * len(title)}\n{text}"


def _columns(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the rows in columns; the last cell of a row may be longer than its column."""
    listed = [list(header), *map(list, rows)]
    width = [0] * len(header)
    for row in listed:
        inner = row if len(row) == len(header) else row[:-1]
        for i, cell in enumerate(inner):
            width[i] = max(width[i], len(cell))
    lines = []
    for row in listed:
        cells = [cell.ljust(width[0]) if i == 0 else cell.rjust(width[i]) for i, cell in enumerate(row[:-1])]
        cells.append(row[-1])
        lines.append("  ".join(cells).rstrip())
    return lines


def _number(value: float) -> str:
    # A rounded -0.00 would raise questions.
    return "-" if math.isnan(value) else f"{round(value, 2) + 0.0:.2f}"


def _signed(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:+.2f}"


def _percent(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.0%}"


def _more(shift: int) -> str:
    if not shift:
        return "as many present cells"
    return f"{abs(shift)} {'more' if shift > 0 else 'fewer'}"


def _votes(votes: int) -> str:
    return "one participant decides" if votes == 1 else f"{votes} participants decide"
