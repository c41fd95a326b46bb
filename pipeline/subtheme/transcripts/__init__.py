"""Reading interviews: files of many programs to transcripts with turns, speakers, roles and times.

The text of a transcript is frozen when it is read. Text files stay as they are, with labels and time
stamps outside the turns' spans; packaged formats are rendered as ``Speaker: words``.
"""

from subtheme.transcripts.casting import Casting, RoleGuess, cast, guess_roles
from subtheme.transcripts.draft import ColumnMap
from subtheme.transcripts.guidance import Guidance
from subtheme.transcripts.preview import SpeakerPreview, TranscriptPreview, preview
from subtheme.transcripts.reader import (
    SUFFIXES,
    LeftOut,
    TranscriptFiles,
    read_transcripts,
    transcript_files,
    transcript_of_text,
)
from subtheme.transcripts.roles import (
    RolesByTranscript,
    read_roles,
    roles_for,
    unmatched_speakers,
    with_roles,
)

__all__ = [
    "SUFFIXES",
    "Casting",
    "ColumnMap",
    "Guidance",
    "LeftOut",
    "RoleGuess",
    "RolesByTranscript",
    "SpeakerPreview",
    "TranscriptFiles",
    "TranscriptPreview",
    "cast",
    "guess_roles",
    "preview",
    "read_roles",
    "read_transcripts",
    "roles_for",
    "transcript_files",
    "transcript_of_text",
    "unmatched_speakers",
    "with_roles",
]
