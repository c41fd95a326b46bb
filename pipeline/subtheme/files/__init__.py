"""The study folder: settings, codebook, the store and what is taken into it."""

from subtheme.files.chain import ChainState
from subtheme.files.folder import StudyFolder, create_study, open_study
from subtheme.files.intake import IntakeReport, ReadFiles, read_all, read_what_can_be, take_in
from subtheme.files.mark import Mark, MarkKind
from subtheme.files.roster import ROSTER, Roster, read_roster
from subtheme.files.settings import Settings, read_settings
from subtheme.files.store import Store
from subtheme.files.tabular import read_table, write_table

__all__ = [
    "ROSTER",
    "ChainState",
    "IntakeReport",
    "Mark",
    "MarkKind",
    "ReadFiles",
    "Roster",
    "Settings",
    "Store",
    "StudyFolder",
    "create_study",
    "open_study",
    "read_all",
    "read_roster",
    "read_settings",
    "read_table",
    "read_what_can_be",
    "take_in",
    "write_table",
]
