"""The study folder: settings, codebook, the store and what is taken into it."""

from subtheme.files.backup import back_up, restore
from subtheme.files.chain import Anchor, ChainState
from subtheme.files.examination import Examination, chain_of, examine
from subtheme.files.fault import unexpected_problem
from subtheme.files.folder import StudyFolder, create_study, open_study, replace_codebook
from subtheme.files.intake import (
    IntakeReport,
    ReadFiles,
    read_all,
    read_what_can_be,
    refusals,
    take_in,
)
from subtheme.files.mark import Mark, MarkKind
from subtheme.files.roster import ROSTER, Roster, read_roster
from subtheme.files.settings import Settings, read_settings
from subtheme.files.store import Store
from subtheme.files.taking_back import TakenBack, take_back_codings, take_back_decisions
from subtheme.files.word_count import WordCount, word_counts, words_by_role

__all__ = [
    "ROSTER",
    "Anchor",
    "ChainState",
    "Examination",
    "IntakeReport",
    "Mark",
    "MarkKind",
    "ReadFiles",
    "Roster",
    "Settings",
    "Store",
    "StudyFolder",
    "TakenBack",
    "WordCount",
    "back_up",
    "chain_of",
    "create_study",
    "examine",
    "open_study",
    "read_all",
    "read_roster",
    "read_settings",
    "read_what_can_be",
    "refusals",
    "replace_codebook",
    "restore",
    "take_back_codings",
    "take_back_decisions",
    "take_in",
    "unexpected_problem",
    "word_counts",
    "words_by_role",
]
