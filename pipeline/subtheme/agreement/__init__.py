"""Agreement: how far two coders, or a coder and a model, coded alike.

Coefficients take ratings and return a `Coefficient` with its value, observed and expected agreement,
or the reason why it is not defined: never 0 or 1 in its place. `agreement_report` takes the tables of
a study and compares coders on segments, on participants and on cells of the case by code table, blind
and assisted codings apart. Intervals resample interviews, since segments of one interview are not
independent. ``python -m subtheme.agreement.cases FILE.json`` runs published worked examples.
"""

from subtheme.agreement.alpha import alpha_error, alpha_per_value, krippendorff_alpha
from subtheme.agreement.anchoring import Anchoring, anchoring
from subtheme.agreement.automatic import AutomaticAgreement, automatic_agreement
from subtheme.agreement.cells import CellAgreement, cell_agreement, votes_to_flip
from subtheme.agreement.clusters import Clusters, interview_clusters
from subtheme.agreement.coded_units import CodedUnits, coded_units
from subtheme.agreement.coefficient import Coefficient
from subtheme.agreement.comparison import Comparison, compare, confusion_of, matrix_of, set_agreement
from subtheme.agreement.coverage import Coverage, Roster
from subtheme.agreement.disagreements import DISAGREEMENT_DECISIONS, disagreement_list, read_decisions
from subtheme.agreement.gwet import (
    brennan_prediger,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    percent_agreement,
    scott_pi,
)
from subtheme.agreement.intervals import Interval, cluster_interval
from subtheme.agreement.kappa import CohenKappa, bangdiwala_b, cohen_kappa, conger_kappa, mean_pairwise_kappa
from subtheme.agreement.levels import CodeAgreement, LevelAgreement, level_agreement
from subtheme.agreement.marked import MarkedAgreement, marked_agreement, marked_text
from subtheme.agreement.part import AgreementPart, ModelFigures
from subtheme.agreement.ratings import Ratings
from subtheme.agreement.reference import PairDifference, compare_pairs
from subtheme.agreement.report import AgreementReport, agreement_report
from subtheme.agreement.sets import set_alpha, set_distance
from subtheme.agreement.settlement import Settlement, settlement
from subtheme.agreement.spans import Continuum, Span, SpanMatch, character_ratings, span_match, span_match_curve
from subtheme.agreement.specific import (
    PrevalenceBias,
    negative_agreement,
    positive_agreement,
    prevalence_bias,
    specific_agreement,
)
from subtheme.agreement.switching import Switching, switching
from subtheme.agreement.tables import report_tables
from subtheme.agreement.text import cells_text, level_text, model_text, report_text
from subtheme.agreement.unitizing import alpha_u_2004, cu_alpha_2016, u_alpha_2016, u_alpha_2016_binary

__all__ = [
    "DISAGREEMENT_DECISIONS",
    "AgreementPart",
    "AgreementReport",
    "Anchoring",
    "AutomaticAgreement",
    "CellAgreement",
    "Clusters",
    "CodeAgreement",
    "CodedUnits",
    "Coefficient",
    "CohenKappa",
    "Comparison",
    "Continuum",
    "Coverage",
    "Interval",
    "LevelAgreement",
    "MarkedAgreement",
    "ModelFigures",
    "PairDifference",
    "PrevalenceBias",
    "Ratings",
    "Roster",
    "Settlement",
    "Span",
    "SpanMatch",
    "Switching",
    "agreement_report",
    "alpha_error",
    "alpha_per_value",
    "alpha_u_2004",
    "anchoring",
    "automatic_agreement",
    "bangdiwala_b",
    "brennan_prediger",
    "cell_agreement",
    "cells_text",
    "character_ratings",
    "cluster_interval",
    "coded_units",
    "cohen_kappa",
    "compare",
    "compare_pairs",
    "confusion_of",
    "conger_kappa",
    "cu_alpha_2016",
    "disagreement_list",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "interview_clusters",
    "krippendorff_alpha",
    "level_agreement",
    "level_text",
    "marked_agreement",
    "marked_text",
    "matrix_of",
    "mean_pairwise_kappa",
    "model_text",
    "negative_agreement",
    "percent_agreement",
    "positive_agreement",
    "prevalence_bias",
    "read_decisions",
    "report_tables",
    "report_text",
    "scott_pi",
    "set_agreement",
    "set_alpha",
    "set_distance",
    "settlement",
    "span_match",
    "span_match_curve",
    "specific_agreement",
    "switching",
    "u_alpha_2016",
    "u_alpha_2016_binary",
    "votes_to_flip",
]
