"""The agreement as a page of its own."""

from collections.abc import Mapping
from typing import Any

from subtheme.reports.agreement_view import agreement_view
from subtheme.reports.page import template
from subtheme.scoring.table import SYNTHETIC


def agreement_html(
    agreement: Mapping[str, Any], *, study: str, synthetic: bool, with_landis_koch: bool = False, anchor: str = ""
) -> str:
    """Return the agreement as one HTML file without script, without anything to fetch, and without interview words.

    Parameters
    ----------
    agreement : mapping
        ``AgreementReport.as_dict()``.
    study : str
        Name to print.
    synthetic : bool
        True where the study is invented: said above the page, its tables and its pictures.
    with_landis_koch : bool
        Whether to add the words of Landis & Koch (1977) to kappa.
    anchor : str
        Of the log of decisions, to be printed.

    Returns
    -------
    str
        The same bytes for the same figures.
    """
    headings = (SYNTHETIC,) if synthetic else ()
    return template("agreement_page.html").render(
        study=study,
        headings=headings,
        agreement=agreement_view(agreement, headings=headings, with_landis_koch=with_landis_koch),
        list_disagreements=True,
        anchor=anchor,
    )
