"""Reports: one self-contained page with everything a reader of the study may ask, and its tables.

The page has no script and asks nothing of the network. It exists at two levels: without a word of any interview,
and with confirmed quotations.
"""

from subtheme.reports.agreement_page import agreement_html
from subtheme.reports.content import Progress, ReportContent
from subtheme.reports.page import report_html
from subtheme.reports.tables import report_tables

__all__ = ["Progress", "ReportContent", "agreement_html", "report_html", "report_tables"]
