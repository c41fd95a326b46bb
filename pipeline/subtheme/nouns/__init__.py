"""The nouns of a study, and the contracts of the tables that cross from stage to stage."""

from subtheme.nouns.codebook import Code, Codebook
from subtheme.nouns.coding import CONFIRMING, DENYING, Coding, Decision, Direction, Origin, Reading, Verdict
from subtheme.nouns.event import JUDGING, Event, EventKind, code_set, taking_back
from subtheme.nouns.judgements import SAID, Basis, Judgements, Value, above
from subtheme.nouns.majority import is_majority
from subtheme.nouns.people import Case, Coder, Level, Participant
from subtheme.nouns.tables import (
    CODING_KEY,
    CODINGS,
    DECISIONS,
    PARTICIPANTS,
    PROPOSALS,
    READINGS,
    SEGMENT_CODES,
    SEGMENTS,
    TURNS,
    Column,
    TableContract,
    rows_of,
)
from subtheme.nouns.text import canonical_text, composed, content_id, folded, sha256_of_text
from subtheme.nouns.transcript import Doubt, Glimpse, Role, Segment, Transcript, Turn

__all__ = [
    "CODINGS",
    "CODING_KEY",
    "CONFIRMING",
    "DECISIONS",
    "DENYING",
    "JUDGING",
    "PARTICIPANTS",
    "PROPOSALS",
    "READINGS",
    "SAID",
    "SEGMENTS",
    "SEGMENT_CODES",
    "TURNS",
    "Basis",
    "Case",
    "Code",
    "Codebook",
    "Coder",
    "Coding",
    "Column",
    "Decision",
    "Direction",
    "Doubt",
    "Event",
    "EventKind",
    "Glimpse",
    "Judgements",
    "Level",
    "Origin",
    "Participant",
    "Reading",
    "Role",
    "Segment",
    "TableContract",
    "Transcript",
    "Turn",
    "Value",
    "Verdict",
    "above",
    "canonical_text",
    "code_set",
    "composed",
    "content_id",
    "folded",
    "is_majority",
    "rows_of",
    "sha256_of_text",
    "taking_back",
]
