"""In and out of the tools that researchers already use: REFI-QDA, spreadsheets, other programs."""

from subtheme.exchange.bundle import Bundle, is_bundle, read_bundle, write_bundle
from subtheme.exchange.code_addition import toml_with, with_codes_of
from subtheme.exchange.codebook_file import read_codebook, write_codebook
from subtheme.exchange.codebook_toml import codebook_toml
from subtheme.exchange.coded_segments import CodingsImport, read_codings
from subtheme.exchange.coder_names import CoderWays
from subtheme.exchange.columns import ColumnMap, shipped_column_maps
from subtheme.exchange.held_study import HeldStudy
from subtheme.exchange.loss import Dropped, LossReport
from subtheme.exchange.offsets import Offsets
from subtheme.exchange.people_ways import PeopleWays, likeliest_ways, ways_that_fit
from subtheme.exchange.project_file import is_project, project_digest, read_project
from subtheme.exchange.project_intake import take_in_project
from subtheme.exchange.project_look import ProjectLook, look_at_project
from subtheme.exchange.project_taken import ProjectIntake
from subtheme.exchange.refi_codebook import CodebookImport, read_refi_codebook, write_refi_codebook
from subtheme.exchange.refi_model import RefiProject, quoted
from subtheme.exchange.refi_people import People, people_of
from subtheme.exchange.refi_project import read_refi_project
from subtheme.exchange.refi_writer import RefiExport, Variant, refi_project
from subtheme.exchange.study_file import write_codings, write_study
from subtheme.exchange.uniting import United, unite

__all__ = [
    "Bundle",
    "CodebookImport",
    "CoderWays",
    "CodingsImport",
    "ColumnMap",
    "Dropped",
    "HeldStudy",
    "LossReport",
    "Offsets",
    "People",
    "PeopleWays",
    "ProjectIntake",
    "ProjectLook",
    "RefiExport",
    "RefiProject",
    "United",
    "Variant",
    "codebook_toml",
    "is_bundle",
    "is_project",
    "likeliest_ways",
    "look_at_project",
    "people_of",
    "project_digest",
    "quoted",
    "read_bundle",
    "read_codebook",
    "read_codings",
    "read_project",
    "read_refi_codebook",
    "read_refi_project",
    "refi_project",
    "shipped_column_maps",
    "take_in_project",
    "toml_with",
    "unite",
    "ways_that_fit",
    "with_codes_of",
    "write_bundle",
    "write_codebook",
    "write_codings",
    "write_refi_codebook",
    "write_study",
]
