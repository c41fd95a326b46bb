"""The note on method: how the figures were computed, with citations, for a methods section."""

from typing import TYPE_CHECKING

from subtheme import __version__
from subtheme.agreement.intervals import FEWEST, INDICATIVE, REPLICATES

if TYPE_CHECKING:
    from subtheme.agreement.report import AgreementReport

CITATIONS = (
    "Krippendorff, K. (2019). Content analysis: An introduction to its methodology (4th ed.). Sage.",
    "Hayes, A. F. & Krippendorff, K. (2007). Answering the call for a standard reliability measure for coding "
    "data. Communication Methods and Measures, 1(1), 77-89. https://doi.org/10.1080/19312450709336664",
    "Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement, "
    "20(1), 37-46. https://doi.org/10.1177/001316446002000104",
    "Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement. "
    "British Journal of Mathematical and Statistical Psychology, 61(1), 29-48. "
    "https://doi.org/10.1348/000711006X126600",
    "Byrt, T., Bishop, J. & Carlin, J. B. (1993). Bias, prevalence and kappa. Journal of Clinical Epidemiology, "
    "46(5), 423-429. https://doi.org/10.1016/0895-4356(93)90018-V",
    "Hripcsak, G. & Rothschild, A. S. (2005). Agreement, the F-measure, and reliability in information retrieval. "
    "Journal of the American Medical Informatics Association, 12(3), 296-298. https://doi.org/10.1197/jamia.M1733",
    "Kang, C., Qaqish, B., Monaco, J., Sheridan, S. L. & Cai, J. (2013). Kappa statistic for clustered "
    "dichotomous responses from physicians and patients. Statistics in Medicine, 32(21), 3700-3719. "
    "https://doi.org/10.1002/sim.5796",
)


def method_note(report: "AgreementReport") -> str:
    """Return how the figures of `report` were computed: one paragraph, and what it cites."""
    sentences = (
        f"Agreement was computed with subtheme {__version__} (codebook {report.codebook_hash[:12]}) on segments as "
        "units, one table of presence and absence per code.",
        "That neither coder coded a segment counts as a judgement; what a coder did not read is missing.",
        "A participant describes a code when at least one of their segments has it; a cell of the case by code table "
        "is present when more than half of the participants describe it; codings that counter a code do not count.",
        "Krippendorff's alpha (nominal) is the headline (Krippendorff 2019; Hayes & Krippendorff 2007).",
        "Beside it stand percent agreement (mean over units), positive agreement, 2a / (2a + b + c) (Hripcsak & "
        "Rothschild 2005), Cohen's kappa (1960; for more than two coders the mean over pairs) and Gwet's AC1 (2008).",
        "A low kappa is flagged by prevalence and bias index (Byrt, Bishop & Carlin 1993).",
        "Alpha over sets of codes uses the Jaccard distance; two empty sets are equal.",
        f"Intervals ({report.confidence:.0%}) leave out one interview at a time and use t(K - 1) on Fisher's z, "
        f"K = {_interviews(report)}, since segments of one interview are not independent (Kang et al. 2013).",
        f"Below {INDICATIVE} interviews they are indicative, below {FEWEST} none is given.",
        f"Beside them stand percentile intervals from {REPLICATES} bootstrap samples of interviews (seed "
        f"{report.seed}), with the share of samples in which alpha lies below .667 and .800.",
        "Alpha is held against .667 and .800 by the lower end of its interval.",
        f"Codes used in fewer than {report.rare_below} segments get counts only; what is not defined is said to be so "
        "and left out of means.",
        *_sampled(report),
    )
    return " ".join(sentences) + "\n\n" + "\n".join(CITATIONS)


def _interviews(report: "AgreementReport") -> str:
    """Return over how many interviews the intervals go, as ``12`` or ``6 to 12``."""
    found = {
        row.interval.clusters
        for part in report.parts
        for comparison in part.comparisons
        for level in comparison.levels
        for row in level.rows
    }
    return " to ".join(str(n) for n in sorted({min(found), max(found)})) if found else "0"


def _sampled(report: "AgreementReport") -> tuple[str, ...]:
    if not report.blind.coverage.weighted:
        return ()
    return (
        "Only a sample of the segments was coded twice: every figure weights them by the inverse of their chance to be "
        "drawn, and participants and cells are not compared.",
    )
