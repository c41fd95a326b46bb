"""Page: the report as one HTML file."""

from typing import TYPE_CHECKING

from markupsafe import Markup

from subtheme.reports.agreement_view import agreement_view
from subtheme.reports.content import ReportContent
from subtheme.reports.drawing import COLOURS
from subtheme.reports.evaluation_view import evaluation_view
from subtheme.reports.firmness_view import firmness_view
from subtheme.reports.margin_view import margin_view
from subtheme.reports.method import method
from subtheme.reports.model_view import model_facts
from subtheme.reports.picture import MARKS, margin_in_short, table_picture
from subtheme.reports.profile import levels_in_words, profiles
from subtheme.reports.summary import in_percent, summary
from subtheme.reports.tables import flat
from subtheme.scoring import ResultTable, State, Total

if TYPE_CHECKING:
    from jinja2 import Template


def report_html(content: ReportContent, *, quotations: bool, per_case: int = 2) -> str:
    """Return the report as one HTML file without script and without anything to fetch.

    Parameters
    ----------
    content : ReportContent
    quotations : bool
        Print confirmed quotations with their sources. Without them the file holds no word of any interview: no
        quotation, memo, example of the codebook, or word that moved a score.
    per_case : int
        How many participants of each case are quoted per sub-theme, each with one quotation.

    Returns
    -------
    str
        The same bytes for the same content.
    """
    headings = content.headings
    return template("report.html").render(
        study=content.study,
        content=content,
        table=content.table,
        headings=headings,
        quotations=quotations,
        per_case=per_case,
        summary=summary(content),
        picture=table_picture(content.table, headings=headings),
        theme_cells=_theme_cells(content.table),
        margins=margin_view(content),
        firmness=firmness_view(content),
        profiles=profiles(content, quotations=quotations, per_case=per_case),
        agreement=agreement_view(content.agreement, headings=headings),
        list_disagreements=False,
        evaluation=evaluation_view(content.evaluation, content.codebook, headings=headings),
        model=model_facts(content.model),
        method=method(content),
        manifest=flat(content.manifest),
    )


def template(name: str) -> "Template":
    """Return a template of this package, with the filters and colours that all pages share."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("subtheme.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["marks"] = MARKS
    colours = "".join(f"--{colour}: {value}; " for colour, value in COLOURS.items())
    environment.globals["colours"] = Markup(colours)  # noqa: S704 - our own
    environment.filters |= {
        "in_percent": in_percent,
        "margin": margin_in_short,
        "levels": levels_in_words,
        "chance": chance_in_words,
        "decimals": decimals,
        "shade": _shade,
    }
    return environment.get_template(name)


def decimals(value: float | None, places: int = 2) -> str:
    """Return a number with so many decimals and a true minus sign, or a dash where there is none."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the one number unlike itself
        return "–"
    return f"{value:.{places}f}".replace("-", "−")


def chance_in_words(value: float | None) -> str:
    """Return a probability in percent; what rounds to 0 or to 100 is said to be under 1 or over 99.

    >>> chance_in_words(0.004), chance_in_words(0.31), chance_in_words(None)
    ('under 1 %', '31 %', '–')
    """
    if value is None or value != value:  # noqa: PLR0124 - NaN is the one number unlike itself
        return "–"
    if 0 < value < 0.005:
        return "under 1 %"
    if 0.995 < value < 1:
        return "over 99 %"
    return f"{100 * value:.0f} %"


def _shade(describing: int, participants: int) -> int:
    return 10 * describing // participants if participants else 0


def _theme_cells(table: ResultTable) -> dict[tuple[str, str], Total]:
    """Return the total of every theme in every case."""
    totals = {}
    for theme in table.themes:
        for case in table.cases:
            cells = [c for c in table.cells if c.case == case.id and table.theme_of[c.sub_theme] == theme.id]
            totals[theme.id, case.id] = Total(
                id=theme.id,
                name=theme.name,
                present=sum(c.present for c in cells),
                of=len(cells),
                open=sum(c.state is State.OPEN for c in cells),
            )
    return totals
